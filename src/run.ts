/**
 * The engine: pulls the facts that checks need, judges, settles deferrals. It knows no probe and no check by name: index.ts
 * hands it the tables. Nothing is fetched that no selected check needs, and nothing twice.
 */
import { NetworkFailure, outcome, type Failure, type Network } from './network/network.ts'
import type { Arg, Check, Evidence, Remedy, Severity, Question, Subject, Verdict } from './checks/define.ts'
import type { DomainFacts, DomainProbes, Facts, FactSource, ProbeContext, SubjectFacts, SubjectProbes } from './probes/index.ts'
import type { Scope } from './scope.ts'

export interface Finding {
  readonly domain: string
  readonly check: string
  /** The domain, a host, an endpoint, a selector, an address or a zone (DESIGN §16.2 form). */
  readonly subject: string
  readonly verdict: Verdict['verdict']
  readonly severity: Severity
  readonly question: Question
  /** The message's code for a fail, the reason for unknown, one of three words for skip, null for pass. */
  readonly code: string | null
  readonly args: Readonly<Record<string, Arg>>
  /** Why it was skipped or could not be tested. */
  readonly detail: string | null
  readonly evidence: readonly Evidence[]
  readonly remedy: Remedy | null
  /** The check whose finding explains this one. */
  readonly deferredTo?: string
}

export type RunEvent =
  | { readonly kind: 'checks'; readonly total: number }
  | { readonly kind: 'judged'; readonly check: string }

export interface RunTables {
  readonly checks: readonly Check[]
  readonly domainProbes: DomainProbes
  readonly subjectProbes: SubjectProbes
}

export interface RunOptions {
  readonly network: Network
  readonly sessions: ProbeContext['sessions']
  /** What earlier runs saw, where somebody remembers it. */
  readonly history?: ProbeContext['history'] | undefined
  /** When this was seen, if that was before the run. */
  readonly obtainedAt?: ((evidence: Evidence) => string | null) | undefined
  readonly onEvent?: (event: RunEvent) => void
}

export interface RunResult {
  /** In registry order, then by subject. */
  readonly findings: readonly Finding[]
  /** What was gathered: by fact name, and for subject facts by subject. Failures stand in the place of values. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** Judges `checks` for one domain. Rejects only for a bug of ours. */
export async function run(scope: Scope, tables: RunTables, options: RunOptions): Promise<RunResult> {
  const store = new FactStore(scope, tables, options)
  const explained: Explained = new Map()
  options.onEvent?.({ kind: 'checks', total: tables.checks.length })
  const judged = await Promise.all(tables.checks.map(async check => {
    const findings = await judgeAll(check, scope, store, { explained, obtainedAt: options.obtainedAt ?? (() => null) })
    options.onEvent?.({ kind: 'judged', check: check.id })
    return findings
  }))
  return { findings: settle(judged.flat(), tables.checks, explained), facts: await store.collected() }
}

/** The facts by themselves, for who judges nothing. */
export function factSource(scope: Scope, tables: RunTables, options: RunOptions): FactSource {
  return new FactStore(scope, tables, options)
}

/** Every fact at most once. */
class FactStore implements FactSource {
  readonly #pending = new Map<string, Promise<unknown>>()
  readonly #context: ProbeContext
  readonly #tables: RunTables

  constructor(scope: Scope, tables: RunTables, { network, sessions, history }: RunOptions) {
    this.#tables = tables
    this.#context = { scope, network, sessions, facts: this, ...(history ? { history } : {}) }
  }

