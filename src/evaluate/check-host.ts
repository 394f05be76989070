/**
 * check_host(), the evaluation of SPF that a receiver makes for one message (RFC 7208 §4): may this client send as this
 * domain? It yields the questions that it has and is handed their answers, so it runs over a network and over a file alike.
 */
import { joinedText } from '../syntax/record.ts'
import type { SpfDomain } from '../syntax/spf-macro.ts'
import { describeProblem, isSpf, parseSpf, type DomainModifier, type IncludeMechanism, type Qualifier, type SpfMechanism } from '../syntax/spf.ts'
import { ask, type Asked, type Asking } from './asking.ts'
import { countLookup, countVoid, targetOf, tooManyLookups, type SpfEvaluation } from './spf-evaluation.ts'
import { explain } from './spf-explanation.ts'
import { identify, publishingDomain, type SpfRequest } from './spf-identity.ts'
import { matchByName, matchNetwork, type SpfMatch } from './spf-mechanisms.ts'
import type { SpfOutcome, SpfResult, SpfStep, SpfTrace } from './spf-trace.ts'
import { reachableTerms } from './spf-tree.ts'

export type { SpfRequest } from './spf-identity.ts'
export type { SpfResult, SpfStep, SpfTrace } from './spf-trace.ts'

export interface SpfVerdict {
  readonly result: SpfResult
  /** What the domain has to say about a fail; null unless its `exp` came to something (§6.2). */
  readonly explanation: string | null
  /** Terms that asked DNS, of at most 10; one more is what exceeded the limit (§4.6.4). */
  readonly lookups: number
  /** Those that were answered with NXDOMAIN or with nothing, of at most 2. */
  readonly void: number
  /** The mechanism that decided, as written in the domain's record or where `redirect` led; null when none did. */
  readonly matched: string | null
  readonly trace: SpfTrace
}

/** Throws a `RangeError` when `ip` is no address. */
export function* checkHost(request: SpfRequest): Asking<SpfVerdict> {
  const evaluation: SpfEvaluation = { ...identify(request), lookups: 0, voids: 0 }
  const { trace, matched, explanation } = yield* evaluate(evaluation, evaluation.domain, { counted: false, explains: true })
  return { result: trace.result, explanation, lookups: evaluation.lookups, void: evaluation.voids, matched, trace }
}

interface Evaluated {
  readonly trace: SpfTrace
  readonly matched: string | null
  readonly explanation: string | null
}

interface Within {
  /** The TXT lookup is that of a term, and may be void. */
  readonly counted: boolean
  /** False within an include, whose explanations are not used (§6.2). */
  readonly explains: boolean
}

const resultOf: Readonly<Record<Qualifier, SpfResult>> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' }

function* evaluate(evaluation: SpfEvaluation, text: string, within: Within): Asking<Evaluated> {
  const asked: Asked[] = []
  const terms: SpfStep[] = []
  let record: string | null = null
  const end = (result: SpfResult, because: string, matched: string | null = null, explanation: string | null = null): Evaluated =>
    ({ trace: { domain: text, asked, record, terms, result, because }, matched, explanation })

  const domain = publishingDomain(text)
  if (domain === null) return end('none', `${JSON.stringify(text)} is no domain name of several labels`) // §4.3
  const outcome = yield* ask(asked, domain.name, 'TXT')
  if ('problem' in outcome) return end('temperror', outcome.problem.detail) // §4.4
  if (within.counted && outcome.value.records.length === 0) countVoid(evaluation)
  const found = outcome.value.records.map(joinedText).filter(isSpf)
  if (found.length > 1) return end('permerror', `${text} has ${found.length} SPF records`) // §4.5
  record = found[0] ?? null
  if (record === null) return end('none', outcome.value.rcode === 'NXDOMAIN' ? `${text} does not exist` : `${text} has no SPF record`)
  const parsed = parseSpf(record)
  const [problem] = parsed.problems
  if (problem) return end('permerror', describeProblem(problem)) // §4.6

  for (const term of reachableTerms(parsed.terms)) {
    if (term.kind === 'redirect') {
      const { step, inner } = yield* redirect(evaluation, term, domain, within)
      terms.push(step)
      return step.outcome === 'followed' && inner ? end(inner.trace.result, `${inner.trace.domain} says so`, inner.matched, inner.explanation)
        : end('permerror', step.because)
    }
    if (!('qualifier' in term)) continue
    const step = yield* tryMechanism(evaluation, term, domain)
    terms.push(step)
    if (step.outcome === 'permerror' || step.outcome === 'temperror') return end(step.outcome, `${step.term}: ${step.because}`)
    if (step.outcome !== 'match') continue
    const result = resultOf[term.qualifier]
    const exp = within.explains && result === 'fail' ? parsed.terms.find((other): other is DomainModifier => other.kind === 'exp') : undefined
    const explanation = exp ? yield* explain(evaluation, exp, domain) : undefined
    if (explanation) terms.push(explanation.step)
    return end(result, `${term.text} matches`, term.text, explanation?.text)
  }
  return end('neutral', 'no mechanism matches') // §4.7
}

