/** What the service looks after: a target is a domain and a module, run again and again at the module's interval. */
import type { StatusRow } from '../report/status.ts'
import type { ReportGlance } from './kept-report.ts'

/** A domain and a module: what is run at an interval of its own. */
export interface Target {
  /** A-labels, lower case, no final dot. */
  readonly domain: string
  /** The name of a module of the configuration: which checks, and how often. */
  readonly module: string
}

/** A target as it stands now: what the status page shows, and what a probe hands out. */
export interface TargetStatus extends Target, Omit<StatusRow, 'report'> {
  /** Of the last run; null before the first one of this process. */
  readonly report: ReportGlance | null
}
