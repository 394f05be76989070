/** What the way of a message left in it: the stamps of its hops, what the receiver found out, and what we find out ourselves. */
import { evaluateMessage, type MessageVerdict } from '../evaluate/message.ts'
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
  const verdict = await drive(evaluateMessage({ ...read, given: {} }, network.now()), network)
  return { verdict, receiver: receiverOf(read.message.fields, verdict), cameIn: verdict.entry !== null && !verdict.entry.authenticated }
}

/**
 * Trusted are those that stand above the stamps from before the message came in, and bear the name of a server that stamped it
 * after that, or of one in its domain (RFC 8601 §4.1).
 */
function receiverOf(fields: readonly HeaderField[], { hops, entry }: MessageVerdict): Reading['receiver'] {
  const at = hops.findIndex(({ line }) => line === entry?.line)
  const own = at < 0 ? hops.slice(0, 1) : hops.slice(0, at + 1)
  const before = hops[own.length]?.line ?? Infinity
  const names = new Set(own.flatMap(({ by }) => by === null ? [] : [by.replace(/\.$/, '')]))
  const domains = new Set([...names].map(name => organizationalDomain(name)))
  const trusted = fieldsNamed(fields, 'Authentication-Results').filter(({ line }) => line < before)
    .map(({ value }) => parseAuthenticationResults(value))
    .filter(({ server }) => server !== null && (names.has(server) || domains.has(organizationalDomain(server))))
  const [first] = trusted
  return first?.server ? { server: first.server, results: trusted.flatMap(({ results }) => results) } : null
}
