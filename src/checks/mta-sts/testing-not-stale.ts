import { parseMtaStsPolicy } from '../../syntax/mta-sts.ts'
import { defineCheck, fail, passed } from '../define.ts'
import { newRecord, policyIn, policyLines } from '../mta-sts-policy.ts'
import { dateOf, day, observationsOf, sinceWhen } from '../remembered.ts'

const longest = 30 * day

export default defineCheck({
  id: 'mta-sts/testing-not-stale',
  title: 'The MTA-STS policy is not tested for ever',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 8461 §5'],
  needs: ['mtaSts', 'history', 'clock'],
  requires: 'state',
  judge(_domain, { mtaSts, history, clock: { now } }) {
    const policy = policyIn('testing', mtaSts, now)
    if ('verdict' in policy) return policy
    const observations = observationsOf(history, 'mta-sts-policy')
    if ('verdict' in observations) return observations
    const first = sinceWhen(observations, value => value !== null && parseMtaStsPolicy(value).mode === 'testing')
    const seen = policyLines(policy, 'mode')
    if (!first || Date.parse(now) - Date.parse(first.firstSeen) <= longest) return passed(...seen)
    return fail('failed', { date: dateOf(first.firstSeen) }, ...seen)
  },
  messages: {
    failed: 'the MTA-STS policy has mode: testing since {date}, so nobody insists on TLS',
  },
  explain: `In testing senders report what would go wrong, and deliver all the same. A few weeks of reports tell what there is to
    tell; after that the mode only keeps the door open to whoever takes the encryption away.`,
  remedy: ({ name: domain }, { clock }) => ({
    text: 'Set mode: enforce in the policy if the reports are clean, then change the id of the record.',
    records: { set: [newRecord(domain, clock.now)] },
  }),
})
