import { defineCheck, fail, pass, skip } from '../define.ts'
import { appliedPolicy, policyLines } from '../mta-sts-policy.ts'

export default defineCheck({
  id: 'mta-sts/max-age-a-day',
  title: 'Senders remember the MTA-STS policy for a day or longer',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 8461 §3.2'],
  needs: ['mtaSts', 'clock'],
  judge(_domain, { mtaSts, clock: { now } }) {
    const policy = appliedPolicy(mtaSts, now)
    if ('verdict' in policy) return policy
    if (policy.mode === 'none') return skip('the MTA-STS policy has mode: none')
    return policy.maxAge >= 86_400 ? pass : fail('failed', { seconds: policy.maxAge }, ...policyLines(policy, 'max_age'))
  },
  messages: {
    failed: 'max_age is {seconds} s: less than a day',
  },
  explain: `The policy protects only those who remember it: whoever can keep a sender from the DNS or your web server for longer
    than max_age takes the protection away.`,
  remedy: () => ({ text: 'Set max_age to 604800 (a week) or more, then change the id of the record.' }),
})
