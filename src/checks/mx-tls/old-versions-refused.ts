import { defineCheck, fail, pass } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { oldVersionsTaken, takenLines, unanswered } from '../tls-offers.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'mx-tls/old-versions-refused',
  title: 'The MX host refuses SSLv3, TLS 1.0 and TLS 1.1 (SSLv2 cannot be offered from here)',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 8996 §4', 'RFC 8996 §5', 'RFC 7568', 'RFC 6176'],
  needs: ['mxSessions', 'tlsScan'],
  requires: 'tlsScan',
  defersTo: ['mx-tls/version-current'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { tlsScan }) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const { endpoint: { host }, session } = held
    const versions = oldVersionsTaken(tlsScan)
    if (versions.length > 0) return fail('failed', { host, versions }, ...takenLines(tlsScan).map(line => eventSeen(session, line)))
    return unanswered(tlsScan, 'tls-1.1') ?? pass
  },
  messages: {
    failed: '{host} still accepts {versions}',
  },
  explain: `Senders use the newest version that both have, so this costs nothing while nobody interferes. Somebody on the way
    can make them fall back to the oldest, which can be broken.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Allow only TLS 1.2 and 1.3 in the mail server on ${host} (Postfix: smtpd_tls_protocols = >=TLSv1.2).`,
  }),
})
