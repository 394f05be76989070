import { parseDkim } from '../../syntax/dkim.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed, skip, unknown, unknownBecause } from '../define.ts'
import { firstFailure, mechanismsAligned } from '../dmarc-alignment.ts'
import { policyOf, tagSeen } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'
import { reportSeen } from '../reported.ts'

/** Of all mail that receivers report: below it a source may be bounces, or one message gone astray. */
const share = 0.05

export default defineCheck({
  id: 'dmarc/reject-backed-by-dkim',
  title: 'Under p=reject the mail is signed, and does not pass by SPF alone',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 9989 §7.4'],
  needs: ['dmarc', 'senderIdentities', 'contexts', 'reports'],
  uses: ['dkim', 'mx'],
  defersTo: ['dmarc/alignment-achievable'],
  judge({ name: domain }, { dmarc, mx, dkim, contexts: { sending }, senderIdentities: { senders, names }, reports }, scope) {
    const found = policyOf(dmarc, mx)
    if ('verdict' in found) return found
    if (found.applied.policy !== 'reject') return skip(`the policy is ${found.applied.policy}`)
    if (sending.value === 'no') return skip(`the domain sends no mail (${sending.because})`)
    // Who names neither MAIL FROM nor a signature says nothing about how the mail is authenticated.
    const telling = senders.filter(({ address }) => scope.senders.some(sender => sender.address === address && (sender.mailFrom ?? sender.dkim) !== undefined))
    const judged = telling.map(sender => ({ ...sender, ...mechanismsAligned(dmarc, found.record, sender, names) }))
    const unsigned = judged.filter(({ spf, signature }) => spf === true && signature === false)
    const [first] = unsigned
    if (first) return fail('failed', { source: first.address, domain, count: unsigned.length }, tagSeen(found, found.applied.tag))
    const open = judged.some(({ signature }) => signature === null) ? firstFailure(names) : undefined
    if (open) return unknownBecause(open)
    if (judged.some(({ signature }) => signature === false)) return skip('what a declared sender sends is not aligned at all')
    if (judged.length > 0) return passed(recordSeen(found.published))
    if (reports && reports.messages.pass > 0) {
      const bare = reports.sources.filter(({ spf, dkim: signed, total }) => spf > 0 && signed === 0 && total > share * reports.messages.total)
      const [source] = bare
      const seen = bare.slice(0, 5).map(({ address, spf, last }) => reportSeen('aggregate reports', `${address}: ${spf} messages pass by SPF, none by DKIM, until ${last}`))
      if (source) return fail('failed', { source: source.address, domain, count: bare.length }, tagSeen(found, found.applied.tag), ...seen)
      return passed(reportSeen('aggregate reports', `${reports.messages.dkim} of ${reports.messages.total} messages pass by DKIM`))
    }
    if ('problem' in dkim) return unknownBecause(dkim.problem)
    const keys = dkim.value.selectors.flatMap(({ exists, answer }) => exists && 'value' in answer ? answer.value.records : [])
      .filter(record => parseDkim(joinedText(record)).tags.some(({ name, value }) => name === 'p' && value !== ''))
    return keys.length > 0 ? passed(...keys.map(recordSeen))
      : unknown('selector-unknown', 'no signature was shown and no DKIM key found; declare the selectors (--selector) or the senders')
  },
  messages: {
    failed: '{source} passes by SPF only; forwarded mail of {domain} is rejected',
  },
  explain: `Whoever has mail forwarded receives it from a server that your SPF record does not name. A signature survives that; without
    one the message fails, and p=reject has it returned.`,
  remedy: ({ name: domain }, _facts, { source }) => ({ text: `Have the mail of ${String(source)} signed with d=${domain}, and declare it (dkim: ${domain}).` }),
})
