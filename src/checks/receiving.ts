/** Does a claim about incoming mail hurt anybody, when it cannot be told whether the domain takes mail at all? */
import type { ContextFacts } from '../probes/contexts.ts'
import type { Outcome } from '../network/network.ts'
import type { Context } from '../scope.ts'
import { unknown, type Unknown } from './define.ts'

type Told = ContextFacts[Context]

/** A context as far as it is known: what could not be found out is `unknown`, never a reason to be silent or loud. */
export function contextOf(contexts: Outcome<ContextFacts>, context: Context): Told {
  if ('value' in contexts) return contexts.value[context]
  return { value: 'unknown', because: contexts.problem.detail, reason: contexts.problem.reason }
}

/** A failure that matters only to a domain that takes mail stays open while that is unknown. */
export function ifReceiving<V extends { readonly verdict: string }>(receiving: Told, verdict: V): V | Unknown {
  return verdict.verdict === 'fail' && receiving.value === 'unknown' ? undecidedContext('takes', receiving) : verdict
}

/** The unknown that an undecided context makes. */
export function undecidedContext(does: 'takes' | 'sends', { because, reason }: Told): Unknown {
  return unknown(reason ?? 'dns-servfail', `it cannot be told whether the domain ${does} mail: ${because}`)
}
