/** What a round trip comes to: for each route its outcome, the timeline, and what its owner should know. */
import type { Bounce } from './bounces.ts'
import type { FolderKind } from './look.ts'
import type { Reading } from './reading.ts'
import type { Reason } from '../reasons.ts'
import type { Severity } from '../checks/define.ts'

export type Outcome = 'delivered' | 'refused' | 'bounced' | 'lost' | 'unknown'
export type Stage = 'accepted' | 'hop' | 'delivered' | 'imap' | 'pop3' | 'deferred' | 'delayed' | 'bounced' | 'refused'

export interface Moment {
  readonly stage: Stage
  readonly at: Date
  /** Since the message was first handed in. By the clock here, but for what servers stamped: `stamped`. */
  readonly seconds: number
  readonly stamped: boolean
  readonly text: string
}

export interface Seen {
  /** `skipped`: it is not to be seen there. */
  readonly state: 'seen' | 'missing' | 'skipped' | 'unknown'
  readonly seconds: number | null
  /** Why, unless it was seen. */
  readonly why: string | null
}

export interface Problem {
  readonly code: ProblemCode
  readonly severity: Severity
  readonly text: string
  readonly remedy: string
}

export type ProblemCode =
  | 'refused' | 'bounced' | 'lost' | 'cannot-send' | 'cannot-read' | 'missing-by-pop3' | 'missing-by-imap' | 'junk' | 'other-folder' | 'deferred' | 'late'
  | 'dkim-failed' | 'spf-failed' | 'dmarc-failed' | 'not-signed' | 'hop-in-clear' | 'receiver-disagrees' | 'not-removed'

export interface RouteResult {
  /** `anna@example.com -> ben@example.net`, by the names that were asked for. */
  readonly route: string
  readonly from: string
  readonly to: string
  readonly id: string
  readonly sentAt: Date
  readonly outcome: Outcome
  /** Why it is unknown. */
  readonly unknown: { readonly reason: Reason; readonly detail: string } | null
  readonly folder: { readonly name: string; readonly kind: FolderKind } | null
  readonly timeline: readonly Moment[]
  readonly imap: Seen
  readonly pop3: Seen
  readonly reading: Reading | null
  readonly bounce: Bounce | null
  readonly problems: readonly Problem[]
  /** What became of the message: null where it was not found. */
  readonly removal: 'removed' | 'marked' | 'kept' | null
}

/** One that an earlier run had given up. */
export interface LateDelivery {
  readonly id: string
  readonly route: string
  readonly from: string
  readonly to: string
  readonly sentAt: Date
  readonly arrivedAt: Date
  readonly seconds: number
  readonly folder: { readonly name: string; readonly kind: FolderKind }
}

/** What a later run needs to know it again. */
export interface EarlierDelivery {
  readonly id: string
  readonly route: string
  readonly from: string
  readonly to: string
  readonly sentAt: Date
}

export interface DeliveryResult {
  readonly startedAt: Date
  readonly routes: readonly RouteResult[]
  readonly late: readonly LateDelivery[]
}
