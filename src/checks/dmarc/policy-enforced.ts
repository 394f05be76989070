import { parseDmarc } from '../../syntax/dmarc.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { byWalk, legacyWords, policyOf, tagSeen } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'dmarc/policy-enforced',
  title: 'The DMARC policy keeps forgeries out: quarantine or reject',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9989 §4.7', 'RFC 9989 §5.1.7'],
  needs: ['dmarc', 'contexts'],
  uses: ['mx'],
  defersTo: ['dmarc/policy-values-valid', 'dmarc/p-present'],
  judge({ name: domain }, { dmarc, mx, contexts: { parked } }) {
    const found = policyOf(dmarc, mx)
    if ('verdict' in found) return found
    if (parked.value === 'yes') return skip('the domain neither receives nor sends mail')
    const { published, record, inherited, lookup, applied: { policy, tag } } = found
    if (policy !== 'none') return passed(recordSeen(published))
    const evidence = tagSeen(found, tag)
    if (tag === null) return record.tags.some(({ name }) => name === 'p') ? skip('receivers do not know the policy that it states') : fail('implied', { domain }, evidence)
    if (!inherited) return fail('failed', { domain }, evidence)
    const legacy = legacyWords(dmarc)
    return legacy === 'none' ? fail('inherited', { domain, tag, name: lookup.name }, evidence)
      : fail('inherited-now', { domain, tag, name: lookup.name, legacy }, evidence)
  },
  messages: {
    failed: '{domain} has p=none: forgeries are delivered',
    inherited: '{domain} takes {tag}=none from {name}: forgeries are delivered',
    'inherited-now': '{domain} takes {tag}=none from {name} by RFC 9989: forgeries are delivered (RFC 7489 gives {legacy})',
    implied: '{domain} states no policy, which counts as p=none: forgeries are delivered',
  },
  explain: `p=none is where one begins: it asks for reports and lets everything pass. As long as it stays, a forged message in
    your name is delivered like your own, so go on when the reports show that your mail passes.`,
  remedy({ name: domain }, { dmarc }) {
    const discovery = byWalk(dmarc)
    const next = discovery.found === 'one' ? enforced(joinedText(discovery.published), discovery.inherited) : null
    return {
      text: `When the reports are clean: p=quarantine, and later p=reject if nobody here posts to mailing lists.`,
      ...next === null ? {} : { records: { set: [txtLine(`_dmarc.${domain}`, next)] } },
    }
  },
})

/** The same record with p=quarantine; for a domain that inherits, a record of its own that reports to the same. */
function enforced(text: string, inherited: boolean): string {
  if (inherited) {
    const reports = parseDmarc(text).tags.filter(({ name, value }) => (name === 'rua' || name === 'ruf') && value !== '')
    return ['v=DMARC1', 'p=quarantine', ...reports.map(({ name, value }) => `${name}=${value}`)].join('; ')
  }
  const stated = text.replace(/(;\s*p\s*=\s*)[^;\s]*/i, '$1quarantine')
  return stated === text ? text.replace(/^([^;]*);?/, '$1; p=quarantine;').replace(/;\s*$/, '') : stated
}
