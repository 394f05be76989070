/** The exit status a run ends with. 2 (usage), 70 (a bug) and 130 (interrupted) are for the command to say. */
import { severities, type Severity } from '../checks/define.ts'
import type { ProfileLevel } from './profile.ts'
import { decided, type Report } from './report.ts'
import { excuseOf } from './verdicts.ts'

export type FailOn = Severity | 'never'

export interface ExitPolicy {
  readonly failOn: FailOn
  /** Unknown at this severity counts too. */
  readonly strict: boolean
}

/**
 * What is waived, or was there in the baseline, does not count. 1: something fails at or above `failOn`. 3: nothing does, but with `strict` something at that severity is unknown, or,
 * strict or not, of some domain no check could be decided at all. Otherwise 0.
 */
export function exitCode(reports: readonly Pick<Report, 'findings' | 'counts'>[], { failOn, strict }: ExitPolicy): 0 | 1 | 3 {
  const grave = new Set<ProfileLevel>(failOn === 'never' ? [] : severities.slice(0, severities.indexOf(failOn) + 1))
  const some = (verdict: 'fail' | 'unknown') =>
    reports.some(({ findings }) => findings.some(finding => finding.verdict === verdict && grave.has(finding.profile?.level ?? finding.severity) && excuseOf(finding) === null))
  if (some('fail')) return 1
  if (strict && some('unknown')) return 3
  return reports.some(({ counts }) => counts.unknown > 0 && !decided(counts)) ? 3 : 0
}
