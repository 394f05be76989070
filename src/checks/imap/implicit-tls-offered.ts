import { defineCheck } from '../define.ts'
import { hiddenServices } from '../found-services.ts'
import { implicitEndpoints, judgeImplicit } from '../implicit-tls.ts'

const twins = { implicit: 'imaps', upgraded: 'imap' } as const

export default defineCheck({
  id: 'imap/implicit-tls-offered',
  title: 'IMAP is offered with TLS from the start (port 993)',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 9051 §11.2', 'RFC 8314 §3.2'],
  needs: ['serviceSessions'],
  defersTo: ['imap/reachable', 'tls/handshake-completes'],
  over: ({ serviceSessions }) => implicitEndpoints(serviceSessions, twins),
  nothing: 'no IMAP service is known that could offer it',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, [twins.implicit, twins.upgraded]),
  judge: (held, { serviceSessions }) => judgeImplicit(held, serviceSessions, twins),
  messages: {
    failed: '{host} has IMAP but not on 993',
  },
  explain: `Port 993 is what mail programs try first, and many offer nothing else. Those that do begin in clear text on port 143,
    where somebody on the way can prevent TLS and read the password.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Enable imaps on ${host} and open TCP port ${port}.`,
  }),
})
