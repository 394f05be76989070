import { imapCapabilities } from '../../syntax/imap.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices, unresolvedServices } from '../found-services.ts'
import { openingOf } from '../opening.ts'
import { judgeReachable, reachableRemedy, unreachableMessages } from '../reachable-service.ts'

const here = ['imaps', 'imap'] as const

export default defineCheck({
  id: 'imap/reachable',
  title: 'The IMAP service that is declared can be reached, and speaks IMAP4',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 9051 §6.1.1', 'RFC 9051 §7.1'],
  needs: ['serviceSessions'],
  defersTo: ['access/retrieval-works', 'tls/handshake-completes', 'client-config/srv-targets-valid', 'client-config/endpoint-modes-true'],
  over: ({ serviceSessions }) => [...foundServices(serviceSessions, here), ...unresolvedServices(serviceSessions, here)],
  nothing: 'no IMAP service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, here),
  judge(subject) {
    const unreachable = judgeReachable(subject)
    if (unreachable || !('session' in subject)) return unreachable ?? pass
    const opened = openingOf(subject)
    if (opened.state === 'undecided') return opened.because
    const endpoint = subject.name
    const guess = subject.endpoint.source === 'guess'
    if (opened.state === 'refused') {
      if (guess) return skip('nobody declares this service here: the host is only a customary name')
      return fail('capability', { endpoint, reply: opened.line }, ...linesSeen(subject, opened.reply))
    }
    if (opened.state !== 'open') return pass
    const capabilities = imapCapabilities(opened.offer)
    if (capabilities.has('IMAP4REV1') || capabilities.has('IMAP4REV2')) return pass
    if (guess) return skip('nobody declares this service here: the host is only a customary name')
    return fail('old-version', { endpoint }, ...linesSeen(subject, opened.offer))
  },
  messages: {
    ...unreachableMessages,
    capability: '{endpoint}: answers CAPABILITY with "{reply}"',
    'old-version': '{endpoint}: lists neither IMAP4rev1 nor IMAP4rev2',
  },
  explain: `Mail programs and telephones that are set up for IMAP show no new mail, and nothing old either, while this does
    not answer.`,
  remedy: (subject, _facts, _args, _scope, code) => (code === 'capability' || code === 'old-version'
    ? { text: `Look which program answers at ${subject.name}: mail programs expect IMAP4rev1 or IMAP4rev2.` }
    : reachableRemedy(subject, 'IMAP', code)),
})
