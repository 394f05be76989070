/**
 * What is known of every check and subject of a domain, over many runs: the last verdict that was decided, and beside it
 * whether the latest run could decide at all. A server that failed and can no longer be tested has not been mended; a subject
 * that is gone (an address taken out of the DNS) has no verdict any more. Pure: runs go in, what stands comes out.
 */
import { contains, type Finding } from '../run.ts'
import type { Severity } from '../checks/define.ts'
import type { Reason } from '../reasons.ts'

export interface Standing {
  readonly check: string
  readonly subject: string
  readonly severity: Severity
  /** Whose run judged it last. */
  readonly module: string
  /** The last decided verdict; null while there never was one. */
  readonly state: 'pass' | 'fail' | null
  /** Milliseconds since 1970: when `state` was last arrived at; null without one. */
  readonly decidedAt: number | null
  /** Why the latest run could not decide; null when it did. */
  readonly unknown: Reason | null
  /** For what is damped: the last verdicts that were decided, the newest last, `P` or `F`. */
  readonly recent?: string
}

/**
 * One of the hundred thousands that a service keeps. All are made here, with their fields in one order: V8 keeps objects alike
 * in half the memory that it takes for copies by spreading.
 */
export function standingOf({ check, subject, severity, module, state, decidedAt, unknown, recent }: Omit<Standing, 'recent'> & { readonly recent?: string | undefined }): Standing {
  return recent === undefined
    ? { check, subject, severity, module, state, decidedAt, unknown }
    : { check, subject, severity, module, state, decidedAt, unknown, recent }
}

/** By `keyOf`. */
export type Standings = ReadonlyMap<string, Standing>

export type JudgedFinding = Pick<Finding, 'domain' | 'check' | 'subject' | 'severity' | 'verdict' | 'code'>

export interface JudgedRun {
  readonly module: string
  /** Milliseconds since 1970. */
  readonly endedAt: number
  readonly findings: readonly JudgedFinding[]
}

export function keyOf({ check, subject }: Pick<Standing, 'check' | 'subject'>): string {
  return `${check} ${subject}`
}

/** What stands after this run. */
export function afterRun(before: Standings, { module, endedAt, findings }: JudgedRun): Standings {
  const judged = new Set(findings.map(({ check }) => check))
  const after = new Map<string, Standing>()
  // what other modules judge stands; what this one judged before and no longer does is gone
  for (const [key, standing] of before) if (!judged.has(standing.check) && standing.module !== module) after.set(key, standing)
  for (const finding of findings) {
    const { check, subject, severity, verdict, code } = finding
    if (verdict === 'skip') continue
    const key = keyOf(finding)
    const known = before.get(key)
    if (verdict === 'unknown') {
      const { state = null, decidedAt = null, recent } = known ?? {}
      after.set(key, standingOf({ check, subject, severity, module, state, decidedAt, unknown: code as Reason, recent }))
    } else {
      after.set(key, standingOf({ check, subject, severity, module, decidedAt: endedAt, unknown: null, ...damped(check, verdict, known) }))
    }
  }
  for (const [key, standing] of before) {
    if (after.has(key) || !judged.has(standing.check)) continue
    const unknown = hiddenBy(standing, findings, endedAt)
    if (unknown !== null) after.set(key, standingOf({ ...standing, module, unknown }))
  }
  return after
}

/**
 * A subject that this run does not have: because it is gone, or because what would have led to it could not be seen? The
 * check itself may say so; and while names do not resolve, a fail among them is not taken back for a day.
 */
function hiddenBy({ check, subject, state, decidedAt }: Standing, findings: readonly JudgedFinding[], now: number): Reason | null {
  const undecided = findings.filter(({ verdict }) => verdict === 'unknown')
  const own = undecided.find(finding => finding.check === check && contains(finding.subject, subject, finding.domain))
  if (own) return own.code as Reason
  if (state !== 'fail' || decidedAt === null || now - decidedAt > day) return null
  return (undecided.find(({ code }) => code !== null && hiding.has(code))?.code ?? null) as Reason | null
}

const hiding: ReadonlySet<string> = new Set(['dns-timeout', 'dns-servfail', 'dns-malformed', 'resolver-refused', 'deadline-spent'])
const day = 86_400_000

/**
 * Block lists take up and drop an address within hours, and answer now so, now otherwise, while they do: the majority of
 * three verdicts stands. The first one decides alone. All else is as it was last seen: an alert rule can wait by itself.
 */
function damped(check: string, verdict: 'pass' | 'fail', known: Standing | undefined): Pick<Standing, 'state' | 'recent'> {
  if (!check.startsWith('reputation/')) return { state: verdict }
  const recent = `${known?.recent ?? ''}${verdict === 'fail' ? 'F' : 'P'}`.slice(-3)
  if (!known?.state) return { state: verdict, recent }
  const fails = recent.split('F').length - 1
  const passes = recent.length - fails
  return { state: fails >= 2 ? 'fail' : passes >= 2 ? 'pass' : known.state, recent }
}
