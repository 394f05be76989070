import { parseMtaSts } from '../../syntax/mta-sts.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, pass, passed, skip } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { appliedPolicy, newRecord, policyLines } from '../mta-sts-policy.ts'
import { dateOf, observationsOf, observedTexts, sinceWhen } from '../remembered.ts'

export default defineCheck({
  id: 'mta-sts/id-bumped',
  title: 'The MTA-STS record got a new id when the policy changed',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 8461 §3.1'],
  needs: ['mtaSts', 'history', 'clock'],
  requires: 'state',
  judge(_domain, { mtaSts, history, clock: { now } }) {
    const policy = appliedPolicy(mtaSts, now)
    if ('verdict' in policy) return policy
    const [record] = mtaSts.records
    if (!record) return skip('the domain publishes no MTA-STS record')
    const observations = observationsOf(history, 'mta-sts-policy')
    if ('verdict' in observations) return observations
    const announcements = observationsOf(history, 'mta-sts')
    if ('verdict' in announcements) return announcements
    const text = saying(policy.response.body)
    const before = observations.findLast(({ value }) => value !== null && saying(value) !== text)
    if (!before) return pass
    // what announced the policy while it was still the former one
    const announced = announcements.findLast(({ firstSeen }) => Date.parse(firstSeen) <= Date.parse(before.lastSeen))
    const { id } = parseMtaSts(joinedText(record))
    const idsThen = observedTexts(announced?.value ?? null).map(one => parseMtaSts(one).id)
    if (id === null || !idsThen.includes(id)) return passed(recordSeen(record))
    const changed = sinceWhen(observations, value => value !== null && saying(value) === text)?.firstSeen ?? now
    return fail('failed', { date: dateOf(changed), id }, recordSeen(record), ...['mode', 'mx', 'max_age'].flatMap(field => policyLines(policy, field)))
  },
  messages: {
    failed: 'the MTA-STS policy changed on {date}, and the id of the record is still {id}: senders go on with the former policy',
  },
  explain: `Senders keep a policy for as long as its max_age says, and look for a new one only when the id in the record is not
    the one that they know. Whoever has the former policy goes by it: an MX host that it lacks gets no mail from them.`,
  remedy: ({ name: domain }, { clock }) => ({
    text: 'Give the record a new id, now and after each change of the policy.',
    records: { set: [newRecord(domain, clock.now)] },
  }),
})

/** A policy without what no sender reads: line ends, white space around the lines, empty lines. What is remembered is cut off at 4,000 characters. */
function saying(policy: string): string {
  return policy.replaceAll('\r\n', '\n').slice(0, 4000).split('\n').map(line => line.trim()).filter(line => line !== '').join('\n')
}
