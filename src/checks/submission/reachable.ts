import { defineCheck, pass } from '../define.ts'
import { foundServices, hiddenServices, unresolvedServices } from '../found-services.ts'
import { judgeReachable, reachableRemedy, unreachableMessages } from '../reachable-service.ts'

const here = ['submissions', 'submission'] as const

export default defineCheck({
  id: 'submission/reachable',
  title: 'The submission service that is declared can be reached',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 6409 §3.1', 'RFC 8314 §3.3'],
  needs: ['serviceSessions'],
  defersTo: ['tls/handshake-completes', 'client-config/srv-targets-valid', 'client-config/endpoint-modes-true'],
  over: ({ serviceSessions }) => [...foundServices(serviceSessions, here), ...unresolvedServices(serviceSessions, here)],
  nothing: 'no submission service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, here),
  judge: subject => judgeReachable(subject) ?? pass,
  messages: unreachableMessages,
  explain: `This is where mail programs hand over the mail that people write. While it does not answer, their messages stay
    in the outbox.`,
  remedy: (subject, _facts, _args, _scope, code) => reachableRemedy(subject, 'the submission service', code),
})
