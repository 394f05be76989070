import { defineCheck } from '../define.ts'
import { hiddenServices } from '../found-services.ts'
import { implicitEndpoints, judgeImplicit } from '../implicit-tls.ts'

const twins = { implicit: 'pop3s', upgraded: 'pop3' } as const

export default defineCheck({
  id: 'pop3/implicit-tls-offered',
  title: 'POP3 is offered with TLS from the start (port 995)',
  severity: 'warning',
  question: 'access',
  rfc: ['RFC 8314 §3.1'],
  needs: ['serviceSessions'],
  defersTo: ['pop3/reachable', 'tls/handshake-completes'],
  over: ({ serviceSessions }) => implicitEndpoints(serviceSessions, twins),
  nothing: 'no POP3 service is known that could offer it',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, [twins.implicit, twins.upgraded]),
  judge: (held, { serviceSessions }) => judgeImplicit(held, serviceSessions, twins),
  messages: {
    failed: '{host} has POP3 but not on 995',
  },
  explain: `Mail programs try port 995 first. Those that fall back to port 110 begin in clear text, where somebody on the way can
    prevent TLS and read the password.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Enable pop3s on ${host} and open TCP port ${port}.`,
  }),
})
