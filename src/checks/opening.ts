/**
 * How far a session came: TCP, the TLS of an implicit-TLS port, the greeting, the list of what the server offers. Each step
 * ends in one of three ways: it went well, the server said no (a fact), or it cannot be told, because the fault may pass or
 * may be ours. Every check of sessions starts here, so that all of them draw the line at the same place.
 */
import type { EgressFacts } from '../probes/egress.ts'
import type { Reply, ServiceSession } from '../probes/session.ts'
import type { Failure, Outcome } from '../network/network.ts'
import type { Protocol } from '../services.ts'
import { imapCapabilities, imapRefusal, parseImapStatus } from '../syntax/imap.ts'
import { isOk, pop3Refusal } from '../syntax/pop3.ts'
import { parseSmtpReply, smtpRefusal } from '../syntax/smtp.ts'
import { skip, unknown, unknownBecause, type Reason, type Skip, type Unknown } from './define.ts'
import { reachOf, type Reach } from './reachability.ts'

export interface Held {
  readonly session: ServiceSession
  readonly egress: Outcome<EgressFacts> | null
  /** Whoever issues certificates in the place of others, here. */
  readonly interceptor?: string | null
}

/** What stands in the way of everything behind it. */
export type Obstacle =
  | Exclude<Reach, { state: 'accepted' }>
  /** The handshake of implicit TLS failed. */
  | { readonly state: 'no-tls'; readonly failure: Failure }
  /** The server said no: to the connection itself, or to the first command. */
  | { readonly state: 'refused'; readonly command: 'greeting' | Command; readonly reply: Reply; readonly line: string }

export type Command = 'EHLO' | 'CAPABILITY' | 'CAPA'
export type Greeted = Obstacle | { readonly state: 'greeted'; readonly greeting: Reply }
export type Opened = Obstacle | { readonly state: 'open'; readonly greeting: Reply; /** The reply that lists what is offered. */ readonly offer: Reply }

interface Manners {
  readonly command: Command
  readonly greets: (reply: Reply) => boolean
  readonly agrees: (reply: Reply) => boolean
  /** Why a refusal says nothing about the server; null when it does. */
  readonly excuse: (reply: Reply, command: 'greeting' | Command, server: string) => Reason | null
  /** The line that a message quotes. */
  readonly quote: (reply: Reply) => string
}

const manners: Readonly<Record<Protocol, Manners>> = {
  smtp: {
    command: 'EHLO',
    greets: reply => parseSmtpReply(reply).code === 220,
    agrees: reply => parseSmtpReply(reply).code === 250,
    excuse: (reply, command, server) =>
      smtpRefusal(reply, { command: command === 'greeting' ? '' : command, server })
      // RFC 5321 §3.1: "554 no SMTP service here", which servers say to strangers that they do not like
      ?? (parseSmtpReply(reply).code === 554 ? 'client-rejected' : null),
    // a reply may tease with other codes before the one it means
    quote: reply => reply.find(line => line.startsWith(String(parseSmtpReply(reply).code))) ?? reply[0] ?? '',
  },
  imap: {
    command: 'CAPABILITY',
    greets: reply => ['OK', 'PREAUTH'].includes(parseImapStatus(reply[0] ?? '').status ?? ''),
    agrees: reply => parseImapStatus(reply.at(-1) ?? '').status === 'OK',
    excuse: (reply, _command, server) => imapRefusal(reply, { server }),
    quote: reply => reply.at(-1) ?? '',
  },
  pop3: {
    command: 'CAPA',
    greets: reply => isOk(reply[0]),
    agrees: reply => isOk(reply[0]),
    excuse: (reply, _command, server) => pop3Refusal(reply, { server }),
    quote: reply => reply[0] ?? '',
  },
}

