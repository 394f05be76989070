/**
 * Addresses as names: 192.0.2.1 is 1.2.0.192, and an IPv6 address its 32 nibbles, least significant first. Under in-addr.arpa
 * (RFC 1035 §3.5) and ip6.arpa (RFC 3596 §2.5) stands the PTR record, the name of the host; under the zone of a DNS block
 * list (RFC 5782 §2.1, §2.4) an A record says that the address is listed.
 */
import { addressOctets } from './address.ts'

/** `1.2.0.192`, `1.0.0.…8.b.d.0.1.0.0.2`; null when it is no address, or carries a zone. Octets are always an address. */
export function reversedLabels(address: Uint8Array): string
export function reversedLabels(address: string | Uint8Array): string | null
export function reversedLabels(address: string | Uint8Array): string | null {
  const octets = typeof address === 'string' ? addressOctets(address) : address
  if (!octets) return null
  if (octets.length === 4) return [...octets].toReversed().join('.')
  return [...octets].toReversed().flatMap(octet => [octet & 0xf, octet >> 4]).map(nibble => nibble.toString(16)).join('.')
}

/** Where the PTR records of an address are; null when it is no address. */
export function reverseName(address: Uint8Array): string
export function reverseName(address: string | Uint8Array): string | null
export function reverseName(address: string | Uint8Array): string | null {
  const labels = reversedLabels(address)
  return labels && `${labels}.${labels.length > 15 ? 'ip6' : 'in-addr'}.arpa`
}
