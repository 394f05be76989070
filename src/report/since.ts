/** A report beside an earlier one: what was there already, and what has changed. Identity is that of DESIGN §16.4. */
import type { Severity } from '../checks/define.ts'
import { groupBy } from './group.ts'
import type { Report, ReportedFinding } from './report.ts'
import type { SavedFinding, SavedReport } from './saved.ts'
import { identityOf } from './verdicts.ts'

/** Marks what failed, or could not be tested, in the earlier report for the same reason. */
export function acceptBaseline(report: Report, earlier: SavedReport): Report {
  const known = new Set(earlier.findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown').map(finding => `${finding.verdict} ${identityOf(finding)}`))
  return {
    ...report,
    findings: report.findings.map((finding): ReportedFinding =>
      known.has(`${finding.verdict} ${identityOf(finding)}`) && !finding.waived ? { ...finding, baseline: true } : finding),
  }
}

export interface Since {
  /** When the earlier report was made, RFC 3339. */
  readonly startedAt: string
  /** Failures that were not there. */
  readonly appeared: readonly ChangedFinding[]
  /** Failures that are no longer there, as they were. */
  readonly disappeared: readonly ChangedFinding[]
}

export interface ChangedFinding {
  readonly check: string
  readonly subject: string
  readonly code: string | null
  readonly severity: Severity
  readonly message: string
  /**
   * In the other report: `pass`, `skip`, `unknown` (so it is not known to be mended, or not known to be new), `fail` with
   * another code, or `gone`, when the subject is not there.
   */
  readonly other: 'pass' | 'fail' | 'skip' | 'unknown' | 'gone'
}

/** Claims that only one of the two asked about have not changed. */
export function compareSince(report: Report, earlier: SavedReport): Report {
  const before = index(earlier.findings)
  const now = index(report.findings)
  return {
    ...report,
    since: {
      startedAt: earlier.startedAt,
      appeared: report.findings.filter(finding => finding.verdict === 'fail' && before.checks.has(finding.check) && !before.failed.has(identityOf(finding)))
        .map(finding => changed(finding, before)),
      // What fails with another code is among what appeared.
      disappeared: earlier.findings.filter(finding => finding.verdict === 'fail' && now.checks.has(finding.check) && !now.failed.has(identityOf(finding)))
        .map(finding => changed(finding, now)).filter(({ other }) => other !== 'fail'),
    },
  }
}

interface Index {
  readonly checks: ReadonlySet<string>
  readonly failed: ReadonlySet<string>
  readonly verdicts: ReadonlyMap<string, SavedFinding['verdict']>
  /** Checks of which all that is known is that they could not be told of the domain as a whole. */
  readonly hidden: ReadonlySet<string>
}

function index(findings: readonly SavedFinding[]): Index {
  const byCheck = groupBy(findings, ({ check }) => check)
  return {
    checks: new Set(findings.filter(({ code }) => code !== 'needs-flag').map(({ check }) => check)),
    failed: new Set(findings.filter(({ verdict }) => verdict === 'fail').map(identityOf)),
    verdicts: new Map(findings.map(({ check, subject, verdict }) => [`${check} ${subject}`, verdict])),
    hidden: new Set([...byCheck].filter(([, own]) => own.every(({ verdict }) => verdict === 'unknown')).map(([check]) => check)),
  }
}

function changed({ check, subject, code, severity, message }: SavedFinding, there: Index): ChangedFinding {
  const other = there.verdicts.get(`${check} ${subject}`) ?? (there.hidden.has(check) ? 'unknown' : 'gone')
  return { check, subject, code, severity, message, other }
}
