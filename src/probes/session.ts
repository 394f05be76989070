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
  /** RFC 3339: when it ended, if that was before the run that was handed it. */
  readonly obtainedAt?: string
  /** Milliseconds until TCP was accepted; absent when it never was. */
  connected?: number
  greeting?: Reply
  /** Lines that came behind the greeting before anything was asked (SMTP and POP3): they answer nothing. */
  surplus?: Reply
  /**
   * The reply to STARTTLS or STLS; absent when the command was not sent, because it was not offered. (STLS is also sent to a
   * POP3 server that knows no CAPA: it had no way to offer it.)
   */
  startTls?: Reply
  /** Octets that the peer sent in clear between its consent and the handshake. */
  injected?: string
  tls?: TlsSession
  /** Why the session ended early, and where. What was learnt before stays. */
  failure?: Failure & { readonly stage: Stage; /** The command without an answer. */ readonly command?: string }
  /** A line that was sent bears the time of what it answers. */
  transcript: TranscriptLine[]
}

export interface SmtpFacts extends SessionFacts {
  readonly protocol: 'smtp'
  /** The reply in clear: absent with implicit TLS. */
  ehlo?: Reply
  /** Only sent when EHLO was refused. */
  helo?: Reply
  /** The reply inside TLS, be it implicit or begun by STARTTLS. */
  ehloOverTls?: Reply
}

export interface ImapFacts extends SessionFacts {
  readonly protocol: 'imap'
  /** The reply in clear: absent with implicit TLS. */
  capability?: Reply
  /** The reply inside TLS, be it implicit or begun by STARTTLS. */
  capabilityOverTls?: Reply
}

export interface Pop3Facts extends SessionFacts {
  readonly protocol: 'pop3'
  /** The reply in clear: absent with implicit TLS. */
  capa?: Reply
  /** The reply inside TLS, be it implicit or begun by STLS. */
  capaOverTls?: Reply
}

export type ServiceSession = SmtpFacts | ImapFacts | Pop3Facts
