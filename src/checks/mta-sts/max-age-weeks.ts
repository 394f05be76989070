import { defineCheck, fail, pass } from '../define.ts'
import { policyIn, policyLines } from '../mta-sts-policy.ts'

export default defineCheck({
  id: 'mta-sts/max-age-weeks',
  title: 'Senders remember the enforced MTA-STS policy for weeks',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 8461 §3.2'],
  needs: ['mtaSts', 'clock'],
  defersTo: ['mta-sts/max-age-a-day'],
  judge(_domain, { mtaSts, clock: { now } }) {
    const policy = policyIn('enforce', mtaSts, now)
    if ('verdict' in policy) return policy
    return policy.maxAge >= 1_209_600 ? pass : fail('failed', { seconds: policy.maxAge }, ...policyLines(policy, 'max_age'))
  },
  messages: {
    failed: 'max_age is {seconds} s: less than two weeks',
  },
  explain: `The RFC has weeks in mind: a sender that writes to you once a fortnight should still know the policy when it comes
    back, because its first delivery without one can be intercepted.`,
  remedy: () => ({ text: 'Set max_age to 1209600 (two weeks) or more, then change the id of the record.' }),
})
