/**
 * Does the domain receive mail, send mail, or neither (parked)? Evaluated in order and stopped at the first evidence;
 * what cannot be told is `unknown`. The configuration overrides what is found out.
 */
import type { ProbeContext } from './index.ts'
import type { Context, Tri } from '../scope.ts'
import type { Reason } from '../reasons.ts'

export type ContextFacts = { readonly [C in Context]: ContextFact }

export interface ContextFact {
  readonly value: Tri
  /** The evidence, in words: "MX 10 mx1.example.com". */
  readonly because: string
  /** For `unknown`: what stood in the way. */
  readonly reason?: Reason
}

export declare function probeContexts(context: ProbeContext): Promise<ContextFacts>
