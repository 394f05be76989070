/**
 * Addresses that no stranger can reach: the IANA special-purpose registries (RFC 6890), as far as they say "not globally
 * reachable", and multicast. An MX host at 10.0.0.5 works from the office and bounces all mail from outside.
 */
import { addressOctets, formatAddress, samePrefix } from './address.ts'

/** Prefix, its length, and what it is for. */
export const specialPurposeBlocks: readonly (readonly [prefix: string, bits: number, name: string])[] = [
  ['0.0.0.0', 8, 'this network, RFC 791'],
  ['10.0.0.0', 8, 'private, RFC 1918'],
  ['100.64.0.0', 10, 'shared by a provider’s customers, RFC 6598'],
  ['127.0.0.0', 8, 'loopback, RFC 1122'],
  ['169.254.0.0', 16, 'link-local, RFC 3927'],
  ['172.16.0.0', 12, 'private, RFC 1918'],
  ['192.0.0.0', 24, 'protocol assignments, RFC 6890'],
  ['192.0.2.0', 24, 'documentation, RFC 5737'],
  ['192.168.0.0', 16, 'private, RFC 1918'],
  ['198.18.0.0', 15, 'benchmarking, RFC 2544'],
  ['198.51.100.0', 24, 'documentation, RFC 5737'],
  ['203.0.113.0', 24, 'documentation, RFC 5737'],
  ['224.0.0.0', 4, 'multicast, RFC 5771'],
  ['240.0.0.0', 4, 'reserved, RFC 1112'],
  ['::', 128, 'unspecified, RFC 4291'],
  ['::1', 128, 'loopback, RFC 4291'],
  ['::', 96, 'IPv4-compatible, RFC 4291'],
  ['::ffff:0:0', 96, 'IPv4-mapped, RFC 4291'],
  ['64:ff9b:1::', 48, 'local translation, RFC 8215'],
  ['100::', 64, 'discarded, RFC 6666'],
  ['2001:2::', 48, 'benchmarking, RFC 5180'],
  ['2001:db8::', 32, 'documentation, RFC 3849'],
  ['3fff::', 20, 'documentation, RFC 9637'],
  ['5f00::', 16, 'segment routing, RFC 9602'],
  ['fc00::', 7, 'unique local, RFC 4193'],
  ['fe80::', 10, 'link-local, RFC 4291'],
  ['fec0::', 10, 'site-local, RFC 3879'],
  ['ff00::', 8, 'multicast, RFC 4291'],
]

const blocks = specialPurposeBlocks.map(([prefix, bits, name]) => ({ octets: addressOctets(prefix) ?? new Uint8Array(), bits, name }))

/** The block that keeps an address from being reached by everybody, in words; null for a global address, and for no address. */
export function specialPurposeBlock(address: string): string | null {
  const octets = addressOctets(address.replace(/%.*$/s, ''))
  if (!octets) return null
  const block = blocks.find(one => one.octets.length === octets.length && samePrefix(one.octets, octets, one.bits))
  return block?.name ?? (octets.length === 16 ? specialPurposeWithin(octets) : null)
}

/** An IPv6 address may be another way to write an IPv4 address: for NAT64 (RFC 6052 §2.1) and for 6to4 (RFC 3056 §2). */
function specialPurposeWithin(octets: Uint8Array): string | null {
  const embedded = samePrefix(nat64, octets, 96) ? octets.subarray(12) : samePrefix(sixToFour, octets, 16) ? octets.subarray(2, 6) : null
  const block = embedded && specialPurposeBlock(formatAddress(embedded))
  return block && `${block}, as ${formatAddress(embedded)} in IPv6`
}

const nat64 = addressOctets('64:ff9b::') ?? new Uint8Array()
const sixToFour = addressOctets('2002::') ?? new Uint8Array()
