/** From what stands to samples: fails and unknowns one by one, passes counted; of a probe, passes one by one as well. */
import { severities } from '../checks/define.ts'
import { topicOf } from '../report/topics.ts'
import type { Sample } from './metrics.ts'
import type { Standing, Standings } from './verdicts.ts'

/** Subjects of a domain that have series of their own. */
export const mostSubjects = 50

export interface StandingOptions {
  /** Show every pass, and leave no subject out. */
  readonly passes?: boolean
  /** What somebody answers for. */
  readonly isWaived?: (standing: Standing) => boolean
}

export function standingSamples(domain: string, standings: Standings, { passes = false, isWaived = () => false }: StandingOptions = {}): Sample[] {
  const open = ({ state, unknown }: Standing): boolean => state === 'fail' || unknown !== null
  const waived = new Set([...standings.values()].filter(standing => open(standing) && isWaived(standing)))
  const all = [...standings.values()].filter(standing => !waived.has(standing)).toSorted((a, b) =>
    severities.indexOf(a.severity) - severities.indexOf(b.severity) || compare(a.check, b.check) || compare(a.subject, b.subject))
  const failed = all.filter(({ state }) => state === 'fail')
  const undecided = all.filter(({ unknown }) => unknown !== null)
  const passed = all.filter(({ state }) => state === 'pass')
  const shown = passes ? [...failed, ...passed] : failed
  const subjects = [...new Set([...failed, ...undecided].map(({ subject }) => subject))]
  const kept = new Set(passes ? all.map(({ subject }) => subject) : subjects.slice(0, mostSubjects))
  const labels = ({ check, subject, severity }: Standing) => ({ domain, check, subject, severity })
  const isKept = ({ subject }: Standing): boolean => kept.has(subject)

  const topics = countBy(passed, ({ check }) => topicOf(check))
  const reasons = countBy(undecided, ({ unknown }) => unknown ?? '')
  return [
    ...severities.map((severity): Sample => ({
      family: 'mailcheck_findings', labels: { domain, severity }, value: failed.filter(standing => standing.severity === severity).length,
    })),
    ...[...reasons].map(([reason, value]): Sample => ({ family: 'mailcheck_unknown', labels: { domain, reason }, value })),
    ...[...countBy([...waived], ({ check }) => check)].map(([check, value]): Sample => ({ family: 'mailcheck_check_waived', labels: { domain, check }, value })),
    ...[...topics].map(([topic, value]): Sample => ({ family: 'mailcheck_checks_passed', labels: { domain, topic }, value })),
    { family: 'mailcheck_subjects_omitted', labels: { domain }, value: passes ? 0 : Math.max(0, subjects.length - mostSubjects) },
    ...shown.filter(isKept).map((standing): Sample => ({
      family: 'mailcheck_check_state', labels: { ...labels(standing), state: standing.state ?? '' }, value: 1,
    })),
    ...shown.filter(isKept).map((standing): Sample => ({
      family: 'mailcheck_check_decided_timestamp_seconds', labels: labels(standing), value: (standing.decidedAt ?? 0) / 1000,
    })),
    ...undecided.filter(isKept).map((standing): Sample => ({ family: 'mailcheck_check_unknown', labels: labels(standing), value: 1 })),
  ]
}

function countBy<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of list) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
