/** One report of a domain from those of its modules: what each of them found when it last ran. */
import type { Check } from '../checks/define.ts'
import { makeReport, type Report } from '../report/report.ts'
import type { Scope } from '../scope.ts'

/** `reports`: the latest of each module, the later one last. Where two judged the same, the later one is right. */
export function mergeReports(reports: readonly [Report, ...Report[]], scope: Scope, checks: readonly Check[]): Report {
  const [only] = reports
  if (reports.length === 1) return only
  const order = new Map(checks.map((check, i) => [check.id as string, i]))
  const owner = new Map(reports.flatMap(report => report.findings.map(({ check }) => [check, report] as const)))
  const findings = reports.flatMap(report => report.findings.filter(({ check }) => owner.get(check) === report))
    .toSorted((a, b) => (order.get(a.check) ?? 0) - (order.get(b.check) ?? 0) || (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0))
  const facts: Record<string, unknown> = {}
  for (const report of reports) Object.assign(facts, report.facts)
  const latest = reports.at(-1) ?? only
  return makeReport(scope, { findings, facts }, { startedAt: new Date(latest.startedAt), version: latest.mailcheck, checks })
}
