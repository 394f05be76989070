/**
 * What a line of a mail log says, whichever server wrote it: somebody logged in or failed to, a message was taken in, refused,
 * handed on or given back. Fields hold what stands in the line, as octets; who reads them makes them visible.
 */
import type { Reason } from './log-reason.ts'

export type LoginService = 'imap' | 'pop3' | 'smtp' | 'sieve' | 'other'

export type DeliveryStatus = 'sent' | 'deferred' | 'bounced' | 'expired'

export type LogEvent =
  | LoginEvent | LoginFailedEvent | AcceptedEvent | QueuedEvent | DeliveryEvent | FinishedEvent | RefusedEvent | TlsEvent | TroubleEvent
  /** A line that is understood, and says nothing that is wanted here. */
  | { readonly kind: 'other' }

export interface LoginEvent {
  readonly kind: 'login'
  readonly service: LoginService
  readonly user: string
  readonly address: string | null
}

export interface LoginFailedEvent {
  readonly kind: 'login-failed'
  readonly service: LoginService
  /** Null where the line does not name it. */
  readonly user: string | null
  readonly address: string | null
  readonly attempts: number
  /** Dovecot’s name for the connection: the same failure may be told by its auth service and by its login service. */
  readonly session: string | null
  /** Dovecot’s auth service tells of failures at any service, Postfix included. */
  readonly by: 'postfix' | 'dovecot' | 'dovecot-auth' | 'exim'
}

/** A message came in, over SMTP or from a process of the machine. */
export interface AcceptedEvent {
  readonly kind: 'accepted'
  readonly id: string
  readonly address: string | null
  /** Who logged in to send it, or `uid 33` of a local process. */
  readonly account: string | null
  /** Exim says these here, Postfix in lines of their own. */
  readonly from: string | null
  readonly size: number | null
  readonly recipients: number | null
}

/** Postfix: the queue manager took the message up, each time that it does. */
export interface QueuedEvent {
  readonly kind: 'queued'
  readonly id: string
  readonly from: string
  readonly size: number
  readonly recipients: number
}

/** What came of one recipient, this time. */
export interface DeliveryEvent {
  readonly kind: 'delivery'
  readonly id: string
  /** Null: for all that remain. */
  readonly to: string | null
  /** `mx.example.com[192.0.2.1]:25`, or the name of a local transport; null where nobody was reached. */
  readonly relay: string | null
  readonly status: DeliveryStatus
  /** Seconds since the message came in; null where the line does not say. */
  readonly delay: number | null
  /** RFC 3463. */
  readonly enhanced: string | null
  readonly reason: Reason | null
  /** Over a connection that carried another message before. */
  readonly reused: boolean
  /** `TLSv1.3`; null: without; undefined: the line does not say. */
  readonly tls: string | null | undefined
  /** To a filter on this machine, from which it comes back. */
  readonly internal: boolean
}

/** The message left the queue. */
export interface FinishedEvent {
  readonly kind: 'finished'
  readonly id: string
}

/** A client was told no, for good or for now. */
export interface RefusedEvent {
  readonly kind: 'refused'
  /** RCPT, MAIL, CONNECT, END-OF-MESSAGE, … */
  readonly stage: string
  /** Null where only the queue id tells. */
  readonly id: string | null
  readonly address: string | null
  readonly from: string | null
  readonly to: string | null
  readonly temporary: boolean
  readonly enhanced: string | null
  readonly reason: Reason
  /** The DNS list that was the reason. */
  readonly list: string | null
}

export interface TlsEvent {
  readonly kind: 'tls'
  readonly direction: 'in' | 'out'
  /** As in the `relay` of deliveries. */
  readonly peer: string
  readonly version: string
}

/** The server speaks of a fault of its own. */
export interface TroubleEvent {
  readonly kind: 'trouble'
  readonly level: 'error' | 'fatal' | 'panic'
}

export const other: LogEvent = { kind: 'other' }
