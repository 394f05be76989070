import { defineCheck, fail, pass } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { inWords, openingOf, setAside } from '../opening.ts'
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
    const opened = openingOf(held)
    if (opened.state === 'open') return pass
    if (opened.state !== 'refused') return setAside(opened, held)
    const { endpoint: { host, address }, session } = held
    const evidence = linesSeen(session, [...opened.reply, ...session.helo ?? []])
    return ifReceiving(receiving, fail('failed', { host, address, command: inWords(opened.command), reply: opened.line }, ...evidence))
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
