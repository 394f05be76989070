import { appliedPolicy, discoverByList } from '../../evaluate/dmarc-policy.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { octetSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'dmarc/policy-enforced',
  title: 'The DMARC policy keeps forgeries out: quarantine or reject',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9989 §4.7', 'RFC 9989 §5.1.7'],
  needs: ['dmarc', 'contexts'],
  defersTo: ['dmarc/policy-values-valid'],
  judge({ name: domain }, { dmarc: { asked }, contexts: { parked } }) {
    const discovery = discoverByList(domain, asked)
    if (discovery.found === 'unknown') return unknownBecause(discovery.problem)
    if (discovery.found !== 'one') return skip(discovery.found === 'none' ? 'no DMARC policy is published' : 'several DMARC records are published')
    if (parked.value === 'yes') return skip('the domain neither receives nor sends mail')
    const { published, record, inherited, lookup } = discovery
    const applied = appliedPolicy(record, inherited)
    if (!applied) return skip('receivers make nothing of the record')
    if (applied.policy !== 'none') return passed(recordSeen(published))
    const { tag } = applied
    const evidence = octetSeen(published, record.tags.find(({ name }) => name === tag)?.at ?? 0)
    if (tag === null) return record.tags.some(({ name }) => name === 'p') ? skip('receivers do not know the policy that it states') : fail('implied', { domain }, evidence)
    return inherited ? fail('inherited', { domain, tag, name: lookup.name }, evidence) : fail('failed', { domain }, evidence)
  },
  messages: {
    failed: '{domain} has p=none: forgeries are delivered',
    inherited: '{domain} takes {tag}=none from {name}: forgeries are delivered',
    implied: '{domain} states no policy, which counts as p=none: forgeries are delivered',
  },
  explain: `p=none is where one begins: it asks for reports and lets everything pass. As long as it stays, a forged message in
    your name is delivered like your own, so go on when the reports show that your mail passes.`,
  remedy({ name: domain }, { dmarc: { asked } }) {
    const discovery = discoverByList(domain, asked)
    const next = discovery.found === 'one' ? enforced(joinedText(discovery.published), discovery.inherited) : null
    return {
      text: `When the reports are clean: p=quarantine, and later p=reject if nobody here posts to mailing lists.`,
      ...next === null ? {} : { records: { set: [txtLine(`_dmarc.${domain}`, next)] } },
    }
  },
})

/** The same record with p=quarantine; for a domain that inherits, a record of its own. */
function enforced(text: string, inherited: boolean): string {
  if (inherited) return 'v=DMARC1; p=quarantine'
  const stated = text.replace(/(;\s*p\s*=\s*)[^;\s]*/i, '$1quarantine')
  return stated === text ? text.replace(/^([^;]*);?/, '$1; p=quarantine;').replace(/;\s*$/, '') : stated
}
