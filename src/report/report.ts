/** Findings -> Report: the four answers, the counts, the exit status. Pure; every renderer starts from here. */
import type { Question, Severity } from '../checks/define.ts'
import type { ContextFacts } from '../probes/contexts.ts'
import type { Finding } from '../run.ts'

export interface Report {
  readonly domain: string
  readonly shownAs: string
  /** RFC 3339. */
  readonly startedAt: string
  /** The version of mailcheck. */
  readonly mailcheck: string
  readonly context: ContextFacts | null
  /** What can and cannot be seen from here, in words; empty when nothing stood in the way. */
  readonly vantage: readonly string[]
  readonly questions: Readonly<Record<Question, QuestionAnswer>>
  readonly counts: Counts
  readonly findings: readonly ReportedFinding[]
  readonly facts: Readonly<Record<string, unknown>>
}

export interface ReportedFinding extends Finding {
  /** The rendered message for a fail; the title of the check otherwise. */
  readonly message: string
}

export interface QuestionAnswer {
  /** `no`: a critical failure. `partly`: something fails. `unknown`: nothing could be decided. */
  readonly answer: 'yes' | 'partly' | 'no' | 'unknown'
  /** One line. */
  readonly summary: string
  readonly counts: Counts
}

export interface Counts {
  readonly pass: number
  readonly fail: Readonly<Record<Severity, number>>
  readonly skip: number
  readonly unknown: number
}
