/** What could not be tested, folded: one entry for each reason, because one cause hides dozens of claims. */
import { reasons, type Reason } from '../reasons.ts'
import { plural } from './answers.ts'
import { groupBy } from './group.ts'
import type { ReportedFinding } from './report.ts'
import { visible } from './visible.ts'

export interface Untested {
  /** The reason of the closed list. */
  readonly code: string
  readonly because: string
  readonly findings: readonly ReportedFinding[]
}

/** The reason that hides most comes first. */
export function untested(findings: readonly ReportedFinding[]): Untested[] {
  const unknowns = findings.filter(({ verdict }) => verdict === 'unknown')
  return [...groupBy(unknowns, ({ code }) => code ?? '')].toSorted(([, a], [, b]) => b.length - a.length)
    .map(([code, hidden]) => ({ code, because: reasons[code as Reason] as string | undefined ?? code, findings: hidden }))
}

const mostNames = 3

/** `4 checks could not be tested: the connection was lost midway (smtp/session-opens of mx1.example.com[192.0.2.1]:25 …)` */
export function untestedLine({ because, findings }: Untested): string {
  const names = findings.slice(0, mostNames).map(({ check, subject }) => `${check} of ${visible(subject)}`)
  const more = findings.length > mostNames ? ` and ${findings.length - mostNames} more` : ''
  return `${plural(findings.length, 'check')} could not be tested: ${because} (${names.join(', ')}${more})`
}
