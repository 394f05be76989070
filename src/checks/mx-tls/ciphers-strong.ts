import { defineCheck, fail, pass } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { suitesTaken, takenLines, unanswered } from '../tls-offers.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'mx-tls/ciphers-strong',
  title: 'The MX host accepts no NULL, EXPORT or RC4 cipher',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9325 §4.1', 'RFC 7672 §8.2'],
  needs: ['mxSessions', 'tlsScan'],
  requires: 'tlsScan',
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { tlsScan }) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const { endpoint: { host }, session } = held
    // Without a certificate that anybody checks, an anonymous cipher is as good as any other.
    const ciphers = suitesTaken(tlsScan, traits => traits.plain || traits.export || traits.rc4)
    if (ciphers.length > 0) return fail('failed', { host, ciphers }, ...takenLines(tlsScan).map(line => eventSeen(session, line)))
    return unanswered(tlsScan, 'weak-ciphers') ?? pass
  },
  messages: {
    failed: '{host} accepts {ciphers}',
  },
  explain: `What they encrypt can be read by anybody who records it, or is not encrypted at all. A sender that has nothing
    better, or is made to think so, uses them.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Remove NULL, EXPORT and RC4 ciphers from the configuration of the mail server on ${host} (Postfix: smtpd_tls_exclude_ciphers = RC4, eNULL, EXPORT).`,
  }),
})
