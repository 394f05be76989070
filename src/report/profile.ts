/**
 * A report by the measure of somebody else: each finding of a check that the profile requires gets the profile's level beside
 * the catalogue's severity, and each requirement is met, not met, or unknown. What cannot be seen from outside is unknown.
 */
import type { Check, Severity } from '../checks/define.ts'
import { selectChecks } from '../checks/select.ts'
import type { Profile, Requirement } from '../data/profiles.ts'
import { rankOf, type Report, type ReportedFinding } from './report.ts'

export type ProfileLevel = Severity | 'none'

export interface ProfileResult {
  readonly name: string
  readonly title: string
  readonly source: { readonly title: string; readonly date: string; readonly url?: string }
  readonly requirements: readonly RequirementResult[]
}

export interface RequirementResult {
  readonly text: string
  readonly level: ProfileLevel
  /** The place in the source. */
  readonly where: string
  /** From when on it is required, where the source says so. */
  readonly since: string | null
  /** `unknown`: not decided, or nothing of it can be seen from outside. `not-judged`: this run left its checks out. */
  readonly state: 'met' | 'not-met' | 'unknown' | 'not-applicable' | 'not-judged'
  /** The checks that show it. */
  readonly checks: readonly string[]
  /** Those of them that fail, or could not be decided. */
  readonly because: readonly string[]
}

export function applyProfile(report: Report, profile: Profile, registry: readonly Check[]): Report {
  const levels = new Map<string, ProfileLevel>()
  const requirements = profile.requirements.map((requirement): RequirementResult => {
    const ids = idsOf(requirement, registry)
    for (const id of ids) levels.set(id, graver(levels.get(id), requirement.level))
    return resultOf(requirement, ids, report.findings)
  })
  const { id: name, title, source } = profile
  return {
    ...report,
    findings: report.findings.map((finding): ReportedFinding => {
      const level = levels.get(finding.check)
      return level === undefined ? finding : { ...finding, profile: { name, level } }
    }),
    profile: { name, title, source, requirements },
  }
}

/** In the order of the registry; a check that is not there yet is left out. */
export function idsOf({ checks }: Pick<Requirement, 'checks'>, registry: readonly Check[]): string[] {
  return checks.length === 0 ? [] : selectChecks(registry, checks, []).checks.map(({ id }) => id)
}

function graver(one: ProfileLevel | undefined, other: ProfileLevel): ProfileLevel {
  if (one === undefined || one === 'none') return other
  return other !== 'none' && rankOf(other) < rankOf(one) ? other : one
}

function resultOf({ text, level, where, since }: Requirement, ids: readonly string[], all: readonly ReportedFinding[]): RequirementResult {
  const own = all.filter(({ check }) => ids.includes(check))
  const checks = (findings: readonly ReportedFinding[]): string[] => [...new Set(findings.map(({ check }) => check))]
  const result = (state: RequirementResult['state'], because: readonly ReportedFinding[] = []): RequirementResult =>
    ({ text, level, where, since: since ?? null, state, checks: ids, because: checks(because) })
  // A failure that a graver one explains is one all the same.
  const failed = own.filter(({ verdict, code }) => verdict === 'fail' || code === 'deferred')
  if (failed.length > 0) return result('not-met', failed)
  if (ids.length === 0) return result('unknown')
  if (own.length === 0) return result('not-judged')
  const open = own.filter(({ verdict, code }) => verdict === 'unknown' || code === 'needs-flag')
  if (open.length > 0) return result('unknown', open)
  if (ids.some(id => !own.some(({ check }) => check === id))) return result('not-judged')
  return result(own.some(({ verdict }) => verdict === 'pass') ? 'met' : 'not-applicable')
}
