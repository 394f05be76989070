import { recordOf } from '../dmarc-record.ts'
import { defineCheck, fail, passed, skip, unknown } from '../define.ts'
import { dateOf, day } from '../remembered.ts'
import { reportSeen } from '../reported.ts'

/** A report is sent when its day is over, and some receivers take their time. */
const longestSilence = 3 * day
/** A domain that sends little mail hears as little: that many silences as long as this one are its habit. */
const habit = 3

export default defineCheck({
  id: 'reports/aggregate-arriving',
  title: 'DMARC aggregate reports keep arriving',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9990'],
  needs: ['dmarc', 'reports', 'clock'],
  requires: 'reports',
  alsoRequires: 'state',
  judge(_, { dmarc, reports, clock: { now } }) {
    if (!reports) return skip('no reports were given')
    const found = recordOf(dmarc)
    if ('verdict' in found) return found
    if (found.record.rua.length === 0) return skip('nobody asks for reports: the DMARC record has no rua')
    if (found.inherited) return skip(`receivers report on ${found.lookup.domain}, whose policy it is`)
    const { readAt, aggregate: { to, days, reports: count } } = reports
    if (to === null) return unknown('history-too-short', 'no aggregate report on the domain is known')
    const silence = Date.parse(now) - Date.parse(to)
    const seen = reportSeen('aggregate reports', `${count}, the last until ${to}`)
    if (silence <= longestSilence) return passed(seen)
    const gaps = days.slice(1).map((one, i) => Date.parse(one.day) - Date.parse(days[i]?.day ?? one.day) - day)
    if (gaps.filter(gap => gap >= silence).length >= habit) return passed(seen)
    // What came since nobody has looked.
    if (readAt === null || Date.parse(readAt) - Date.parse(to) <= longestSilence) {
      return unknown('history-too-short', readAt === null ? 'the reports that came since could not be read yet' : `reports could last be read on ${dateOf(readAt)}`)
    }
    return fail('failed', { date: dateOf(to) }, seen)
  },
  messages: {
    failed: 'No aggregate report has arrived since {date}',
  },
  explain: `Receivers send a report for each day on which they got mail from you. When none arrives any more, the mailbox is full or
    gone, or the address in rua is wrong: and you no longer see who sends in your name.`,
  remedy: () => ({ text: 'Look at the mailbox that rua names: whether it takes mail, and whether a filter removes what arrives.' }),
})