function* tryMechanism(evaluation: SpfEvaluation, term: SpfMechanism, domain: SpfDomain): Asking<SpfStep> {
  const asked: Asked[] = []
  const step = (match: SpfMatch): SpfStep => ({ term: term.text, at: term.at, asked, ...match })
  switch (term.kind) {
    case 'all':
      return step({ outcome: 'match', because: 'it matches every client' })
    case 'ip4':
    case 'ip6':
      return step(matchNetwork(evaluation, term))
  }
  if (!countLookup(evaluation)) return step({ outcome: 'permerror', because: tooManyLookups })
  return term.kind === 'include' ? yield* include(evaluation, term, domain) : step(yield* matchByName(evaluation, term, domain, asked))
}

/** §5.2: what another record's result makes of the mechanism. */
const included: Readonly<Record<SpfResult, SpfOutcome>> = {
  pass: 'match', fail: 'no-match', softfail: 'no-match', neutral: 'no-match', temperror: 'temperror', permerror: 'permerror', none: 'permerror',
}

function* include(evaluation: SpfEvaluation, term: IncludeMechanism, domain: SpfDomain): Asking<SpfStep> {
  const asked: Asked[] = []
  const target = yield* targetOf(evaluation, term.domain, domain, asked)
  const place = { term: term.text, at: term.at, asked }
  // A malformed name gives none (§4.3), and so a permerror.
  if ('unusable' in target) return { ...place, outcome: target.unusable === 'foreign' ? 'no-match' : 'permerror', because: target.because }
  const { trace: inner } = yield* evaluate(evaluation, target.text, { counted: true, explains: false })
  const outcome = included[inner.result]
  const because = outcome === 'match' || outcome === 'no-match' ? `it gives ${inner.result}` : inner.because
  return { ...place, target: target.text, outcome, because, inner }
}

/** §6.1: the other record's result is this one's, but that it must have one. */
function* redirect(evaluation: SpfEvaluation, term: DomainModifier, domain: SpfDomain, within: Within): Asking<{ step: SpfStep; inner?: Evaluated }> {
  const asked: Asked[] = []
  const place = { term: term.text, at: term.at, asked }
  if (!countLookup(evaluation)) return { step: { ...place, outcome: 'permerror', because: tooManyLookups } }
  const target = yield* targetOf(evaluation, term.domain, domain, asked)
  if ('unusable' in target) return { step: { ...place, outcome: 'permerror', because: target.because } }
  const inner = yield* evaluate(evaluation, target.text, { ...within, counted: true })
  const { trace } = inner
  const outcome = trace.result === 'none' ? { outcome: 'permerror', because: trace.because } as const
    : { outcome: 'followed', because: `it gives ${trace.result}` } as const
  return { step: { ...place, target: target.text, ...outcome, inner: trace }, inner }
}
