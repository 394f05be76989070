/** IP addresses as text and octets: one spelling for each address, so that two mentions of it compare equal. */
import { isIPv4, isIPv6 } from 'node:net'

/** The spelling of RFC 5952; null when it is no IPv6 address, or carries a zone (`%eth0`). */
export function canonicalIpv6(text: string): string | null {
  const octets = addressOctets(text)
  return octets?.length === 16 ? formatAddress(octets) : null
}

/** 4 or 16 octets in network order; null when it is no address, or carries a zone. */
export function addressOctets(text: string): Uint8Array | null {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number)
  if (!isIPv6(text) || text.includes('%')) return null
  const tail = /[\d.]+$/.exec(text)?.[0] ?? ''
  const embedded = isIPv4(tail) ? tail.split('.').map(Number) : []
  const hexadecimal = embedded.length ? text.slice(0, -tail.length).replace(/([^:]):$/, '$1') : text
  const [head = [], rest] = hexadecimal.split('::').map(part => part.split(':').filter(Boolean).flatMap(groupOctets))
  const end = [...(rest ?? []), ...embedded]
  const gap = rest === undefined ? 0 : 16 - head.length - end.length
  return Uint8Array.from([...head, ...Array<number>(gap).fill(0), ...end])
}

/** Text of 4 or 16 octets; IPv6 as RFC 5952 recommends: `2001:db8::1`, and `::ffff:192.0.2.1` for mapped addresses (§5). */
export function formatAddress(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.')
  const groups = Array.from({ length: 8 }, (_, index) => ((octets[2 * index] ?? 0) << 8) | (octets[2 * index + 1] ?? 0))
  if (groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff) return `::ffff:${octets.subarray(12).join('.')}`
  // §4.2.2 and §4.2.3: "::" stands for the longest run of at least two zero groups, the first one of equals.
  let longest = { start: 0, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (groups[start + length] === 0) length++
    if (length > longest.length) longest = { start, length }
  }
  const hexadecimal = groups.map(group => group.toString(16))
  if (longest.length < 2) return hexadecimal.join(':')
  return `${hexadecimal.slice(0, longest.start).join(':')}::${hexadecimal.slice(longest.start + longest.length).join(':')}`
}

function groupOctets(group: string): [number, number] {
  const value = Number.parseInt(group, 16)
  return [value >> 8, value & 0xff]
}

/** Do the first `bits` agree? Both have the same number of octets. */
export function samePrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false
  return (bits & 7) === 0 || (((a[whole] ?? 0) ^ (b[whole] ?? 0)) >> (8 - (bits & 7))) === 0
}
