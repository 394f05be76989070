import { defineCheck, fail, pass } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { isCurrent } from '../tls-version.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'mx-tls/version-current',
  title: 'The MX host negotiates TLS 1.2 or 1.3',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9325 §3.1.1'],
  needs: ['mxSessions'],
  defersTo: ['mta-sts/mx-verifiable'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const { version, cipher } = tls
    const { endpoint: { host }, session } = held
    return isCurrent(version) ? pass : fail('failed', { host, version }, eventSeen(session, `${version} ${cipher}`))
  },
  messages: {
    failed: '{host} negotiates only {version}',
  },
  explain: `TLS 1.0 and 1.1 rest on broken building blocks, and more and more senders no longer speak them: their mail comes
    in clear, or not at all.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Update the TLS library of the mail server on ${host}, or allow TLS 1.2 and 1.3 in its configuration.`,
  }),
})
