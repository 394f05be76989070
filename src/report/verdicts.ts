/**
 * What the formats for CI are made of: the findings of a domain, each with the place that caused it, where one is known, and
 * with the reason why a failure of it does not count. A check and a plan come out alike, so that each format is written once.
 */
import { fingerprint } from '../syntax/fingerprint.ts'
import type { Finding } from '../run.ts'
import type { Report, ReportedFinding } from './report.ts'
import { harmless } from './visible.ts'

/** Where something is written, in a file of the user's; counted from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column?: number
}

export interface DomainVerdicts {
  readonly report: Report
  /** In report order. */
  readonly verdicts: readonly JudgedFinding[]
  /** What there is to say of the records that are planned. */
  readonly notes?: readonly Note[]
}

export interface Note {
  readonly place: Place | null
  /** One line; what it quotes of a file is not made visible yet. */
  readonly message: string
  /** It may make all the rest worthless. */
  readonly grave: boolean
}

export interface JudgedFinding {
  readonly finding: ReportedFinding
  /** The planned records that cause it; the likeliest first. */
  readonly places: readonly Place[]
  /** Why a failure, or what could not be tested, does not count. */
  readonly excuse: Excuse | null
  /** Beside what was there before, when something was compared. */
  readonly state: 'new' | 'unchanged' | 'updated' | 'absent' | null
}

export interface Excuse {
  readonly kind: 'waived' | 'known'
  /** One line. */
  readonly because: string
}

export function verdictsOf(report: Report): DomainVerdicts {
  return { report, verdicts: report.findings.map(finding => ({ finding, places: [], excuse: excuseOf(finding), state: null })) }
}

/** Null for what counts. */
export function excuseOf({ waived, baseline }: ReportedFinding): Excuse | null {
  if (waived) {
    const by = waived.owner === null ? '' : ` (${harmless(waived.owner)})`
    return { kind: 'waived', because: `waived${waived.until === null ? '' : ` until ${waived.until}`}: ${harmless(waived.reason)}${by}` }
  }
  return baseline ? { kind: 'known', because: 'was there before' } : null
}

/** By which a finding is known again in another report (DESIGN §16.4). */
export function identityOf({ domain, check, subject, code }: Pick<Finding, 'domain' | 'check' | 'subject' | 'code'>): string {
  return fingerprint(domain, check, subject, code ?? '')
}
