/** What one evaluation of SPF keeps from its first term to its last, and how it asks. */
import { cutName, expandMacros, type MacroLetter, type MacroString, type SpfDomain } from '../syntax/spf-macro.ts'
import type { Asked, Asking } from './asking.ts'
import { hasForeignLocalPart, macroValues, type SpfIdentity } from './spf-identity.ts'
import { lookupLimit, voidLimit } from './spf-limits.ts'
import { validatedName, type ValidatedNames } from './spf-validated-names.ts'

export interface SpfEvaluation {
  readonly identity: SpfIdentity
  /** Terms that ask DNS, so far (RFC 7208 §4.6.4). */
  lookups: number
  /** Those among them that were answered with NXDOMAIN or with nothing. */
  voids: number
  /** The client's names, once somebody wanted them. */
  names: ValidatedNames | null
}

export const tooManyLookups = `more than ${lookupLimit} terms ask DNS`
export const tooManyVoids = `more than ${voidLimit} terms are answered with nothing`

/** Counts a term that asks DNS. False: it is one too many, and must not be evaluated. */
export function countLookup(evaluation: SpfEvaluation): boolean {
  return ++evaluation.lookups <= lookupLimit
}

/** Counts a void lookup. False: it is one too many. */
export function countVoid(evaluation: SpfEvaluation): boolean {
  return ++evaluation.voids <= voidLimit
}

/** A <target-name>, or why there is none that could be asked for. */
export type SpfTarget = SpfDomain | NoTarget

export interface NoTarget {
  /** `limit`: %{p} asks DNS, too, and was the one lookup too many. `foreign`: it needs a local part that no name can hold. */
  readonly unusable: 'malformed' | 'foreign' | 'limit'
  readonly because: string
}

/** The <target-name> of a term (§4.8), without a domain-spec the current domain; null when it takes lookups to tell. */
export function knownTarget(evaluation: SpfEvaluation, spec: MacroString | null, domain: SpfDomain): SpfTarget | null {
  if (spec === null) return domain
  const [first] = spec
  if (spec.length === 1 && first && 'literal' in first) return targetFrom(first.literal) // as almost always
  if ((wants(spec, 's') || wants(spec, 'l')) && hasForeignLocalPart(evaluation.identity)) {
    return { unusable: 'foreign', because: 'it needs the local part, which is not ASCII (RFC 8616 §4)' }
  }
  return wants(spec, 'p') ? null : targetFrom(expandMacros(spec, { ...macroValues(evaluation.identity), d: domain.text }) ?? '')
}

/** The same, for any term. What `exp` asks does not count (§4.6.4). */
export function* targetOf(
  evaluation: SpfEvaluation, spec: MacroString | null, domain: SpfDomain, asked: Asked[], counts = true,
): Asking<SpfTarget> {
  const known = knownTarget(evaluation, spec, domain)
  if (known || spec === null) return known ?? domain
  if (counts && !countLookup(evaluation)) return { unusable: 'limit', because: tooManyLookups }
  return targetFrom(yield* expand(evaluation, spec, domain, asked))
}

/** §7: the text that the macros stand for. */
export function* expand(evaluation: SpfEvaluation, spec: MacroString, domain: SpfDomain, asked: Asked[]): Asking<string> {
  const p = wants(spec, 'p') ? { p: yield* validatedName(evaluation, domain, asked) } : {}
  return expandMacros(spec, { ...macroValues(evaluation.identity), d: domain.text, ...p }) ?? ''
}

function targetFrom(text: string): SpfTarget {
  return cutName(text) ?? { unusable: 'malformed', because: `${JSON.stringify(text)} cannot be a domain name` }
}

function wants(spec: MacroString, letter: MacroLetter): boolean {
  return spec.some(part => 'letter' in part && part.letter === letter)
}
