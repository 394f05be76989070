/**
 * From one finished run to its samples. Pure: they are taken once, when the run ends, and kept until the next one; a scrape
 * only writes them out.
 */
import type { Report } from '../report/report.ts'
import type { FamilyName } from './families.ts'

export { families, type Family, type FamilyName } from './families.ts'

/** One series and its value. The labels are those of the family, in its order. */
export interface Sample {
  readonly family: FamilyName
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export type Samples = readonly Sample[]

/** A run that ended: all that is known of it beside its report. */
export interface FinishedRun {
  readonly module: string
  readonly endedAt: Date
  readonly seconds: number
  readonly success: boolean
}

/** What a run measured. What the verdicts make of it over time (states, counts) is in verdicts.ts. */
export function samplesOf(report: Report, run: FinishedRun): Samples {
  return [
    { family: 'mailcheck_run_timestamp_seconds', labels: { domain: report.domain, module: run.module }, value: run.endedAt.getTime() / 1000 },
  ]
}