  get<N extends keyof DomainFacts>(name: N): Promise<DomainFacts[N]>
  get<N extends keyof SubjectFacts>(name: N, subject: SubjectFacts[N]['of']): Promise<SubjectFacts[N]['fact']>
  get(name: keyof Facts, subject?: Subject): Promise<unknown> {
    const key = subject ? `${name} ${subject.name}` : name
    const known = this.#pending.get(key)
    if (known) return known
    const { domainProbes, subjectProbes } = this.#tables
    const promise: Promise<unknown> = name in subjectProbes
      ? subjectProbes[name as keyof SubjectFacts](this.#context, subject as never)
      : domainProbes[name as keyof DomainFacts](this.#context)
    this.#pending.set(key, promise)
    promise.catch(() => undefined) // whoever asked hears of it; nobody else must
    return promise
  }

  /** Is this fact of a subject rather than of the domain? */
  ofSubject(name: keyof Facts): boolean {
    return name in this.#tables.subjectProbes
  }

  async collected(): Promise<Record<string, unknown>> {
    const facts: Record<string, unknown> = {}
    for (const [key, promise] of [...this.#pending].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const result = await outcome(promise)
      const value = 'value' in result ? result.value : result
      const [name = key, subject] = key.split(' ')
      if (subject === undefined) facts[name] = value
      else dictionaryIn(facts, name)[subject] = value
    }
    return facts
  }
}

/** Without a prototype, and so a dictionary from the beginning: else each set of subjects leaves a hidden class of its own. */
function dictionaryIn(facts: Record<string, unknown>, name: string): Record<string, unknown> {
  return (facts[name] ??= Object.create(null)) as Record<string, unknown>
}

/**
 * By check, what its fails explain: other checks of these subjects, and of what they contain, may defer to it. Everything is
 * part of the domain, unless a check said what exactly it is about.
 */
type Explained = Map<string, { readonly subject: string; readonly domain: string }[]>

interface Judging {
  readonly explained: Explained
  readonly obtainedAt: (evidence: Evidence) => string | null
}

async function judgeAll(check: Check, scope: Scope, store: FactStore, { explained, obtainedAt }: Judging): Promise<Finding[]> {
  const dated = (evidence: readonly Evidence[]): Evidence[] => bounded(evidence).map(piece => {
    const at = obtainedAt(piece)
    return at === null ? piece : { ...piece, obtainedAt: at }
  })
  const domain: Subject = { name: scope.domain }
  const finding = (subject: Subject, rest: Partial<Finding> & Pick<Finding, 'verdict'>): Finding => ({
    domain: scope.domain, check: check.id, subject: subject.name, severity: check.severity, question: check.question,
    code: null, args: {}, detail: null, evidence: [], remedy: null, ...rest,
  })
  const failed = (subject: Subject, failure: Failure): Finding =>
    finding(subject, { verdict: 'unknown', code: failure.reason, detail: failure.detail })

  const missing = [check.requires ?? [], check.alsoRequires ?? []].flat().filter(permission => !scope.permissions.has(permission))
  if (missing.length > 0) return [finding(domain, { verdict: 'skip', code: 'needs-flag', detail: `needs ${missing.map(flagOf).join(' and ')}` })]
  const shared: Record<string, unknown> = {}
  const names = [...check.needs, ...(check.uses ?? [])].filter(name => !store.ofSubject(name))
  const wholes = await settleAll(names.map(name => store.get(name as keyof DomainFacts)))
  for (const [i, name] of names.entries()) {
    const whole = wholes[i]
    if (!whole) continue
    if (check.uses?.includes(name)) shared[name] = 'failure' in whole ? { problem: whole.failure.toJSON() } : whole
    else if ('failure' in whole) return [failed(domain, whole.failure)]
    else shared[name] = whole.value
  }
  const subjects = check.over ? check.over(shared, scope) : [domain]
  const hidden = subjects.length === 0 || check.hidesSome ? check.hidden?.(shared, scope) : null
  if (subjects.length === 0) {
    if (hidden) return [failed(domain, hidden)]
    return [finding(domain, { verdict: 'skip', code: 'not-applicable', detail: check.nothing ?? 'there is nothing to judge' })]
  }
  const judged = await Promise.all(subjects.map(async subject => {
    const facts: Record<string, unknown> = { ...shared }
    const own = [...check.needs, ...(check.uses ?? [])].filter(name => store.ofSubject(name))
    const results = await settleAll(own.map(name => store.get(name as keyof SubjectFacts, subject as never)))
    for (const [i, name] of own.entries()) {
      const result = results[i]
      if (!result) continue
      if (check.uses?.includes(name)) facts[name] = 'failure' in result ? { problem: result.failure.toJSON() } : result
      else if ('failure' in result) return failed(subject, result.failure)
      else facts[name] = result.value
    }
    const verdict = check.judge(subject, facts, scope)
    switch (verdict.verdict) {
      case 'pass':
        return finding(subject, { verdict: 'pass', evidence: dated(verdict.evidence) })
      case 'skip':
        return finding(subject, { verdict: 'skip', code: 'not-applicable', detail: verdict.because })
      case 'unknown':
        return finding(subject, { verdict: 'unknown', code: verdict.reason, detail: verdict.detail })
      case 'fail': {
        const { code, args, evidence, about } = verdict
        const explains = about?.map(name => ({ subject: name, domain: '' })) ?? [{ subject: subject.name, domain: scope.domain }]
        explained.set(check.id, [...(explained.get(check.id) ?? []), ...explains])
        return finding(subject, { verdict: 'fail', code, args, evidence: dated(evidence), remedy: check.remedy(subject, facts, args, scope, code) })
      }
    }
  }))
  return hidden ? [...judged, failed(domain, hidden)] : judged
}

/** Pieces of evidence and octets of their text: a record of 64 KiB can have thousands of faults, each shown with all of it. */
const mostEvidence = { pieces: 40, octets: 200_000 }

function bounded(evidence: readonly Evidence[]): readonly Evidence[] {
  let octets = 0
  return evidence.slice(0, mostEvidence.pieces).filter((piece, i) => {
    octets += (piece.from === 'dns' ? piece.text : piece.line).length
    return i === 0 || octets <= mostEvidence.octets
  })
}

/** Waits for all; a bug among them goes on as it is. */
async function settleAll(promises: Promise<unknown>[]): Promise<({ value: unknown } | { failure: NetworkFailure })[]> {
  const settled = await Promise.allSettled(promises)
  return settled.map(result => {
    if (result.status === 'fulfilled') return { value: result.value }
    if (result.reason instanceof NetworkFailure) return { failure: result.reason }
    throw result.reason
  })
}

/**
 * Turns a fail into a skip where a graver or more specific check of this run failed on the same or a containing subject.
 * Deferral is decided on the verdicts as judged, so chains need no order.
 */
function settle(findings: readonly Finding[], checks: readonly Check[], explained: Explained): Finding[] {
  const order = new Map<string, { i: number; check: Check }>(checks.map((check, i) => [check.id, { i, check }]))
  const settled = findings.map((finding): Finding => {
    if (finding.verdict !== 'fail') return finding
    const deferredTo = order.get(finding.check)?.check.defersTo?.find(id =>
      explained.get(id)?.some(({ subject, domain }) => contains(subject, finding.subject, domain)))
    if (deferredTo === undefined) return finding
    return { ...finding, verdict: 'skip', code: 'deferred', args: {}, detail: `see ${deferredTo}`, evidence: [], remedy: null, deferredTo }
  })
  return settled.toSorted((a, b) =>
    (order.get(a.check)?.i ?? 0) - (order.get(b.check)?.i ?? 0) || (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0))
}

/** `example.com` contains all; a host contains its endpoints. */
export function contains(outer: string, inner: string, domain: string): boolean {
  return outer === inner || outer === domain || inner.startsWith(`${outer}[`) || inner.startsWith(`${outer}:`)
}

function flagOf(permission: string): string {
  return permission === 'login' ? '--login and accounts' : `--${permission.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`
}
