import { defineCheck, fail, pass } from '../define.ts'
import { injectedWords } from '../injected.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'mx-tls/nothing-injected-before-tls',
  title: 'Between its consent to STARTTLS and the handshake the MX host sends nothing',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 3207 §4.2', 'RFC 3207 §5'],
  needs: ['mxSessions'],
  defersTo: ['mx-tls/starttls-works'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held) {
    const { endpoint: { host, address }, session } = held
    const injected = injectedWords(session, 'the reply to STARTTLS')
    if (injected) return fail('failed', { host, address, ...injected.args }, injected.evidence)
    const tls = tlsOf(held)
    return 'verdict' in tls ? tls : pass
  },
  messages: {
    failed: '{host} [{address}] sends {bytes} octets in clear after its 220: "{text}"',
  },
  explain: `Whoever is on the way can put words into a session before it is encrypted. A mail program that takes them for
    the answer of the encrypted server can be told anything: other capabilities, another mailbox, somebody else’s mail.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Repair or update the mail server on ${host}, or the proxy or filter in front of it; if neither sends these octets, look for somebody in the middle.`,
  }),
})
