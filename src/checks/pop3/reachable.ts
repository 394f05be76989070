import { defineCheck, pass } from '../define.ts'
import { foundServices, hiddenServices, unresolvedServices } from '../found-services.ts'
import { judgeReachable, reachableRemedy, unreachableMessages } from '../reachable-service.ts'

const here = ['pop3s', 'pop3'] as const

export default defineCheck({
  id: 'pop3/reachable',
  title: 'The POP3 service that is declared can be reached',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 1939 §4'],
  needs: ['serviceSessions'],
  defersTo: ['access/retrieval-works', 'tls/handshake-completes', 'client-config/srv-targets-valid', 'client-config/endpoint-modes-true'],
  over: ({ serviceSessions }) => [...foundServices(serviceSessions, here), ...unresolvedServices(serviceSessions, here)],
  nothing: 'no POP3 service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, here),
  judge: subject => judgeReachable(subject) ?? pass,
  messages: unreachableMessages,
  explain: `Mail programs that are set up for POP3 fetch nothing while this does not answer: people miss mail that has
    arrived long ago.`,
  remedy: (subject, _facts, _args, _scope, code) => reachableRemedy(subject, 'POP3', code),
})
