/** Findings -> Report: the four answers, the counts, the exit status. Pure; every renderer starts from here. */
import { severities, type Check, type Question, type Severity } from '../checks/define.ts'
import type { ContextFacts } from '../probes/contexts.ts'
import type { Finding, RunResult } from '../run.ts'
import type { Scope } from '../scope.ts'
import { answerQuestion } from './answers.ts'
import { renderMessage } from './message.ts'
import type { ProfileLevel, ProfileResult } from './profile.ts'
import type { Since } from './since.ts'
import { seenFromHere } from './vantage.ts'
import type { WaiverUse } from './waivers.ts'

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
  /** The requirements of the profile that was asked for. */
  readonly profile?: ProfileResult
  /** What became of the waivers of the configuration, in its order; absent when it has none. */
  readonly waivers?: readonly WaiverUse[]
  /** What changed since an earlier report, when one was given that has the domain. */
  readonly since?: Since
}

export interface ReportedFinding extends Finding {
  /** The rendered message for a fail; the title of the check otherwise. */
  readonly message: string
  /** A waiver of the configuration covers it: it stays in the report, and does not count for the exit status. */
  readonly waived?: Waived
  /** The severity by a profile; `severity` is always the catalogue's. Only --fail-on reads it. */
  readonly profile?: { readonly name: string; readonly level: ProfileLevel }
  /** It was there before, in the report given as baseline: likewise. */
  readonly baseline?: true
}

export interface Waived {
  readonly reason: string
  readonly owner: string | null
  /** The last day on which it holds, such as 2027-03-31. */
  readonly until: string | null
}

export interface QuestionAnswer {
  /**
   * `yes` is the good answer to each of the four, also to `protect`, where it means that no way was found.
   * `no`: a critical failure. `partly`: an error or a warning. `unknown`: it could not be decided.
   */
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

export interface ReportContext {
  readonly startedAt: Date
  readonly version: string
  /** The checks that were judged: for their titles and messages. */
  readonly checks: readonly Check[]
}

export function makeReport(scope: Scope, { findings, facts }: RunResult, { startedAt, version, checks }: ReportContext): Report {
  const byId = new Map(checks.map(check => [check.id as string, check]))
  const reported = findings.map((finding): ReportedFinding => {
    const check = byId.get(finding.check)
    const template = finding.verdict === 'fail' ? check?.messages[finding.code ?? ''] : check?.title
    return { ...finding, message: renderMessage(template ?? finding.check, finding.verdict === 'fail' ? finding.args : {}) }
  })
  const context = contextOf(facts['contexts'])
  // What is said of a domain that does not exist is said of nothing.
  const exists = !findings.some(({ check, verdict }) => check === 'domain/exists' && verdict === 'fail')
  const answer = (question: Question) => {
    const own = reported.filter(finding => finding.question === question)
    return { ...answerQuestion(question, own.map(finding => explainedElsewhere(finding, byId) ? { ...finding, verdict: 'fail' } : finding), context, exists), counts: count(own) }
  }
  return {
    domain: scope.domain,
    shownAs: scope.shownAs,
    startedAt: startedAt.toISOString(),
    mailcheck: version,
    context,
    vantage: seenFromHere(reported, facts),
    questions: { receive: answer('receive'), send: answer('send'), access: answer('access'), protect: answer('protect') },
    counts: count(reported),
    findings: reported,
    facts,
  }
}

/** A fail that a finding of another question explains is told there, and yet it bears on the answer to its own. */
function explainedElsewhere({ deferredTo, question }: ReportedFinding, checks: ReadonlyMap<string, Check>): boolean {
  return deferredTo !== undefined && checks.get(deferredTo)?.question !== question
}

export function count(findings: readonly Pick<Finding, 'verdict' | 'severity'>[]): Counts {
  const fail = { critical: 0, error: 0, warning: 0, notice: 0 }
  const others = { pass: 0, skip: 0, unknown: 0 }
  for (const { verdict, severity } of findings) {
    if (verdict === 'fail') fail[severity]++
    else others[verdict]++
  }
  return { pass: others.pass, fail, skip: others.skip, unknown: others.unknown }
}

/** 0 for the gravest. */
export function rankOf(severity: Severity): number {
  return severities.indexOf(severity)
}

/** A check of this domain came to pass or fail: the report says something. */
export function decided({ pass, fail }: Counts): boolean {
  return pass > 0 || Object.values(fail).some(failed => failed > 0)
}

function contextOf(fact: unknown): ContextFacts | null {
  return typeof fact === 'object' && fact !== null && 'receiving' in fact ? fact as ContextFacts : null
}
