/**
 * From one finished run to its samples. Pure: they are taken once, when the run ends, and kept until the next one; a scrape
 * only writes them out.
 */
import type { Report } from '../report/report.ts'
import type { FamilyName } from './families.ts'
import { recordSamples } from './record-samples.ts'
import { sessionSamples } from './session-samples.ts'

export { families, type Family, type FamilyName } from './families.ts'

/** One series and its value. The labels are those of the family. */
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
  /** It came to its end and could decide something, whatever that was. */
  readonly success: boolean
}

/** What a run measured. What its verdicts come to over time (states, counts) is in standing-samples.ts. */
export function samplesOf(report: Report): Samples {
  return [...recordSamples(report), ...sessionSamples(report)]
}
