/** What an evaluation of SPF leaves behind: every term it came to, what was asked for it, what came back, and what that meant. */
import type { Asked } from './asking.ts'

/** RFC 7208 §2.6. */
export type SpfResult = 'none' | 'neutral' | 'pass' | 'fail' | 'softfail' | 'temperror' | 'permerror'

/** One evaluation of check_host(): that of the message, or that of an include or redirect. */
export interface SpfTrace {
  /** The <domain>. */
  readonly domain: string
  readonly asked: readonly Asked[]
  /** The SPF record; null when there was not exactly one. */
  readonly record: string | null
  /** The terms that were come to, in order. */
  readonly terms: readonly SpfStep[]
  readonly result: SpfResult
  /** Why the result, in one line for people. */
  readonly because: string
}

export interface SpfStep {
  /** As written. */
  readonly term: string
  /** 0-based offset in the record. */
  readonly at: number
  /** The <target-name> (§4.8), for terms that have one. */
  readonly target?: string
  readonly asked: readonly Asked[]
  /** Of a mechanism, how it came out; a redirect is `followed`, an explanation `used` or `ignored`. */
  readonly outcome: SpfOutcome | 'followed' | 'used' | 'ignored'
  /** Why, in one line for people. */
  readonly because: string
  /** Of include and redirect. */
  readonly inner?: SpfTrace
}

/** §4.6.2. */
export type SpfOutcome = 'match' | 'no-match' | 'temperror' | 'permerror'
