import { defineCheck, fail, pass } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { isCurrent } from '../tls-version.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/version-current',
  title: 'TLS 1.2 or 1.3 is negotiated',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 9325 §3.1.1', 'RFC 8997'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(held) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const { version, cipher } = tls
    return isCurrent(version) ? pass : fail('failed', { endpoint: held.name, version }, eventSeen(held, `${version} ${cipher}`))
  },
  messages: {
    failed: '{endpoint} negotiates only {version}',
  },
  explain: `TLS 1.0 and 1.1 rest on broken building blocks, and current mail programs and phones refuse them: people whose
    program was updated can no longer read or send.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Update the TLS library of the service behind ${host}:${port}, or allow TLS 1.2 and 1.3 in its configuration.`,
  }),
})
