import { parseDkim } from '../../syntax/dkim.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed, skip, unknown, unknownBecause } from '../define.ts'
import { firstFailure, mechanismsAligned } from '../dmarc-alignment.ts'
import { policyOf, tagSeen } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dmarc/reject-backed-by-dkim',
  title: 'Under p=reject the mail is signed, and does not pass by SPF alone',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 9989 §7.4'],
  needs: ['dmarc', 'senderIdentities', 'contexts'],
  uses: ['dkim', 'mx'],
  defersTo: ['dmarc/alignment-achievable'],
  judge({ name: domain }, { dmarc, mx, dkim, contexts: { sending }, senderIdentities: { senders, names } }, scope) {
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
