/**
 * check_host(), the evaluation of SPF that a receiver makes for one message (RFC 7208 §4): may this client send as this
 * domain? It yields the questions that it has and is handed their answers, so it runs over a network and over a file alike.
 */
import { joinedText } from '../syntax/record.ts'
import type { SpfDomain } from '../syntax/spf-macro.ts'
import { describeProblem, isSpf, parseSpf, type DomainModifier, type IncludeMechanism, type Qualifier, type SpfTerm } from '../syntax/spf.ts'
import { answerTo, type Asked, type Asking } from './asking.ts'
import { countLookup, countVoid, knownTarget, targetOf, tooManyLookups, type SpfEvaluation } from './spf-evaluation.ts'
import { explain } from './spf-explanation.ts'
import { identify, publishing, publishingDomain, type SpfRequest } from './spf-identity.ts'
import { asksNobody, matchAddress, matchByName } from './spf-mechanisms.ts'
import type { SpfOutcome, SpfResult, SpfStep, SpfTrace } from './spf-trace.ts'

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
  const evaluation: SpfEvaluation = { identity: identify(request), lookups: 0, voids: 0, names: null }
  const { domain } = evaluation.identity
  const { trace, matched, explanation } = yield* evaluate(evaluation, domain, publishingDomain(domain), { counted: false, explains: true })
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

/** `domain` is null when `text` is none whose record could be asked for. */
function* evaluate(evaluation: SpfEvaluation, text: string, domain: SpfDomain | null, within: Within): Asking<Evaluated> {
  const asked: Asked[] = []
  const steps: SpfStep[] = []
  let record: string | null = null
  const end = (result: SpfResult, because: string, matched: string | null = null, explanation: string | null = null): Evaluated =>
    ({ trace: { domain: text, asked, record, terms: steps, result, because }, matched, explanation })

  if (domain === null) return end('none', `${JSON.stringify(text)} is no domain name of several labels`) // §4.3
  const question = { name: domain.name, type: 'TXT' } as const
  const outcome = answerTo(question, yield [question], asked)
  if ('problem' in outcome) return end('temperror', outcome.problem.detail) // §4.4
  if (within.counted && outcome.value.records.length === 0) countVoid(evaluation)
  const found = outcome.value.records.map(joinedText).filter(isSpf)
  if (found.length > 1) return end('permerror', `${text} has ${found.length} SPF records`) // §4.5
  record = found[0] ?? null
  if (record === null) return end('none', outcome.value.rcode === 'NXDOMAIN' ? `${text} does not exist` : `${text} has no SPF record`)
  const { terms, problems } = parseSpf(record)
  const problem = problems[0]
  if (problem) return end('permerror', describeProblem(problem)) // §4.6

  for (const term of terms) {
    if (!('qualifier' in term)) continue
    const step = asksNobody(term) ? matchAddress(evaluation.identity, term)
      : term.kind === 'include' ? yield* include(evaluation, term, domain) : yield* matchByName(evaluation, term, domain)
    steps.push(step)
    if (step.outcome === 'no-match') continue
    if (step.outcome === 'permerror' || step.outcome === 'temperror') return end(step.outcome, `${step.term}: ${step.because}`)
    const result = resultOf[term.qualifier]
    const exp = within.explains && result === 'fail' ? modifier(terms, 'exp') : undefined
    const explanation = exp ? yield* explain(evaluation, exp, domain) : undefined
    if (explanation) steps.push(explanation.step)
    return end(result, `${term.text} matches`, term.text, explanation?.text)
  }
  // §5.1: "all" would have matched, so there is none, and "redirect" counts.
  const redirect = modifier(terms, 'redirect')
  if (!redirect) return end('neutral', 'no mechanism matches') // §4.7
  const { step, inner } = yield* follow(evaluation, redirect, domain, within)
  steps.push(step)
  return step.outcome === 'followed' && inner ? end(inner.trace.result, `${inner.trace.domain} says so`, inner.matched, inner.explanation)
    : end('permerror', step.because)
}

function modifier(terms: readonly SpfTerm[], kind: DomainModifier['kind']): DomainModifier | undefined {
  return terms.find((term): term is DomainModifier => term.kind === kind)
}

/** §5.2: what another record's result makes of the mechanism. */
const included: Readonly<Record<SpfResult, SpfOutcome>> = {
  pass: 'match', fail: 'no-match', softfail: 'no-match', neutral: 'no-match', temperror: 'temperror', permerror: 'permerror', none: 'permerror',
}

function* include(evaluation: SpfEvaluation, { text: term, at, domain: spec }: IncludeMechanism, domain: SpfDomain): Asking<SpfStep> {
  const asked: Asked[] = []
  if (!countLookup(evaluation)) return { term, at, asked, outcome: 'permerror', because: tooManyLookups }
  const target = knownTarget(evaluation, spec, domain) ?? (yield* targetOf(evaluation, spec, domain, asked))
  // A malformed name gives none (§4.3), and so a permerror.
  if ('unusable' in target) return { term, at, asked, outcome: target.unusable === 'foreign' ? 'no-match' : 'permerror', because: target.because }
  const { trace: inner } = yield* evaluate(evaluation, target.text, publishing(target), { counted: true, explains: false })
  const outcome = included[inner.result]
  const because = outcome === 'match' || outcome === 'no-match' ? `it gives ${inner.result}` : inner.because
  return { term, at, target: target.text, asked, outcome, because, inner }
}

/** §6.1: the other record's result is this one's, but that it must have one. */
function* follow(evaluation: SpfEvaluation, { text: term, at, domain: spec }: DomainModifier, domain: SpfDomain, within: Within): Asking<{ step: SpfStep; inner?: Evaluated }> {
  const asked: Asked[] = []
  if (!countLookup(evaluation)) return { step: { term, at, asked, outcome: 'permerror', because: tooManyLookups } }
  const target = knownTarget(evaluation, spec, domain) ?? (yield* targetOf(evaluation, spec, domain, asked))
  if ('unusable' in target) return { step: { term, at, asked, outcome: 'permerror', because: target.because } }
  const inner = yield* evaluate(evaluation, target.text, publishing(target), { ...within, counted: true })
  const { trace } = inner
  const outcome = trace.result === 'none' ? { outcome: 'permerror', because: trace.because } as const
    : { outcome: 'followed', because: `it gives ${trace.result}` } as const
  return { step: { term, at, target: target.text, asked, ...outcome, inner: trace }, inner }
}
