import { judgeBoth } from '../both-certificates.ts'
import { defineCheck } from '../define.ts'
import { policyIn } from '../mta-sts-policy.ts'
import { ifReceiving } from '../receiving.ts'
import { verifiability, verifiableMessages, verifiableRemedy } from '../verifiable.ts'

export default defineCheck({
  id: 'mta-sts/mx-verifiable',
  title: 'Every MX address passes what the enforced MTA-STS policy demands',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 8461 §4.2', 'RFC 8461 §7.1', 'RFC 8461 §7.2'],
  needs: ['mxSessions', 'mtaSts', 'clock'],
  defersTo: ['mta-sts/mx-covered'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { mxSessions: { receiving }, mtaSts, clock: { now } }) {
    const policy = policyIn('enforce', mtaSts, now)
    return 'verdict' in policy ? policy : ifReceiving(receiving, judgeBoth(held, one => verifiability(one, now)))
  },
  messages: verifiableMessages,
  explain: `Your policy has mode: enforce. Senders that honour it refuse to deliver to this address until it offers TLS with a
    certificate that names the host; their mail waits, and then bounces.`,
  remedy: ({ endpoint: { host } }, _facts, _args, _scope, code) => ({
    text: `${verifiableRemedy(code, host)} If that takes long, set mode: testing and change the id of the record until it is done.`,
  }),
})
