import { defineCheck, fail, passed } from '../define.ts'
import { appliedPolicy, newRecord, policyLines } from '../mta-sts-policy.ts'

export default defineCheck({
  id: 'mta-sts/enforced',
  title: 'The MTA-STS policy is enforced',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 8461 §5'],
  needs: ['mtaSts', 'clock'],
  defersTo: ['mta-sts/testing-not-stale'],
  judge(_domain, { mtaSts, clock: { now } }) {
    const policy = appliedPolicy(mtaSts, now)
    if ('verdict' in policy) return policy
    const { mode } = policy
    const seen = policyLines(policy, 'mode')
    return mode === 'enforce' ? passed(...seen) : fail('failed', { mode }, ...seen)
  },
  messages: {
    failed: 'the MTA-STS policy has mode: {mode}, so nobody insists on TLS',
  },
  explain: `In testing senders report what would go wrong, and deliver all the same; with mode none they pass the policy over.
    Only enforce keeps anybody from taking the encryption away.`,
  remedy: ({ name: domain }, { clock }) => ({
    text: 'When the reports are clean, set mode: enforce in the policy, then change the id of the record. (mode: none is right for a policy that you are about to withdraw.)',
    records: { set: [newRecord(domain, clock.now)] },
  }),
})
