import { matchesMx } from '../../syntax/mta-sts.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { policyIn, policyLines } from '../mta-sts-policy.ts'
import { ifReceiving } from '../receiving.ts'
import { verifiability, verifiableMessages, verifiableRemedy } from '../verifiable.ts'

export default defineCheck({
  id: 'mta-sts/ready-to-enforce',
  title: 'The MX hosts pass already what the MTA-STS policy in testing will demand',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 8461 §4', 'RFC 8461 §5'],
  needs: ['mx', 'mxSessions', 'mtaSts', 'clock'],
  defersTo: ['mx-tls/starttls-works', 'mx-tls/version-current'],
  // the patterns are a matter of each host, the rest of each of its addresses
  over: ({ mx, mxSessions }) => [...mx.hosts, ...mxSessions.sessions],
  nothing: 'the domain names no MX host',
  judge(subject, { mxSessions: { receiving }, mtaSts, clock: { now } }) {
    const policy = policyIn('testing', mtaSts, now)
    if ('verdict' in policy) return policy
    const host = 'session' in subject ? subject.endpoint.host : subject.name
    const covered = policy.mx.some(pattern => matchesMx(pattern, host))
    if ('session' in subject) return covered ? ifReceiving(receiving, verifiability(subject, now)) : skip('no pattern of the policy covers its host')
    const { record } = subject
    return covered ? pass : ifReceiving(receiving, fail('uncovered', { host, patterns: policy.mx }, ...policyLines(policy, 'mx'), ...record ? [recordSeen(record)] : []))
  },
  messages: {
    ...verifiableMessages,
    uncovered: '{host} matches none of the policy’s patterns: {patterns}',
  },
  explain: `As long as the policy has mode: testing, senders only report what goes wrong. On the day that it says enforce, those
    that honour it deliver no more to a host that fails here.`,
  remedy(subject, _facts, _args, _scope, code) {
    const host = 'session' in subject ? subject.endpoint.host : subject.name
    return { text: `${code === 'uncovered' ? `Add the line "mx: ${host}" to the policy, then change the id of the record.` : verifiableRemedy(code, host)} Do so before you set mode: enforce.` }
  },
})
