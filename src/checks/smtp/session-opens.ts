import { defineCheck, fail, pass } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { heardOffer, inWords, openingOf, setAside } from '../opening.ts'
import { ifReceiving } from '../receiving.ts'

export default defineCheck({
  id: 'smtp/session-opens',
  title: 'The server greets with 220 and answers EHLO with 250',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 5321 §3.1', 'RFC 5321 §3.2', 'RFC 5321 §4.5.1'],
  needs: ['mxSessions'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { mxSessions: { receiving } }) {
    const { endpoint: { host, address }, session } = held
    const refusal = (command: string, line: string, reply: readonly string[]) =>
      ifReceiving(receiving, fail('failed', { host, address, command, reply: line }, ...linesSeen(session, reply)))
    const opened = openingOf(held)
    if (opened.state === 'refused') return refusal(inWords(opened.command), opened.line, [...opened.reply, ...session.helo ?? []])
    if (opened.state !== 'open') return setAside(opened, held)
    // senders that have gone over to TLS do not come back: what EHLO gets there counts as well
    const inside = session.ehloOverTls ? heardOffer(session, session.ehloOverTls) : null
    return inside?.state === 'refused' ? refusal('EHLO over TLS', inside.line, inside.reply) : pass
  },
  messages: {
    failed: '{host} [{address}] answers {command} with "{reply}"',
  },
  explain: `The server takes the connection and then turns senders away before they can name a recipient. Where only EHLO
    is refused, mail still passes the old way with HELO, but without encryption and without any extension.`,
  remedy: ({ endpoint: { host, address } }) => ({
    text: `Let ${host} [${address}] admit senders from outside: it has to greet with 220 and answer EHLO with 250. `
      + 'If the server is set up so, look for a firewall on the way that rewrites SMTP ("SMTP inspection", "fixup") and switch that off.',
  }),
})
