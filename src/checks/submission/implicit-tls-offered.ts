import { defineCheck } from '../define.ts'
import { hiddenServices } from '../found-services.ts'
import { implicitEndpoints, judgeImplicit } from '../implicit-tls.ts'

const twins = { implicit: 'submissions', upgraded: 'submission' } as const

export default defineCheck({
  id: 'submission/implicit-tls-offered',
  title: 'Submission is offered with TLS from the start (port 465)',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 8314 §3.3', 'RFC 8314 §7.3'],
  needs: ['serviceSessions'],
  defersTo: ['submission/reachable', 'tls/handshake-completes'],
  over: ({ serviceSessions }) => implicitEndpoints(serviceSessions, twins),
  nothing: 'no submission service is known that could offer it',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, [twins.implicit, twins.upgraded]),
  judge: (held, { serviceSessions }) => judgeImplicit(held, serviceSessions, twins),
  messages: {
    failed: '{host} offers no submission on 465',
  },
  explain: `Port 587 begins in clear text, and somebody on the way can keep it so. Mail programs that are set up for 465 cannot be
    talked out of TLS; many suggest it first, and find nothing here.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Enable the service "submissions" on ${host} and open TCP port ${port} (Postfix: the smtps or submissions entry of master.cf).`,
  }),
})
