/**
 * The boundary: everything mailcheck learns about the world passes through this one interface.
 * It speaks the field's units (a DNS question, an endpoint, a URL), bounds every call in time, octets and lines, and
 * rejects with `NetworkFailure` and with nothing else. Absence is an answer; silence is a failure.
 */
import type { Reason } from '../reasons.ts'
import type { Trust, TrustProblem } from '../syntax/certificate.ts'
import type { ClientHello } from '../syntax/client-hello.ts'
import type { DnsRecord, RecordType } from '../syntax/record.ts'
import type { OfferAnswer } from '../syntax/server-hello.ts'
import type { TlsMode } from '../services.ts'

export interface Network {
  /** Resolves for NOERROR and NXDOMAIN; everything else (SERVFAIL, REFUSED, silence, garbage) is a `NetworkFailure`. */
  query<T extends RecordType>(question: Question<T>): Promise<Answer<T>>
  /** Opens a connection; with `implicit` TLS the handshake is part of it. Certificates are never rejected here. */
  connect(endpoint: Endpoint, options?: ConnectOptions): Promise<Connection>
  /** One HTTPS exchange; never follows a redirect, never rejects a certificate. */
  fetch(url: string, request?: HttpRequest): Promise<HttpResponse>
  now(): Date
}

export interface Question<T extends RecordType = RecordType> {
  /** Fully qualified, A-labels, lower case, no final dot; '' is the root. */
  readonly name: string
  readonly type: T
  /**
   * Ask this name server (an IP address) instead of the resolver, without recursion. Aliases that leave its zones are not
   * followed: `aliases` without `records` then says nothing about their end. A referral is an empty answer without AA.
   */
  readonly server?: string
  /** `tcp`: do not try UDP first. */
  readonly transport?: 'tcp'
  /** CD=1: answer even what does not validate (RFC 4035 §3.2.2). */
  readonly checkingDisabled?: boolean
  /** The label that stands as `***` in the name: put in where the question leaves, and nowhere recorded, shown or answered. */
  readonly secret?: string
}

export interface Answer<T extends RecordType = RecordType> {
  readonly question: Question<T>
  readonly rcode: 'NOERROR' | 'NXDOMAIN'
  /** The RRset asked for, at the end of the alias chain; empty means that it does not exist. */
  readonly records: readonly DnsRecord<T>[]
  /** The CNAME records that led there, in order. */
  readonly aliases: readonly DnsRecord<'CNAME'>[]
  readonly authority: readonly DnsRecord[]
  readonly signatures: readonly DnsRecord<'RRSIG'>[]
  /** AD=1, and from a resolver whose word counts (loopback, TLS, or --trust-ad). */
  readonly secure: boolean
  /** Does this resolver's AD bit count? If not, `secure: false` means nothing. */
  readonly adTrusted: boolean
  /** AA=1: the answer comes from a server of the zone itself. */
  readonly authoritative: boolean
  readonly origin: 'live' | 'planned'
  /** `192.0.2.53:53`: who answered. */
  readonly resolver: string
  readonly transport: 'udp' | 'tcp'
  /** Size of the DNS message. */
  readonly octets: number
  /** Milliseconds until the answer. */
  readonly elapsed: number
  readonly extendedErrors: readonly ExtendedError[]
  /** RFC 3339: when it was had, if that was for an earlier run. */
  readonly obtainedAt?: string
}

/** RFC 8914. */
export interface ExtendedError {
  readonly code: number
  readonly text: string
}

export interface Endpoint {
  /** The name the peer is known by: sent as SNI, compared with the certificate. */
  readonly host: string
  /** IPv4 or IPv6 (RFC 5952). */
  readonly address: string
  readonly port: number
  readonly tls: TlsMode
}

