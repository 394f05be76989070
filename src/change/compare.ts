/**
 * Two reports of one domain, finding by finding (DESIGN §16.4): what fails only before or only after, what fails worse or less,
 * and what could be told before and cannot be told now. What merely moves, because a graver finding explains it or no longer
 * does, is not called new.
 */
import type { Arg } from '../checks/define.ts'
import type { Report, ReportedFinding } from '../report/report.ts'
import { overlaidByPlan } from '../reasons.ts'
import type { Change, ChangeKind, PlannedPlace, Undecided } from './plan.ts'

/** The planned records that a finding may owe itself to: as it was, as it will be, or both. */
export type CausesOf = (...findings: readonly ReportedFinding[]) => readonly PlannedPlace[]

export interface Comparison {
  readonly changes: readonly Change[]
  readonly undecided: readonly Undecided[]
}

export function compareReports(before: Pick<Report, 'findings'>, after: Pick<Report, 'findings'>, causesOf: CausesOf = () => []): Comparison {
  const [old, now] = [bySubject(before), bySubject(after)]
  const changes: { readonly rank: number; readonly change: Change }[] = []
  const undecided: Undecided[] = []
  const order = new Map<string, number>()
  for (const { findings } of [after, before]) for (const { check } of findings) if (!order.has(check)) order.set(check, order.size)
  const note = (kind: ChangeKind, finding: ReportedFinding, was?: ReportedFinding): void => {
    const causes = was ? causesOf(finding, was) : causesOf(finding)
    changes.push({ rank: order.get(finding.check) ?? 0, change: { kind, finding, ...was ? { was } : {}, causes } })
  }
  for (const [key, finding] of now) {
    const was = old.get(key)
    if (finding.verdict === 'fail') {
      if (was?.verdict === 'fail' && was.code === finding.code) {
        const kind = tendency(was, finding)
        if (kind) note(kind, finding, was)
      } else if (was?.deferredTo !== undefined) note('better', finding, was) // what explained it is gone, and it is left
      else note('appeared', finding)
    } else if (finding.verdict === 'unknown' && was && (was.verdict === 'pass' || was.verdict === 'fail')) {
      undecided.push({ finding, was, causes: causesOf(finding, was) })
    } else if (finding.verdict === 'unknown' && finding.code === 'planned' && was?.code !== 'planned') {
      undecided.push({ finding, was: was ?? null, causes: causesOf(finding) })
    }
  }
  for (const [key, was] of old) {
    if (was.verdict !== 'fail') continue
    const finding = now.get(key)
    if (finding?.verdict === 'unknown' || finding?.deferredTo !== undefined || finding?.detail === overlaidByPlan) continue
    if (finding?.verdict === 'fail' && finding.code === was.code) continue
    // A check that could not begin has one finding for all of its subjects.
    if (!finding && after.findings.some(({ check, verdict }) => check === was.check && verdict === 'unknown')) continue
    changes.push({ rank: order.get(was.check) ?? 0, change: { kind: 'disappeared', finding: was, causes: finding ? causesOf(was, finding) : causesOf(was) } })
  }
  const sorted = changes.toSorted((a, b) => a.rank - b.rank || compareText(a.change.finding.subject, b.change.finding.subject) || rankOf(a.change) - rankOf(b.change))
  return { changes: sorted.map(({ change }) => change), undecided }
}

/** New, or worse than it was. */
export function isRegression({ kind }: Pick<Change, 'kind'>): boolean {
  return kind === 'appeared' || kind === 'worse'
}

function bySubject({ findings }: Pick<Report, 'findings'>): Map<string, ReportedFinding> {
  return new Map(findings.map(finding => [`${finding.domain} ${finding.check} ${finding.subject}`, finding]))
}

/** Numbers of which more is worse, in the words of the messages; of all others nothing is known. */
const moreIsWorse = new Set(['count', 'lookups', 'voids', 'octets', 'addresses', 'records', 'n'])

function tendency({ args: old }: ReportedFinding, { args: now }: ReportedFinding): 'worse' | 'better' | null {
  for (const name of new Set([...Object.keys(now), ...Object.keys(old)])) {
    if (!moreIsWorse.has(name)) continue
    const [was, is] = [numberOf(name, old[name]), numberOf(name, now[name])]
    if (was !== null && is !== null && was !== is) return is > was ? 'worse' : 'better'
  }
  return null
}

function numberOf(name: string, value: Arg | undefined): number | null {
  if (value === undefined) return name === 'count' ? 1 : null
  return typeof value === 'number' ? value : null
}

const kinds: readonly ChangeKind[] = ['appeared', 'worse', 'better', 'disappeared']

function rankOf({ kind }: Change): number {
  return kinds.indexOf(kind)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
