/** What could not be tested, and what was skipped, in the few sentences that a reader needs of it. */
import { reasons, type Reason } from '../reasons.ts'
import { plural } from './answers.ts'
import { groupBy } from './group.ts'
import type { Report, ReportedFinding } from './report.ts'
import { topicOf, topicTitle } from './topics.ts'
import { lacksSelfCheck } from './vantage.ts'
import { visible } from './visible.ts'

export interface Untested {
  /** The reason of the closed list. */
  readonly code: string
  readonly count: number
  /** `There is no IPv6 here` */
  readonly because: string
  /** `spf/record-exists of example.com`, or `14 checks (SMTP, TLS on port 25) of mx1.example.com[2001:db8::1]:25 and 1 more` */
  readonly concerned: string
  /** What was seen in each case, as octets; the first few. */
  readonly details: readonly string[]
  /** How many details were left out. */
  readonly more: number
}

const mostDetails = 3
const mostNames = 4

/** One for each reason, the most frequent first: forty claims that one cause hides are one thing to read. */
export function untested(findings: readonly ReportedFinding[]): Untested[] {
  const byReason = groupBy(findings.filter(({ verdict }) => verdict === 'unknown'), ({ code }) => code ?? '')
  return [...byReason].toSorted(([, a], [, b]) => b.length - a.length).map(([code, hidden]) => {
    const because = reasons[code as Reason] as string | undefined ?? code
    const details = [...new Set(hidden.flatMap(({ detail }) => (detail === null || detail === because ? [] : [detail])))]
    return {
      code, count: hidden.length, because: because.charAt(0).toUpperCase() + because.slice(1), concerned: concerned(hidden),
      details: details.slice(0, mostDetails), more: Math.max(0, details.length - mostDetails),
    }
  })
}

/** `4 checks could not be tested: the connection was lost midway: smtp/session-opens of mx1.example.com[192.0.2.1]:25, …` */
export function untestedLine({ because, concerned: what, count }: Untested): string {
  return `${plural(count, 'check')} could not be tested: ${because.charAt(0).toLowerCase()}${because.slice(1)}: ${what}`
}

function concerned(findings: readonly ReportedFinding[]): string {
  const checks = [...new Set(findings.map(({ check }) => check))]
  const subjects = [...new Set(findings.map(({ subject }) => visible(subject)))]
  const named = subjects.length > mostNames
    ? `${subjects.slice(0, mostNames - 1).join(', ')} and ${subjects.length - mostNames + 1} more` : subjects.join(', ')
  const topics = [...new Set(checks.map(check => topicTitle(topicOf(check))))].join(', ')
  return `${checks.length <= mostNames ? checks.join(', ') : `${plural(checks.length, 'check')} (${topics})`} of ${named}`
}

/** Why what was skipped was skipped; '' when nothing was. */
export function skippedBecause({ findings, facts }: Pick<Report, 'findings' | 'facts'>): string {
  const skips = findings.filter(({ verdict }) => verdict === 'skip')
  const deferred = skips.filter(({ code }) => code === 'deferred')
  const closed = skips.filter(({ code }) => code === 'needs-flag')
  const other = skips.filter(({ code }) => code !== 'deferred' && code !== 'needs-flag')
  return [
    ...(other.length > 0 ? [`${perTopic(other)} ${other.length === 1 ? 'does' : 'do'} not apply.`] : []),
    ...(deferred.length > 0 ? [`${plural(deferred.length, 'finding is', 'findings are')} explained by a graver one above.`] : []),
    ...[...groupBy(closed, ({ detail }) => detail ?? '')].map(([needs, group]) => `${plural(group.length, 'check')} ${group.length === 1 ? needs : needs.replace(/^needs /, 'need ')}.`),
    ...(skips.length > 0 && lacksSelfCheck(facts) ? ['What can be reached from here was not tried: --vantage names hosts for that.'] : []),
  ].join(' ')
}

/** `SPF 4, DKIM 2` */
export function perTopic(findings: readonly ReportedFinding[]): string {
  return [...groupBy(findings, ({ check }) => topicOf(check))].map(([topic, group]) => `${topicTitle(topic)} ${group.length}`).join(', ')
}
