import type { DmarcDiscovered } from '../../evaluate/dmarc-policy.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { byWalk, legacyWords, noPolicySeen, policyOf } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { undecidedContext } from '../receiving.ts'

export default defineCheck({
  id: 'dmarc/parked-rejects',
  title: 'A domain without mail has all mail in its name rejected',
  severity: 'error',
  question: 'protect',
  rfc: ['M3AAWG Protecting Parked Domains', 'RFC 9989 §4.7'],
  needs: ['dmarc', 'contexts'],
  defersTo: ['domain/exists', 'dmarc/record-recognised', 'dmarc/record-single', 'dmarc/policy-values-valid'],
  judge({ name: domain }, { dmarc, contexts: { parked } }) {
    if (parked.value === 'no') return skip(`the domain has mail (${parked.because})`)
    const discovery = byWalk(dmarc)
    if (discovery.found === 'unknown') return unknownBecause(discovery.problem)
    const found = policyOf(dmarc)
    const weak = 'verdict' in found ? ['no DMARC policy'] : weakerThanReject(found)
    if (weak.length === 0) return 'verdict' in found ? found : passed(recordSeen(found.published))
    if (parked.value === 'unknown') return undecidedContext('sends', parked)
    const evidence = discovery.found === 'one' ? [recordSeen(discovery.published)] : dmarc.asked.flatMap(noPolicySeen)
    const legacy = legacyWords(dmarc)
    const agreed = 'verdict' in found ? 'no policy' : found.applied.policy
    return legacy === agreed ? fail('failed', { domain, found: weak }, ...evidence) : fail('failed-now', { domain, found: weak, legacy }, ...evidence)
  },
  messages: {
    failed: 'Parked {domain} has {found}',
    'failed-now': 'Parked {domain} has {found} by RFC 9989 (RFC 7489 gives {legacy})',
  },
  explain: `Names without mail of their own are what forgers like best: nobody misses anything, and nobody looks. No mail can be
    lost here, so p=reject, without exceptions for the names below, costs nothing.`,
  remedy: ({ name: domain }) => ({
    text: 'Have everything rejected.',
    records: { set: [txtLine(`_dmarc.${domain}`, 'v=DMARC1; p=reject')] },
  }),
})

/** The tags that let something through, for the domain or for names below it. */
function weakerThanReject({ record, inherited }: DmarcDiscovered): string[] {
  if (record.counts === 'none' || record.p === null) return ['a record that counts as p=none']
  const { p, sp, np } = record
  // What an inherited record says of the organizational domain itself is nothing to us.
  const stated = { ...inherited && sp !== null ? {} : { p }, sp, np }
  return Object.entries(stated).flatMap(([tag, policy]) => policy === null || policy === 'reject' ? [] : [`${tag}=${policy}`])
}
