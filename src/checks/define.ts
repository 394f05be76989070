/**
 * What a check is. An id is a claim that holds when the check passes; `judge` is a pure function of facts; the engine
 * pulls the facts that `needs` and `uses` name, so a check cannot read what it did not name.
 */
import type { DomainFacts, FactName, FactOf, Facts, Subject } from '../probes/index.ts'
import type { Failure, Outcome } from '../network/network.ts'
import type { Permission, Scope } from '../scope.ts'
import type { Reason } from '../reasons.ts'

export type { Reason, Subject }

/** By consequence, not by taste: what happens to somebody when the claim does not hold. */
export const severities = ['critical', 'error', 'warning', 'notice'] as const
export type Severity = (typeof severities)[number]

/** The four questions a site owner has; the report answers each in one line. */
export const questions = {
  receive: 'Can mail reach you?',
  send: 'Will the mail you send be accepted?',
  access: 'Can your people read and send?',
  protect: 'Can someone forge or intercept your mail?',
} as const
export type Question = keyof typeof questions

/** The value seen, and where it was seen. */
export type Evidence = Seen & {
  /** RFC 3339: when it was seen, if that was before the run: what is shared between runs may be older. */
  readonly obtainedAt?: string
}

type Seen =
  | { readonly from: 'dns'; readonly name: string; readonly type: string; readonly text: string; readonly ttl: number | null; /** 0-based offset in octets of the joined text. */ readonly at?: number }
  | { readonly from: 'session'; readonly endpoint: string; readonly line: string }
  | { readonly from: 'https'; readonly url: string; readonly line: string }

export type Arg = string | number | boolean | null | readonly (string | number)[]
type Placeholders<M extends string> = M extends `${string}{${infer P}}${infer Rest}` ? P | Placeholders<Rest> : never
/** Exactly the placeholders of the message; `count` may be added where one subject has several occurrences. */
export type Args<M extends string> = { readonly [P in Placeholders<M>]: Arg } & { readonly count?: number }

export interface Pass { readonly verdict: 'pass'; readonly evidence: readonly Evidence[] }
export interface Fail<C extends string = string, A = Readonly<Record<string, Arg>>> {
  readonly verdict: 'fail'; readonly code: C; readonly args: A; readonly evidence: readonly Evidence[]
  /** What it explains, when that is less than its subject: only checks of these subjects may defer to it. */
  readonly about?: readonly string[]
}
export interface Skip { readonly verdict: 'skip'; readonly because: string }
export interface Unknown { readonly verdict: 'unknown'; readonly reason: Reason; readonly detail: string | null }
export type Messages = Readonly<Record<string, string>>
export type Verdict<M extends Messages = Messages> =
  | Pass | Skip | Unknown | { [C in keyof M & string]: Fail<C, Args<M[C]>> }[keyof M & string]

/** The claim holds. `passed` says by what: evidence worth showing beside a pass. */
export const pass: Pass = { verdict: 'pass', evidence: [] }
export function passed(...evidence: Evidence[]): Pass {
  return { verdict: 'pass', evidence }
}
/** The claim does not hold. `code` is the key of the message, `args` its placeholders. */
export function fail<const C extends string, const A extends Readonly<Record<string, Arg | undefined>>>(
  code: C, args: A, ...evidence: Evidence[]
): Fail<C, A> {
  return { verdict: 'fail', code, args, evidence }
}
/** The claim does not apply to this subject. */
export function skip(because: string): Skip {
  return { verdict: 'skip', because }
}
/** It could not be tested: neither good nor bad. */
export function unknown(reason: Reason, detail?: string): Unknown {
  return { verdict: 'unknown', reason, detail: detail ?? null }
}
/** The unknown that a failure at the boundary makes of a claim. */
export function unknownBecause(failure: Failure): Unknown {
  return unknown(failure.reason, failure.detail)
}

