import { parseSmtpReply } from '../../syntax/smtp.ts'
import { defineCheck, fail, pass, skip, unknown } from '../define.ts'
import { evidenceOf, isTaken, notShown, speaksOfRecipient } from '../envelope.ts'
import { quote } from '../opening.ts'
import { smtpRefusal } from '../../syntax/smtp.ts'

export default defineCheck({
  id: 'smtp/null-sender-accepted',
  title: 'Bounces get in: MAIL FROM:<> is not refused',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 5321 §4.5.5', 'RFC 1123 §5.2.9'],
  needs: ['mxSessions', 'ownSmtp'],
  requires: 'own',
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { ownSmtp }) {
    const { host, address } = held.endpoint
    const bounces = ownSmtp.envelopes.filter(({ sender, purpose }) => sender === '' && purpose !== 'nobody' && purpose !== 'relay')
    if (bounces.some(isTaken)) return pass
    const refused = bounces.find(({ mail, rcpt }) => (parseSmtpReply(rcpt ?? mail).code ?? 0) >= 500)
    if (!refused) {
      const [first] = bounces
      const reply = first?.rcpt ?? first?.mail
      const reason = reply && smtpRefusal(reply, { command: first?.rcpt ? 'RCPT' : 'MAIL', server: address })
      return reply && reason ? unknown(reason, `the server answers MAIL FROM:<> with "${quote(ownSmtp, reply)}"`) : notShown(held, ownSmtp)
    }
    // the same recipient from somebody else tells whom the refusal is for
    const others = ownSmtp.envelopes.filter(({ sender, recipient }) => sender !== '' && recipient === refused.recipient)
    const reply = refused.rcpt ?? refused.mail
    const line = quote(ownSmtp, reply)
    const other = others.find(envelope => isTaken(envelope) || (!refused.rcpt && envelope.rcpt))
    if (other) return fail('failed', { host, reply: line }, ...evidenceOf(held, refused), ...evidenceOf(held, other))
    if (ownSmtp.failure && others.length === 0) return notShown(held, ownSmtp)
    const excuse = smtpRefusal(reply, { command: refused.rcpt ? 'RCPT' : 'MAIL', server: address })
    if (refused.rcpt) return excuse && !speaksOfRecipient(reply) ? unknown(excuse, `the server answers "${line}" to every sender`) : skip(`the server refuses ${refused.recipient} from every sender: "${line}"`)
    return excuse ? unknown(excuse, `the server answers MAIL FROM:<> with "${line}"`) : fail('failed', { host, reply: line }, ...evidenceOf(held, refused))
  },
  messages: {
    failed: '{host} refuses bounces: "{reply}"',
  },
  explain: `A message that cannot be delivered is returned with an empty sender, so that two servers cannot return it to each
    other for ever. A server that refuses those keeps its people from learning that their mail did not arrive, and some
    receivers take no mail from it either.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Accept the null reverse-path on ${host}: look for a rule that refuses the sender "<>" (Postfix: smtpd_sender_restrictions and its access tables), and take it out.`,
  }),
})
