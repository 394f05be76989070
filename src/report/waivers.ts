/**
 * Waivers: failures that somebody answers for, with a reason and until a day. A waived finding stays in the report and does
 * not count; after that day it counts again, and the waiver is reported itself, as one is that covers nothing.
 */
import { selectChecks } from '../checks/select.ts'
import type { Check } from '../checks/define.ts'
import { globMatches } from '../syntax/glob.ts'
import type { Report, ReportedFinding } from './report.ts'

export interface Waiver {
  /** An id, a topic, or a pattern of either. */
  readonly check: string
  /** A subject, or a pattern; `*` for all. */
  readonly subject: string
  readonly reason: string
  readonly owner: string | null
  /** The last day, UTC, on which it holds. */
  readonly until: string | null
  /** Where it stands, such as `mailcheck.yaml:12:5`. */
  readonly at: string
}

/** What became of a waiver in one report. */
export interface WaiverUse extends Waiver {
  /**
   * `used`: it covers findings. `unused`: all that it speaks of was judged, and nothing is left to waive. `expired`: its day is
   * over, and what it would cover counts. `not-judged`: some of what it speaks of was left out of this run.
   */
  readonly state: 'used' | 'unused' | 'expired' | 'not-judged'
  /** Findings that it covers or, when it has expired, would cover. */
  readonly findings: number
}

export interface WaiverContext {
  /** All that there are, to know what a waiver speaks of. */
  readonly registry: readonly Check[]
  /** Other domains of the configuration: a waiver that names one of them speaks of that one. */
  readonly otherDomains: readonly string[]
}

/** Whether a waiver covers what a check says of a subject, on that day (`2026-11-23`). */
export type IsWaived = (finding: Pick<ReportedFinding, 'check' | 'subject'>, day: string) => boolean

/** For whoever asks of many findings, one by one. */
export function waivedBy(waivers: readonly Waiver[], registry: readonly Check[]): IsWaived {
  const prepared = waivers.map(waiver => prepare(waiver, registry))
  return (finding, day) => prepared.some(one => !hasExpired(one.waiver, day) && covers(one, finding))
}

interface Prepared {
  readonly waiver: Waiver
  readonly ids: ReadonlySet<string>
}

function prepare(waiver: Waiver, registry: readonly Check[]): Prepared {
  return { waiver, ids: new Set(selectChecks(registry, [waiver.check], []).checks.map(({ id }) => id as string)) }
}

function covers({ waiver, ids }: Prepared, { check, subject }: Pick<ReportedFinding, 'check' | 'subject'>): boolean {
  return ids.has(check) && globMatches(waiver.subject, subject.toLowerCase())
}

function hasExpired({ until }: Waiver, day: string): boolean {
  return until !== null && until < day
}

/** The same report, with what is waived marked. Of several waivers that cover a finding the first one that holds is shown. */
export function waive(report: Report, waivers: readonly Waiver[], { registry, otherDomains }: WaiverContext): Report {
  if (waivers.length === 0) return report
  const today = report.startedAt.slice(0, 10)
  const prepared = waivers.map(waiver => ({ ...prepare(waiver, registry), expired: hasExpired(waiver, today), covered: 0 }))
  const findings = report.findings.map((finding): ReportedFinding => {
    if (finding.verdict !== 'fail' && finding.verdict !== 'unknown') return finding
    const covering = prepared.filter(one => covers(one, finding))
    for (const one of covering) one.covered++
    const holding = covering.find(({ expired }) => !expired)?.waiver
    return holding ? { ...finding, waived: { reason: holding.reason, owner: holding.owner, until: holding.until } } : finding
  })
  const judged = new Set(report.findings.filter(({ code }) => code !== 'needs-flag').map(({ check }) => check))
  const uses = prepared.map(({ waiver, ids, expired, covered }): WaiverUse => {
    const elsewhere = otherDomains.some(domain => domain !== report.domain && waiver.subject.toLowerCase().includes(domain))
    const state = expired ? 'expired' : covered > 0 ? 'used' : elsewhere || [...ids].some(id => !judged.has(id)) ? 'not-judged' : 'unused'
    return { ...waiver, state, findings: covered }
  })
  return { ...report, findings, waivers: uses }
}

/** `the waiver for pop3/* (mailcheck.yaml:12:5) expired on 2026-01-31: 2 findings count again` */
export function waiverLine({ check, subject, at, until, state, findings }: WaiverUse): string {
  const name = `the waiver for ${check}${subject === '*' ? '' : ` of ${subject}`} (${at})`
  if (state === 'expired') {
    return `${name} expired on ${until ?? ''}: ${findings === 0 ? 'it covers nothing any more, and can go' : `${findings} ${findings === 1 ? 'finding counts' : 'findings count'} again`}`
  }
  return `${name} covers nothing: what it speaks of does not fail`
}
