/**
 * What is offered to a client that uses TLS wherever it can: the list inside TLS, or the one in clear where the server has no
 * TLS to offer. What was said in clear before an upgrade counts no longer (RFC 3207 §4.2, RFC 9051 §6.2.1, RFC 2595 §4).
 */
import type { Reply, ServiceSession } from '../probes/session.ts'
import { skip, type Skip, type Unknown } from './define.ts'
import { greetingOf, heardOffer, setAside, type Held } from './opening.ts'
import { upgradeOf } from './upgrade.ts'

export type Offer =
  | { readonly state: 'offered'; readonly offer: Reply; readonly overTls: boolean }
  /** The server greets, and refuses to list what it offers. */
  | { readonly state: 'refused'; readonly reply: Reply; readonly line: string }
  | { readonly state: 'aside'; readonly because: Skip | Unknown }

export function offerTo(held: Held): Offer {
  const greeted = greetingOf(held)
  if (greeted.state !== 'greeted') return { state: 'aside', because: setAside(greeted, held) }
  const { session } = held
  const upgrade = upgradeOf(held)
  switch (upgrade.state) {
    case 'tls': return heard(held, offersOf(session).overTls, true)
    case 'not-offered': return heard(held, offersOf(session).inClear, false)
    case 'upgrade-refused': return { state: 'aside', because: skip(`the server answers the upgrade to TLS with "${upgrade.line}"`) }
    case 'handshake-failed': return { state: 'aside', because: skip('the TLS handshake fails') }
    default: return { state: 'aside', because: setAside(upgrade, held) }
  }
}

function heard(held: Held, reply: Reply | undefined, overTls: boolean): Offer {
  const found = heardOffer(held.session, reply)
  switch (found.state) {
    case 'heard': return { state: 'offered', offer: found.offer, overTls }
    case 'refused': return { state: 'refused', reply: found.reply, line: found.line }
    default: return { state: 'aside', because: setAside(found, held) }
  }
}

/** The lists as received, in clear and inside TLS. */
export function offersOf(session: ServiceSession): { readonly inClear: Reply | undefined; readonly overTls: Reply | undefined } {
  switch (session.protocol) {
    case 'smtp': return { inClear: session.ehlo, overTls: session.ehloOverTls }
    case 'imap': return { inClear: session.capability, overTls: session.capabilityOverTls }
    case 'pop3': return { inClear: session.capa, overTls: session.capaOverTls }
  }
}
