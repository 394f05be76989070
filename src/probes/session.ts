/** What every mail session yields, whatever its protocol: the shared shape of SMTP, IMAP and POP3 facts. */
import type { Endpoint, Failure, TlsSession } from '../network/network.ts'

/** The lines of one reply, as received. */
export type Reply = readonly string[]

export interface TranscriptLine {
  /** `S` received, `C` sent (as shown: secrets masked), `*` an event such as the TLS handshake. */
  readonly from: 'S' | 'C' | '*'
  readonly line: string
  /** Milliseconds since TCP was accepted. */
  readonly at: number
}

/** Where in a session a failure struck. */
export type Stage = 'connect' | 'handshake' | 'greeting' | 'command'

export interface SessionFacts {
  /** `mx1.example.com[192.0.2.1]:25`. */
  readonly name: string
  readonly endpoint: Endpoint
  /** Milliseconds until TCP was accepted; absent when it never was. */
  connected?: number
  greeting?: Reply
  /** The reply to STARTTLS or STLS; absent when the command was not offered and so not sent. */
  startTls?: Reply
  /** Octets that the peer sent in clear between its consent and the handshake. */
  injected?: string
  tls?: TlsSession
  /** Why the session ended early, and where. What was learnt before stays. */
  failure?: Failure & { readonly stage: Stage; /** The command without an answer. */ readonly command?: string }
  transcript: TranscriptLine[]
}

export interface SmtpFacts extends SessionFacts {
  readonly protocol: 'smtp'
  ehlo?: Reply
  /** Only sent when EHLO was refused. */
  helo?: Reply
  ehloOverTls?: Reply
}

export interface ImapFacts extends SessionFacts {
  readonly protocol: 'imap'
  capability?: Reply
  capabilityOverTls?: Reply
}

export interface Pop3Facts extends SessionFacts {
  readonly protocol: 'pop3'
  capa?: Reply
  capaOverTls?: Reply
}

export type ServiceSession = SmtpFacts | ImapFacts | Pop3Facts
