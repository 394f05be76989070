import { isMtaSts, parseMtaStsPolicy } from '../../syntax/mta-sts.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { absenceSeen } from '../evidence.ts'
import { newRecord } from '../mta-sts-policy.ts'
import { dateOf, nothingRemembered, observationsOf, observedTexts, sinceWhen } from '../remembered.ts'

export default defineCheck({
  id: 'mta-sts/removed-in-order',
  title: 'The MTA-STS policy was withdrawn before its record was removed',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 8461 §8.3'],
  needs: ['mtaSts', 'history', 'clock'],
  requires: 'state',
  judge(_domain, { mtaSts, history, clock: { now } }) {
    if (mtaSts.records.length > 0) return skip('the domain publishes an MTA-STS record')
    if (history.since === null) return nothingRemembered
    const announcements = observationsOf(history, 'mta-sts')
    if ('verdict' in announcements || !announcements.some(({ value }) => isAnnouncement(value))) {
      return skip('the domain had no MTA-STS record as long as anybody remembers')
    }
    const policies = observationsOf(history, 'mta-sts-policy')
    if ('verdict' in policies) return policies
    // when the last sender forgets the last policy that asks for anything
    const until = Math.max(...policies.map(({ value, lastSeen }) => {
      const { mode, maxAge, valid } = parseMtaStsPolicy(value ?? '')
      return !valid || mode === 'none' ? -Infinity : Date.parse(lastSeen) + (maxAge ?? 0) * 1000
    }))
    if (until <= Date.parse(now)) return pass
    const removed = sinceWhen(announcements, value => !isAnnouncement(value))?.firstSeen ?? now
    return fail('failed', { date: dateOf(removed), until: dateOf(until) }, absenceSeen(mtaSts.answer))
  },
  messages: {
    failed: 'the MTA-STS record was removed on {date}, but senders keep the policy until {until}',
  },
  explain: `Senders that have the policy go by it until its max_age is over, whatever becomes of the record: from a policy of
    the past they refuse to deliver to an MX host of the present. Only a policy with mode: none frees them of it.`,
  remedy: ({ name: domain }, { clock }, { until }) => ({
    text: `Serve a policy with mode: none and a max_age of a day at https://mta-sts.${domain}/.well-known/mta-sts.txt until ${String(until)}, with this record, and remove both after that.`,
    records: { set: [newRecord(domain, clock.now)] },
  }),
})

function isAnnouncement(value: string | null): boolean {
  return observedTexts(value).some(isMtaSts)
}
