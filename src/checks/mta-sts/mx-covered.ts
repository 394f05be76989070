import { matchesMx } from '../../syntax/mta-sts.ts'
import { defineCheck, fail, pass } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { newRecord, policyIn, policyLines } from '../mta-sts-policy.ts'
import { contextOf, ifReceiving } from '../receiving.ts'

export default defineCheck({
  id: 'mta-sts/mx-covered',
  title: 'Every MX host matches a pattern of the enforced MTA-STS policy',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 8461 §4.1'],
  needs: ['mx', 'mtaSts', 'clock'],
  uses: ['contexts'],
  over: ({ mx }) => mx.hosts,
  nothing: 'the domain names no MX host',
  judge({ name: host, record }, { mtaSts, clock: { now }, contexts }) {
    const policy = policyIn('enforce', mtaSts, now)
    if ('verdict' in policy) return policy
    if (policy.mx.some(pattern => matchesMx(pattern, host))) return pass
    const verdict = fail('failed', { host, patterns: policy.mx }, ...policyLines(policy, 'mx'), ...record ? [recordSeen(record)] : [])
    return record ? verdict : ifReceiving(contextOf(contexts, 'receiving'), verdict)
  },
  messages: {
    failed: '{host} matches none of the policy’s patterns: {patterns}',
  },
  explain: `A sender that honours your policy delivers to no MX host that it does not list: mail for this host waits in its queue,
    and then bounces. "*." stands for exactly one label.`,
  remedy: ({ name: host }, { clock }, _args, { domain }) => ({
    text: `Add the line "mx: ${host}" to the policy, then change the id of the record, so that senders fetch it anew.`,
    records: { set: [newRecord(domain, clock.now)] },
  }),
})
