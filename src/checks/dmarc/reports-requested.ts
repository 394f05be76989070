import { defineCheck, fail, passed, skip } from '../define.ts'
import { byWalk, policyOf, republish, tagSeen } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dmarc/reports-requested',
  title: 'Somebody gets the DMARC reports',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9989 §4.7', 'RFC 9989 §5.1.3'],
  needs: ['dmarc', 'contexts'],
  judge({ name: domain }, { dmarc, contexts: { parked } }) {
    const found = policyOf(dmarc)
    if ('verdict' in found) return found
    if (found.record.rua.length > 0) return passed(tagSeen(found, 'rua'))
    if (parked.value === 'yes') return skip('the domain neither receives nor sends mail')
    return fail('failed', { domain }, recordSeen(found.published))
  },
  messages: {
    failed: 'Nobody is told who sends as {domain}',
  },
  explain: `The reports of receivers show which of your own senders fail, before a stricter policy hurts them, and who forges your
    name. Without rua nobody sends any.`,
  remedy({ name: domain }, { dmarc }) {
    const found = byWalk(dmarc)
    const rua = `mailto:dmarc@${found.found === 'one' ? found.lookup.domain : domain}`
    return { text: `Add rua=${rua}, or the address of a service that reads such reports.`, ...found.found === 'one' ? { records: republish(found, { rua }) } : {} }
  },
})