export interface ConnectOptions {
  /** Milliseconds until TCP must be accepted, in place of the usual limit; the handshake of implicit TLS keeps its own. */
  readonly timeout?: number
  /** What sets a further session apart from the one dialogue with its endpoint: it is recorded and replayed under this name. */
  readonly purpose?: string
  /** Leaves the handshake of implicit TLS to the caller, for one of another kind: `startTls` or `offerTls`. */
  readonly deferTls?: boolean
  /** Replies may be long, because they bring mail: four megabytes. Lines that end in LF alone keep it, for octets are counted there. */
  readonly longReplies?: boolean
  /** So many of this minute's connections to the peer must be left to others, or this one is not made. */
  readonly spare?: number
  /**
   * Where this minute's are spent, waits for the next one, up to so many milliseconds. `Infinity`: as long as the run lasts, and not
   * at all where nobody knows how long that is.
   */
  readonly wait?: number
}

export interface StartTlsOptions {
  /** Sends no SNI. */
  readonly withoutName?: boolean
  /** Understands signatures with keys of this kind alone: a server with several certificates shows the one that it has of it. */
  readonly certificate?: CertificateKind
}

/** Of the key: `ECDSA` stands for all elliptic curves. */
export type CertificateKind = 'RSA' | 'ECDSA'

/** A line conversation. Lines are octet strings (one character an octet), without their line end. */
export interface Connection {
  readonly endpoint: Endpoint
  /** Milliseconds until TCP was accepted. */
  readonly connected: number
  /** Set once a handshake completed. */
  readonly tls: TlsSession | undefined
  /** What the peer sent in clear between its consent to STARTTLS and the handshake; never read as a reply. */
  readonly injected: string
  /** The next line. Rejects when the peer closes, is silent too long, or sends more than the limits allow. */
  readLine(): Promise<ReceivedLine>
  /** The lines that have come so far and were not read: taken out, without waiting for more. */
  unread(): readonly ReceivedLine[]
  /** Sends `line` and CRLF. `shown` stands in its place wherever it is recorded or displayed: pass it for every secret. */
  writeLine(line: string, shown?: string): Promise<void>
  /** Sends octets as they are, in one piece: what no line can say. They are recorded without their last line end. */
  writeOctets(octets: string): Promise<void>
  /**
   * Sends a line that is made of a secret, and resolves with what is shown of it, which begins with `beginning`. A replay makes
   * nothing and has what was shown from its recording: it needs no secret. Null: the secret is not to be had.
   */
  writeSecret(beginning: string, make: () => SecretLine | null): Promise<string>
  /** What only the two ends of this TLS session know (RFC 9266, RFC 5929 §3); null without TLS. A replay has none. */
  channelBinding(type: ChannelBindingType): string | null
  /** The TLS handshake, after the peer consented to it. */
  startTls(options?: StartTlsOptions): Promise<TlsSession>
  /**
   * Sends a ClientHello of our own in place of a handshake, and resolves with what the peer makes of it; to hang up is to say
   * no. The connection is of no more use afterwards. `name` stands for the hello wherever it is recorded or displayed.
   */
  offerTls(name: string, hello: ClientHello): Promise<OfferAnswer>
  /** Closes at once, without waiting for the peer. */
  close(): void
}

export interface SecretLine {
  readonly line: string
  readonly shown: string
  /** What must not be seen, should the peer repeat it: octets. */
  readonly hidden: readonly string[]
}

export type ChannelBindingType = 'tls-exporter' | 'tls-unique'

export interface ReceivedLine {
  readonly text: string
  /** Milliseconds since TCP was accepted. */
  readonly at: number
}

export interface TlsSession {
  /** `TLSv1.3`. */
  readonly version: string
  /** The IANA name, `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string
  /** `X25519`, `prime256v1`, `DH 2048`, `RSA`; null when the library does not tell. */
  readonly keyExchange: string | null
  /** SNI as sent, null for none. */
  readonly servername: string | null
  /** Base64 DER, exactly what the peer sent, leaf first. */
  readonly chain: readonly string[]
  readonly trust: Trust
  /** Base64 DER of the stapled OCSP response. */
  readonly ocspResponse: string | null
  /** Milliseconds of the handshake. */
  readonly elapsed: number
}

export type { ClientHello, OfferAnswer, Trust, TrustProblem }

