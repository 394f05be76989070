/**
 * A plan as the formats for CI have it: what gets worse stands at the planned record that causes it; what fails already, and
 * would go on failing, is known and breaks nothing; what the plan cures is absent.
 */
import { excuseOf, identityOf, type DomainVerdicts, type JudgedFinding, type Note, type Place } from '../report/verdicts.ts'
import type { ReportedFinding } from '../report/report.ts'
import { isRegression } from './compare.ts'
import type { PlannedPlace, PlanReport } from './plan.ts'

/** With `all`, what failed before counts as well. */
export function planVerdicts({ after, before, changes, undecided, notes, idle }: PlanReport, all: boolean): DomainVerdicts {
  const byIdentity = new Map([...changes.filter(({ kind }) => kind !== 'disappeared'), ...undecided].map(change => [identityOf(change.finding), change]))
  const known = new Set(before.findings.map(identityOf))
  const verdicts = after.findings.map((finding): JudgedFinding => {
    const change = byIdentity.get(identityOf(finding))
    const places = change?.causes.flatMap(placeOf) ?? []
    const excuse = excuseOf(finding)
    if (finding.verdict !== 'fail') return { finding, places, excuse, state: known.has(identityOf(finding)) ? 'unchanged' : 'new' }
    if (change && 'kind' in change && isRegression(change)) return { finding, places, excuse, state: change.kind === 'worse' ? 'updated' : 'new' }
    return { finding, places, excuse: excuse ?? (all ? null : { kind: 'known', because: 'fails before the change as well' }), state: change ? 'updated' : 'unchanged' }
  })
  const gone = changes.filter(({ kind }) => kind === 'disappeared')
    .map(({ finding, causes }): JudgedFinding => ({ finding, places: causes.flatMap(placeOf), excuse: { kind: 'known', because: 'cured by the change' }, state: 'absent' }))
  const told = notes.map(({ place, message }): Note => ({ place: placeOf(place)[0] ?? null, message, grave: message === idle }))
  return { report: after, verdicts: [...verdicts, ...gone], notes: told }
}

/** What was written on the command line is in no file. */
function placeOf({ file, line, column }: PlannedPlace): Place[] {
  return file.startsWith('-') || line < 1 ? [] : [{ file, line, ...column > 0 ? { column } : {} }]
}

/** The same plan, with marks on the findings after the change, such as that they are waived. */
export function markPlan(plan: PlanReport, mark: (report: PlanReport['after']) => PlanReport['after']): PlanReport {
  const after = mark(plan.after)
  const marked = new Map(after.findings.map(finding => [identityOf(finding), finding]))
  const same = <T extends { readonly finding: ReportedFinding }>(change: T): T => ({ ...change, finding: marked.get(identityOf(change.finding)) ?? change.finding })
  return { ...plan, after, changes: plan.changes.map(change => change.kind === 'disappeared' ? change : same(change)), undecided: plan.undecided.map(same) }
}
