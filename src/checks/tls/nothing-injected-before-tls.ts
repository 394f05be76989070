import { defineCheck, fail, pass, skip } from '../define.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { injectedWords } from '../injected.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/nothing-injected-before-tls',
  title: 'Between its consent to STARTTLS or STLS and the handshake the server sends nothing',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 3207 §4.2', 'RFC 9051 §6.2.1', 'RFC 2595 §4'],
  needs: ['serviceSessions'],
  defersTo: ['tls/handshake-completes'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(held) {
    if (held.endpoint.tls === 'implicit') return skip('TLS begins with the first octet')
    const injected = injectedWords(held.session, 'the consent to TLS')
    if (injected) return fail('failed', { endpoint: held.name, ...injected.args }, injected.evidence)
    const tls = tlsOf(held)
    return 'verdict' in tls ? tls : pass
  },
  messages: {
    failed: '{endpoint} sends {bytes} octets in clear after its reply: "{text}"',
  },
  explain: `Whoever is on the way can put words into a session before it is encrypted. A mail program that takes them for
    the answer of the encrypted server shows people mail that is not theirs, or sends their password where it should not.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Repair or update the service behind ${host}:${port}, or the proxy in front of it; if neither sends these octets, look for somebody in the middle.`,
  }),
})
