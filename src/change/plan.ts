/** What a plan comes to, for every renderer: the reports before and after, what changes between them and why, and how to go about it. */
import type { Report, ReportedFinding } from '../report/report.ts'
import type { PlanMeaning } from './meaning.ts'

/** Where a planned record is written. Lines and columns from 1, columns in octets. */
export interface PlannedPlace {
  /** As it was named on the command line; `--set` and `--delete` for what was written there itself. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** The record's owner and type. */
  readonly name: string
  readonly type: string
}

export type ChangeKind = 'appeared' | 'disappeared' | 'worse' | 'better'

/** A failing finding that is there only before or only after, or that is not the same in both. */
export interface Change {
  readonly kind: ChangeKind
  /** As it will be; for `disappeared` as it was. */
  readonly finding: ReportedFinding
  /** What stood in its place before, for `worse` and `better`. */
  readonly was?: ReportedFinding
  /** The planned records that bring it about: those that its evidence shows or, where that shows none of them, all that may. */
  readonly causes: readonly PlannedPlace[]
}

/** A claim that could be decided before and cannot be told of the plan, or one about what only the plan brings. */
export interface Undecided {
  readonly finding: ReportedFinding
  readonly was: ReportedFinding | null
  readonly causes: readonly PlannedPlace[]
}

/** One thing to do, or to wait for, when the plan is carried out. */
export interface Step {
  /** An instruction, in one sentence. */
  readonly text: string
  /** Seconds that must pass before the next step; null when it may follow at once. */
  readonly wait: number | null
  /** The planned records that the step is about. */
  readonly places: readonly PlannedPlace[]
}

export interface PlanSource {
  readonly file: string
  readonly format: SourceFormat
  /** Records, deletions and values not known yet that it holds of this domain's zone. */
  readonly records: number
}

export type SourceFormat = 'bind' | 'octodns' | 'dnscontrol' | 'terraform' | 'flag'

/** Something about the planned records themselves that the user should know; the plan goes on. */
export interface PlanNote {
  readonly place: PlannedPlace
  readonly message: string
}

export interface PlanReport {
  readonly domain: string
  readonly before: Report
  readonly after: Report
  /** In the order of the checks, then by subject. */
  readonly changes: readonly Change[]
  readonly undecided: readonly Undecided[]
  readonly meaning: PlanMeaning
  /** In the order in which to take them; empty when everything may be published at once. */
  readonly steps: readonly Step[]
  readonly sources: readonly PlanSource[]
  readonly notes: readonly PlanNote[]
  /** Why the plan changes nothing of what was looked at; null when it does change something. The notes have it as well. */
  readonly idle: string | null
}
