/** What the way of a message left in it: the stamps of its hops, what the receiver found out, and what we find out ourselves. */
import { evaluateMessage, fromOutside, hopsOf, type Hop, type MessageVerdict } from '../evaluate/message.ts'
import { messageIn } from '../evaluate/message-reading.ts'
import type { Network } from '../network/network.ts'
import { drive } from '../probes/drive.ts'
import { parseAuthenticationResults, type MethodResult } from '../syntax/authentication-results.ts'
import { fieldsNamed, type HeaderField } from '../syntax/message.ts'
import { organizationalDomain } from '../syntax/organizational-domain.ts'

export interface Reading {
  readonly verdict: MessageVerdict
  /** The receiver's own word; null where it wrote none. */
  readonly receiver: { readonly server: string; readonly results: readonly MethodResult[] } | null
  /** It came in from outside, so that SPF says something: not where it was submitted to the very server that delivers it. */
  readonly cameIn: boolean
}

/** `octets`: one character an octet. */
export async function readDelivered(network: Network, octets: string): Promise<Reading> {
  const read = messageIn(Buffer.from(octets, 'latin1'))
  const hops = hopsOf(read.message.fields)
  const border = borderOf(hops)
  const client = border < 0 ? {} : { ip: hops[border]?.address ?? null, helo: hops[border]?.helo ?? null }
  const verdict = await drive(evaluateMessage({ ...read, given: client }, network.now()), network)
  return { verdict, receiver: receiverOf(read.message.fields, hops, border), cameIn: border >= 0 }
}

/**
 * The hop at which the message came in from elsewhere; -1 when it never did, because it was submitted to the very organization
 * that delivers it. Servers of one organization may hand it on among themselves over public addresses.
 */
function borderOf(hops: readonly Hop[]): number {
  for (const [i, hop] of hops.entries()) {
    if (!fromOutside(hop)) continue
    if (hop.authenticated) return -1
    const own = domainOf(hop.by)
    const within = own !== null && domainOf(hops[i + 1]?.by ?? null) === own && [hop.helo, hop.reverse].some(name => domainOf(name) === own)
    if (!within) return i
  }
  return -1
}

function domainOf(name: string | null): string | null {
  return name === null || !/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?$/i.test(name) ? null : organizationalDomain(name.toLowerCase().replace(/\.$/, ''))
}

/**
 * Trusted are those that stand above the stamps from before the message came in, and bear the name of a server that stamped it
 * after that, or of one in its domain (RFC 8601 §4.1).
 */
function receiverOf(fields: readonly HeaderField[], hops: readonly Hop[], border: number): Reading['receiver'] {
  const own = border < 0 ? hops : hops.slice(0, border + 1)
  const before = hops[own.length]?.line ?? Infinity
  const names = new Set(own.flatMap(({ by }) => by === null ? [] : [by.replace(/\.$/, '')]))
  const domains = new Set([...names].flatMap(name => domainOf(name) ?? []))
  const trusted = fieldsNamed(fields, 'Authentication-Results').filter(({ line }) => line < before)
    .map(({ value }) => parseAuthenticationResults(value))
    .filter(({ server }) => server !== null && (names.has(server) || domains.has(domainOf(server) ?? '')))
  const [first] = trusted
  return first?.server ? { server: first.server, results: trusted.flatMap(({ results }) => results) } : null
}
