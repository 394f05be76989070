import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { recordOf } from '../dmarc-record.ts'
import { alignedBy, firstFailure } from '../dmarc-alignment.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dmarc/alignment-achievable',
  title: 'The mail of every declared sender can pass DMARC',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 9989 §4.4', 'RFC 9989 §4.10.2'],
  needs: ['dmarc', 'senderIdentities'],
  judge({ name: domain }, { dmarc, senderIdentities: { senders, names } }) {
    if (senders.length === 0) return skip('no senders are declared')
    const found = recordOf(dmarc)
    if ('verdict' in found) return found
    const judged = senders.map(sender => ({ sender, ...alignedBy(dmarc, found.record, sender, names) }))
    const failing = judged.filter(({ walk, list }) => walk === false || !list)
    const [first] = failing.toSorted((a, b) => Number(a.walk !== false) - Number(b.walk !== false))
    if (first) {
      const { sender: { address, mailFrom, dkim }, walk, list } = first
      const args = { sender: address, mailfrom: mailFrom ?? 'none', d: dkim ?? 'none', domain, count: failing.length }
      const code = walk === list ? 'failed' : walk === false ? 'failed-now' : 'failed-before'
      return fail(code, args, recordSeen(found.published))
    }
    const open = judged.some(({ walk }) => walk === null) ? firstFailure(names) : undefined
    return open ? unknownBecause(open) : passed(recordSeen(found.published))
  },
  messages: {
    failed: '{sender}: MAIL FROM {mailfrom} and d={d} do not align with {domain}',
    'failed-now': '{sender}: by RFC 9989 MAIL FROM {mailfrom} and d={d} do not align with {domain} (by RFC 7489 they do)',
    'failed-before': '{sender}: by RFC 7489 MAIL FROM {mailfrom} and d={d} do not align with {domain} (by RFC 9989 they do)',
  },
  explain: `SPF and DKIM may pass and still prove nothing to DMARC: they have to pass for your domain, not for the name of the service that
    sends. Mail of such a sender is treated like a forgery.`,
  remedy: ({ name: domain }, _facts, { sender }) => ({
    text: `Configure at the service behind ${String(sender)} a MAIL FROM domain (bounce domain) below ${domain}, or better a DKIM signature with d=${domain}.`,
  }),
})
