import { defineCheck, fail, pass } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { oldVersionsTaken, suitesTaken, takenLines, unanswered } from '../tls-offers.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/obsolete-refused',
  title: 'SSLv3, TLS 1.0, TLS 1.1 and NULL, EXPORT, RC4 and anonymous ciphers are refused (SSLv2 cannot be offered from here)',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 8996 §4', 'RFC 8996 §5', 'RFC 8997', 'RFC 9325 §4.1', 'RFC 7465'],
  needs: ['serviceSessions', 'tlsScan'],
  requires: 'tlsScan',
  defersTo: ['tls/version-current'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(held, { tlsScan }) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const ciphers = suitesTaken(tlsScan, traits => traits.plain || traits.export || traits.rc4 || traits.anonymous)
    const offers = [...oldVersionsTaken(tlsScan), ...ciphers]
    if (offers.length > 0) return fail('failed', { endpoint: held.name, offers }, ...takenLines(tlsScan).map(line => eventSeen(held, line)))
    return unanswered(tlsScan, 'tls-1.1', 'weak-ciphers') ?? pass
  },
  messages: {
    failed: '{endpoint} accepts {offers}',
  },
  explain: `Who stands between a mail program and this server may talk both into the oldest thing they have in common, and
    then read passwords and mail. What is not accepted cannot be talked into.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Allow only TLS 1.2 and 1.3 on ${host}:${port}, with the usual ciphers of its TLS library (no NULL, EXPORT, RC4 or anonymous ones).`,
  }),
})
