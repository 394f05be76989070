import { legacyPolicy, type Discovery } from '../../evaluate/dmarc-policy.ts'
import type { DmarcFacts } from '../../probes/dmarc.ts'
import { defineCheck, fail, passed, skip, unknownBecause, type Evidence } from '../define.ts'
import { byList, byWalk, noPolicySeen, organizationByWalk, policyOf } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dmarc/legacy-agrees',
  title: 'Receivers of the old and of the new DMARC standard decide alike',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 9989 §4.10', 'RFC 7489 §3.2'],
  needs: ['dmarc'],
  uses: ['mx'],
  defersTo: ['dmarc/record-single', 'dmarc/policy-values-valid', 'dmarc/p-present', 'dmarc/not-marked-public-suffix'],
  judge({ name: domain }, { dmarc, mx }) {
    const [walk, list] = [byWalk(dmarc), byList(dmarc)]
    if (walk.found === 'unknown') return unknownBecause(walk.problem)
    if (list.found === 'unknown') return unknownBecause(list.problem)
    if (walk.found === 'none' && list.found === 'none') return skip('no DMARC policy is published')
    const applied = policyOf(dmarc, mx)
    const newer = 'verdict' in applied ? 'no policy' : applied.applied.policy
    const older = (list.found === 'one' ? legacyPolicy(list.record, list.inherited)?.policy : undefined) ?? 'no policy'
    const evidence = seen(dmarc, walk, list)
    if (newer !== older) return fail('failed', { domain, new: newer, old: older }, ...evidence)
    if (walk.found === 'one' && walk.record.adkim === 's' && walk.record.aspf === 's') return passed(...evidence) // what is aligned depends on no organization
    const organization = organizationByWalk(dmarc)
    if ('problem' in organization) return unknownBecause(organization.problem)
    return organization.value === dmarc.organizationalDomain ? passed(...evidence)
      : fail('organization', { domain, new: organization.value, old: dmarc.organizationalDomain }, ...evidence)
  },
  messages: {
    failed: 'policy for {domain}: RFC 9989 {new}, RFC 7489 {old}',
    organization: 'organizational domain of {domain}: RFC 9989 {new}, RFC 7489 {old}',
  },
  explain: `Receivers change over from one standard to the other at their own pace. Where the two disagree, the same message is treated
    in two ways, and a subdomain's signature counts for the domain at some receivers and not at others.`,
  remedy({ name: domain }, { dmarc }) {
    const organization = organizationByWalk(dmarc)
    const newer = 'value' in organization ? organization.value : domain
    const older = dmarc.organizationalDomain
    if (older.endsWith(`.${newer}`)) return { text: `Add psd=n to the record at _dmarc.${older}, so that what stands above it means nothing for your names.` }
    return { text: newer === older ? `Publish a record at _dmarc.${domain} itself.` : `Publish a record at _dmarc.${older}, too, or accept it if ${newer} is meant to be apart (psd=n).` }
  },
})

/** What each of them goes by. */
function seen({ asked, organizationalDomain }: DmarcFacts, walk: Discovery, list: Discovery): Evidence[] {
  const published = [walk, list].flatMap(one => one.found === 'one' ? [one.published] : one.found === 'several' ? one.published : [])
  const missing = asked.filter(({ domain }) => list.found === 'none' && domain === organizationalDomain).flatMap(noPolicySeen)
  return [...[...new Set(published)].map(recordSeen), ...missing]
}