/** The failure that stands for an unknown where subjects may be hidden: `hidden` of a check. */
export function failureBehind(because: Unknown | undefined): Failure | null {
  return because ? { event: 'unavailable', reason: because.reason, detail: because.detail ?? '' } : null
}

export interface Remedy {
  /** An instruction: what to publish or set, with the very value. */
  readonly text: string
  /** The records that cure it, as zone-file lines. */
  readonly records?: { readonly set?: readonly string[]; readonly remove?: readonly string[] }
}

type Needed<N extends readonly FactName[]> = { readonly [K in N[number]]: FactOf<K> }
type Used<U extends readonly FactName[]> = { readonly [K in U[number]]: Outcome<FactOf<K>> }
/** Facts known before there are subjects: those of the domain. */
type Domainwide<N extends readonly FactName[]> = { readonly [K in N[number] & keyof DomainFacts]: DomainFacts[K] }
type Simplify<T> = { readonly [K in keyof T]: T[K] }

export interface CheckDefinition<
  M extends Messages, N extends readonly FactName[], U extends readonly FactName[], S extends Subject,
> {
  readonly id: `${string}/${string}`
  /** The claim, as a sentence. */
  readonly title: string
  readonly severity: Severity
  readonly question: Question
  /** `RFC 7208 §4.6.4`, or `best practice`. */
  readonly rfc: readonly string[]
  /** Facts without which there is no judgement: a failure to get one is `unknown`. */
  readonly needs: N
  /** Facts that inform the judgement and arrive as `Outcome`. */
  readonly uses?: U
  /** Without this permission the check is skipped. */
  readonly requires?: Permission
  /** Without this one, too. */
  readonly alsoRequires?: Permission
  /** Checks that explain the same defect better or graver: if one failed on the same or a containing subject, this one is skipped. */
  readonly defersTo?: readonly string[]
  /** What there is to judge, one by one; without it, the domain. */
  readonly over?: (facts: Simplify<Domainwide<N>>, scope: Scope) => readonly S[]
  /** Why `over` may be empty: the reason given for the one skip that stands in its place. */
  readonly nothing?: string
  /** What may have hidden subjects from `over`: when there are none, this failure makes one unknown in place of the skip. */
  readonly hidden?: (facts: Simplify<Domainwide<N>>, scope: Scope) => Failure | null
  /** Beside subjects, too: a claim about each of them all must not be silent about those that were not seen, where no other check tells. */
  readonly hidesSome?: boolean
  readonly judge: (subject: NoInfer<S>, facts: Simplify<Needed<N> & Used<U>>, scope: Scope) => Verdict<NoInfer<M>>
  /** What is wrong, in one line; the first code is `failed`. */
  readonly messages: M
  /** Why it matters, in two or three lines. */
  readonly explain: string
  /** What to do. */
  readonly remedy: (
    subject: NoInfer<S>, facts: Simplify<Needed<N> & Used<U>>, args: Readonly<Record<string, Arg>>, scope: Scope, code: string,
  ) => Remedy
}

/** A check as the engine and the renderers see it: its types have done their work. */
export interface Check extends Omit<CheckDefinition<Messages, readonly FactName[], readonly FactName[], Subject>, 'over' | 'hidden' | 'judge' | 'remedy'> {
  readonly topic: string
  readonly over?: (facts: Partial<Facts>, scope: Scope) => readonly Subject[]
  readonly hidden?: (facts: Partial<Facts>, scope: Scope) => Failure | null
  readonly judge: (subject: Subject, facts: Partial<Facts>, scope: Scope) => Verdict
  readonly remedy: (subject: Subject, facts: Partial<Facts>, args: Readonly<Record<string, Arg>>, scope: Scope, code: string) => Remedy
}

export function defineCheck<
  const M extends Messages, const N extends readonly FactName[], S extends Subject = Subject, const U extends readonly FactName[] = readonly [],
>(definition: CheckDefinition<M, N, U, S>): Check {
  const [topic] = definition.id.split('/')
  return { ...definition, topic: topic ?? '' } as unknown as Check
}