/** Up to the greeting. */
export function greetingOf({ session, egress }: Held): Greeted {
  const reach = reachOf(session, egress)
  if (reach.state !== 'accepted') return reach
  const { failure, greeting, tls, endpoint } = session
  if (endpoint.tls === 'implicit' && !tls) {
    return failure?.event === 'handshake' && failure.reason !== 'client-cannot-offer'
      ? { state: 'no-tls', failure }
      : undecided(failure)
  }
  if (!greeting) return undecided(failure)
  return judged(session, 'greeting', greeting, manners[session.protocol].greets) ?? { state: 'greeted', greeting }
}

/** Up to the list of what the server offers: in clear, or inside TLS on an implicit-TLS port. */
export function openingOf(held: Held): Opened {
  const greeted = greetingOf(held)
  if (greeted.state !== 'greeted') return greeted
  const { session } = held
  const { command, agrees } = manners[session.protocol]
  const offer = offerOf(session)
  if (!offer) return undecided(session.failure)
  return judged(session, command, offer, agrees) ?? { state: 'open', greeting: greeted.greeting, offer }
}

/** The list of what the server offers, wherever it was heard; `undefined` when the session ended before. */
export function heardOffer(session: ServiceSession, offer: Reply | undefined): Obstacle | { readonly state: 'heard'; readonly offer: Reply } {
  if (!offer) return undecided(session.failure)
  const { command, agrees } = manners[session.protocol]
  return judged(session, command, offer, agrees) ?? { state: 'heard', offer }
}

/** What a check that needs more than the session gave says of it. What has a check of its own is not reported again. */
export function setAside(obstacle: Obstacle, { session: { endpoint: { port } } }: Held): Skip | Unknown {
  switch (obstacle.state) {
    case 'undecided': return obstacle.because
    case 'closed': return skip(`port ${port} does not answer`)
    case 'no-tls': return skip('the TLS handshake fails')
    case 'refused': return skip(`the server answers ${inWords(obstacle.command)} with "${obstacle.line}"`)
  }
}

/** `EHLO`, or `the connection` for what the greeting answers. */
export function inWords(command: 'greeting' | Command): string {
  return command === 'greeting' ? 'the connection' : command
}

/** The line of a refusal that a message quotes. */
export function quote({ protocol }: ServiceSession, reply: Reply): string {
  return manners[protocol].quote(reply)
}

/** Why this refusal of STARTTLS or STLS says nothing about the server; null when it does. */
export function upgradeExcuse(session: ServiceSession, reply: Reply): Reason | null {
  const server = session.endpoint.address
  switch (session.protocol) {
    case 'smtp': return smtpRefusal(reply, { command: 'STARTTLS', server })
    case 'imap': return imapRefusal(reply, { server })
    case 'pop3': return pop3Refusal(reply, { server })
  }
}

export function undecided(failure: Failure | undefined): { readonly state: 'undecided'; readonly because: Unknown } {
  return { state: 'undecided', because: failure ? unknownBecause(failure) : unknown('connection-lost', 'the session ended early') }
}

function judged(
  session: ServiceSession, command: 'greeting' | Command, reply: Reply, good: (reply: Reply) => boolean,
): Obstacle | null {
  if (good(reply)) return null
  const { excuse, quote: line } = manners[session.protocol]
  const reason = excuse(reply, command, session.endpoint.address)
  if (reason) return { state: 'undecided', because: unknown(reason, `the server answers ${inWords(command)} with "${line(reply)}"`) }
  return { state: 'refused', command, reply, line: line(reply) }
}

function offerOf(session: ServiceSession): Reply | undefined {
  const implicit = session.endpoint.tls === 'implicit'
  switch (session.protocol) {
    case 'smtp': return implicit ? session.ehloOverTls : session.ehlo
    case 'imap': return withGreeting(session, implicit ? session.capabilityOverTls : session.capability)
    case 'pop3': return implicit ? session.capaOverTls : session.capa
  }
}

/** What the greeting lists counts where the reply to CAPABILITY lists nothing (RFC 9051 §7.1). */
function withGreeting({ greeting = [] }: ServiceSession, offer: Reply | undefined): Reply | undefined {
  return offer && imapCapabilities(offer).size === 0 && imapCapabilities(greeting).size > 0 ? [...greeting, ...offer] : offer
}
