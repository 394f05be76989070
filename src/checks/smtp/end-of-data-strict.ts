import type { EndTrial } from '../../probes/end-of-data.ts'
import { parseSmtpReply, smtpRefusal } from '../../syntax/smtp.ts'
import { defineCheck, fail, pass, skip, unknown, unknownBecause } from '../define.ts'
import { notShown } from '../envelope.ts'
import { linesSeen } from '../evidence.ts'
import { quote } from '../opening.ts'

export default defineCheck({
  id: 'smtp/end-of-data-strict',
  title: 'Only CRLF.CRLF ends a message: no second one can be smuggled in it',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 5321 §2.3.8', 'RFC 5321 §4.1.1.4'],
  needs: ['mxSessions', 'endOfData'],
  requires: 'own',
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { endOfData }) {
    const { mailbox, triedAt, trials, failure } = endOfData
    if (mailbox === null) return skip('it takes a test message to a mailbox of yours: name an account of this domain under "accounts" in the configuration')
    if (triedAt !== null) return skip(`it was tried at ${triedAt}`)
    const ended = trials.find(endedEarly)
    if (ended) {
      const { sequence, taken = [], next = [] } = ended
      return fail('failed', { host: held.endpoint.host, sequence }, ...linesSeen(held, [`DATA … ${sequence} XMAILCHECK CRLF.CRLF`, ...taken, 'NOOP', ...next]))
    }
    const last = trials.at(-1)
    if (!last) return notShown({ ...held, session: held.session }, { ...endOfData, envelopes: [] })
    if (last.refused) {
      const { command, reply } = last.refused
      const line = quote(endOfData, reply)
      const reason = smtpRefusal(reply, { command, server: held.endpoint.address })
      return reason ? unknown(reason, `the server answers ${command} with "${line}"`) : skip(`the server takes no message for ${mailbox}: it answers ${command} with "${line}"`)
    }
    if (last.taken && (parseSmtpReply(last.taken).code ?? 0) >= 500) return pass // what has bare line ends is refused
    if (failure) return unknownBecause(failure)
    return trials.every(({ next }) => next !== undefined) ? pass : notShown(held, { ...endOfData, envelopes: [] })
  },
  messages: {
    failed: '{host} ends data at {sequence}: messages can be smuggled',
  },
  explain: `A sender can hide a second message in the first: the servers on the way see one, yours sees two, and the second was
    checked by nobody. It seems to come from whomever its writer likes, with the good name of the server that passed it on.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Update the server on ${host}, and let it refuse or mend bare line ends (Postfix 3.9, or smtpd_forbid_bare_newline = yes; Exim 4.97.1; Sendmail 8.18).`,
  }),
})

/** The word in the message was taken for a command: it has the answer that was NOOP’s. */
function endedEarly({ taken, next }: EndTrial): boolean {
  return taken !== undefined && next !== undefined && [500, 501, 502, 503, 504].includes(parseSmtpReply(next).code ?? 0) && (parseSmtpReply(taken).code ?? 0) < 500
}
