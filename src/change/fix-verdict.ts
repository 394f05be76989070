/** What a fix did, told by the reports before and after it: what it cured, what it laid bare, and what it would make worse. */
import { topicOf } from '../report/topics.ts'
import { rankOf, type ReportedFinding } from '../report/report.ts'
import { identityOf } from '../report/verdicts.ts'

export interface FixVerdict {
  /** Failures of before that hold now, or do not apply any more. */
  readonly cured: readonly ReportedFinding[]
  /**
   * Failures that were there behind what is cured and could not be seen for it, none as grave as that: without a record nobody
   * could say that its policy is weak.
   */
  readonly laidBare: readonly ReportedFinding[]
  /** Failures that the fix makes: each forbids it. */
  readonly worse: readonly ReportedFinding[]
}

export function judgeFix(before: readonly ReportedFinding[], after: readonly ReportedFinding[]): FixVerdict {
  const failed = (findings: readonly ReportedFinding[]): ReportedFinding[] => findings.filter(({ verdict }) => verdict === 'fail')
  const fails = new Set(failed(after).map(identityOf))
  const failedBefore = new Set(failed(before).map(identityOf))
  const now = new Map(after.map(finding => [place(finding), finding.verdict]))
  const was = new Map(before.map(finding => [place(finding), finding.verdict]))
  const untold = new Set(after.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check))
  // Of a claim that nobody can decide any more it is not said that it is cured; nor of one that fails for another reason.
  // Checks of name servers and signatures pass over what is planned: that is no cure either.
  const cured = failed(before).filter(finding => {
    if (fails.has(identityOf(finding))) return false
    const verdict = now.get(place(finding))
    if (verdict === undefined) return !untold.has(finding.check)
    return verdict === 'pass' || (verdict === 'skip' && !['dns', 'dnssec'].includes(topicOf(finding.check)))
  })
  const appeared = failed(after).filter(finding => !failedBefore.has(identityOf(finding)))
  const isLaidBare = (finding: ReportedFinding): boolean => {
    const verdict = was.get(place(finding))
    return verdict !== 'pass' && verdict !== 'fail' && cured.some(other => rankOf(other.severity) < rankOf(finding.severity))
  }
  return { cured, laidBare: appeared.filter(isLaidBare), worse: appeared.filter(finding => !isLaidBare(finding)) }
}

function place({ check, subject }: ReportedFinding): string {
  return `${check} ${subject}`
}