export interface HttpRequest {
  readonly method?: 'GET' | 'POST'
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Octets of body after which the exchange fails as `too-long`. */
  readonly limit?: number
  /** Where the URL’s host is, in the order in which to try: for who asked the DNS before. Else it is looked up. */
  readonly addresses?: readonly string[]
  /** Milliseconds until TCP must be accepted, at each address, in place of the usual limit. */
  readonly connectTimeout?: number
  /** Milliseconds for everything together, in place of the usual limit. */
  readonly timeout?: number
  /** The response may be shared for as long as it says itself (Cache-Control, RFC 9111 §5.2.2.1), within hours. */
  readonly lasting?: boolean
}

export interface HttpResponse {
  readonly url: string
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** One character an octet. */
  readonly body: string
  readonly address: string
  readonly tls: TlsSession | undefined
  readonly elapsed: number
  /** RFC 3339: when it was had, if that was for an earlier run. */
  readonly obtainedAt?: string
}

/** What happened at the boundary. A refusal and a failed handshake are facts about the peer; the rest may be ours. */
export type FailureEvent =
  | 'timeout' // nothing came in time
  | 'refused' // TCP RST to our SYN
  | 'unreachable' // no route, or a local refusal
  | 'closed' // the peer ended or reset an open connection
  | 'too-long' // more octets or lines than the limits allow
  | 'handshake' // TLS alert, or no TLS at all
  | 'rcode' // SERVFAIL, REFUSED and others
  | 'malformed' // what came cannot be read
  | 'unavailable' // not recorded, planned only, deadline or budget spent

/** The failure as data: what a fact keeps, and what a cassette records. */
export interface Failure {
  readonly event: FailureEvent
  readonly reason: Reason
  /** One line for people, the same in every run: no thread ids, no elapsed times. */
  readonly detail: string
  /** SERVFAIL's extended errors (RFC 8914), when there were any. */
  readonly extendedErrors?: readonly ExtendedError[]
  /** When several resolvers were asked: how many, and how many of them answered SERVFAIL. */
  readonly resolvers?: { readonly asked: number; readonly servfail: number }
  /** Milliseconds until TCP was accepted, when `connect` failed after that: in the handshake of implicit TLS. */
  readonly connected?: number
}

export class NetworkFailure extends Error implements Failure {
  readonly event: FailureEvent
  readonly reason: Reason
  readonly detail: string
  readonly extendedErrors?: readonly ExtendedError[]
  readonly resolvers?: NonNullable<Failure['resolvers']>
  readonly connected?: number

  constructor(failure: Failure) {
    super(`${failure.reason}: ${failure.detail}`)
    this.name = 'NetworkFailure'
    this.event = failure.event
    this.reason = failure.reason
    this.detail = failure.detail
    if (failure.extendedErrors) this.extendedErrors = failure.extendedErrors
    if (failure.resolvers) this.resolvers = failure.resolvers
    if (failure.connected !== undefined) this.connected = failure.connected
  }

  toJSON(): Failure {
    const { event, reason, detail, extendedErrors, resolvers, connected } = this
    return {
      event, reason, detail, ...(extendedErrors ? { extendedErrors } : {}), ...(resolvers ? { resolvers } : {}),
      ...(connected === undefined ? {} : { connected }),
    }
  }
}

/** A value, or the failure that hid it: for facts in which one lookup among many may fail. */
export type Outcome<T> = { readonly value: T } | { readonly problem: Failure }

/** Turns a rejected `NetworkFailure` into data. Any other error is a bug and goes on. */
export async function outcome<T>(promise: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await promise }
  } catch (error) {
    if (error instanceof NetworkFailure) return { problem: error.toJSON() }
    throw error
  }
}

/** `mx1.example.com[192.0.2.1]:25`: how an endpoint is named in findings, transcripts and labels. */
export function endpointName({ host, address, port }: Pick<Endpoint, 'host' | 'address' | 'port'>): string {
  return `${host}[${address}]:${port}`
}
