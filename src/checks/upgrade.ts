/**
 * How a session became private, or why it did not: TLS from the first octet, or an upgrade that the server offers, agrees to
 * and completes (RFC 3207, RFC 9051 §6.2.1, RFC 2595 §4).
 */
import type { Reply, ServiceSession } from '../probes/session.ts'
import type { Failure, TlsSession } from '../network/network.ts'
import { imapCapabilities, parseImapStatus } from '../syntax/imap.ts'
import { isOk, pop3Capabilities } from '../syntax/pop3.ts'
import { extensions, parseSmtpReply } from '../syntax/smtp.ts'
import { skip, unknown, type Skip, type Unknown } from './define.ts'
import { openingOf, quote, setAside, undecided, upgradeExcuse, type Held, type Obstacle } from './opening.ts'

export type Upgrade =
  | Obstacle
  /** `broken`: TLS failed before anything was heard inside. In TLS 1.3 a server refuses a client after the client is done. */
  | { readonly state: 'tls'; readonly tls: TlsSession; readonly broken: Failure | null }
  /** The list of what is offered lacks STARTTLS; `preauth`: IMAP's greeting rules it out (RFC 9051 §7.1.4). */
  | { readonly state: 'not-offered'; readonly offer: Reply; readonly preauth: boolean }
  /** Offered, and then answered with a refusal. */
  | { readonly state: 'upgrade-refused'; readonly reply: Reply; readonly line: string }
  /** The server agreed, and the handshake failed: an alert, or no TLS at all. */
  | { readonly state: 'handshake-failed'; readonly failure: Failure }

export function upgradeOf(held: Held): Upgrade {
  const { session } = held
  const { tls, startTls, failure } = session
  if (tls && held.interceptor) {
    return { state: 'undecided', because: unknown('intercepted-here', `the certificate is issued by ${held.interceptor}, which here vouches for strangers, too`) }
  }
  if (held.interceptor && session.greeting) {
    return { state: 'undecided', because: unknown('intercepted-here', `somebody between here and the server masks what it says ("${held.interceptor}"), and does so with strangers, too`) }
  }
  if (tls) return { state: 'tls', tls, broken: failure?.event === 'handshake' && !heardInside(session) ? failure : null }
  const opened = openingOf(held)
  // a POP3 server that knows no CAPA is asked for STLS all the same
  if (opened.state === 'no-tls') return { state: 'handshake-failed', failure: opened.failure }
  const silent = opened.state === 'refused' && opened.command === 'CAPA'
  if (opened.state !== 'open' && !silent) return opened
  const offer = opened.state === 'open' ? opened.offer : opened.reply
  if (opened.state === 'open' && session.protocol === 'imap' && parseImapStatus(opened.greeting[0] ?? '').status === 'PREAUTH') {
    return { state: 'not-offered', offer: opened.greeting, preauth: true }
  }
  if (!startTls) {
    if (!silent && !offersUpgrade(session, offer)) return { state: 'not-offered', offer, preauth: false }
    return failure || !silent ? undecided(failure) : { state: 'not-offered', offer, preauth: false }
  }
  if (!consents(session, startTls)) {
    const reason = upgradeExcuse(session, startTls)
    const line = quote(session, startTls)
    if (reason) return { state: 'undecided', because: unknown(reason, `the server answers the upgrade to TLS with "${line}"`) }
    return silent ? { state: 'not-offered', offer, preauth: false } : { state: 'upgrade-refused', reply: startTls, line }
  }
  return failure?.event === 'handshake' && failure.reason !== 'client-cannot-offer'
    ? { state: 'handshake-failed', failure }
    : undecided(failure)
}

/** The TLS session, or what a check of it says when there is none. */
export function tlsOf(held: Held): TlsSession | Skip | Unknown {
  const upgrade = upgradeOf(held)
  switch (upgrade.state) {
    case 'tls': return upgrade.tls
    case 'not-offered': return skip('TLS is not offered')
    case 'upgrade-refused': return skip(`the server answers the upgrade to TLS with "${upgrade.line}"`)
    case 'handshake-failed': return skip('the TLS handshake fails')
    default: return setAside(upgrade, held)
  }
}

function heardInside(session: ServiceSession): boolean {
  if (session.endpoint.tls === 'implicit') return session.greeting !== undefined
  switch (session.protocol) {
    case 'smtp': return session.ehloOverTls !== undefined
    case 'imap': return session.capabilityOverTls !== undefined
    case 'pop3': return session.capaOverTls !== undefined
  }
}

function offersUpgrade(session: ServiceSession, offer: Reply): boolean {
  switch (session.protocol) {
    case 'smtp': return extensions(offer).has('STARTTLS')
    case 'imap': return imapCapabilities(offer).has('STARTTLS')
    case 'pop3': return pop3Capabilities(offer).has('STLS')
  }
}

function consents(session: ServiceSession, reply: Reply): boolean {
  switch (session.protocol) {
    case 'smtp': return parseSmtpReply(reply).code === 220
    case 'imap': return parseImapStatus(reply.at(-1) ?? '').status === 'OK'
    case 'pop3': return isOk(reply[0])
  }
}
