/** IP addresses as text and octets: one spelling for each address, so that two mentions of it compare equal. */

/** The spelling of RFC 5952; null when it is no IPv6 address, or carries a zone (`%eth0`). */
export function canonicalIpv6(text: string): string | null {
  const octets = addressOctets(text)
  return octets?.length === 16 ? formatAddress(octets) : null
}

/**
 * 4 or 16 octets in network order; null when it is no address, or carries a zone. Read by hand: an SPF evaluation reads a
 * hundred of them, and the regular expressions behind `isIPv6` take longer than all the rest.
 */
export function addressOctets(text: string): Uint8Array | null {
  if (text.length > 45) return null // the longest spelling: eight groups, the last two as an IPv4 address
  if (text.includes(':')) return ipv6Octets(text)
  const octets = new Uint8Array(4)
  return readIpv4(text, 0, octets, 0) ? octets : null
}

/** Four numbers up to 255 without leading zeros, up to the end of the text. */
function readIpv4(text: string, from: number, octets: Uint8Array, to: number): boolean {
  let value = 0
  let digits = 0
  let count = 0
  for (let at = from; at <= text.length; at++) {
    const digit = at < text.length ? text.charCodeAt(at) - 0x30 : dot
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && value === 0) return false
      value = value * 10 + digit
      if (++digits > 3) return false
    } else {
      if (digit !== dot || digits === 0 || value > 255 || count === 4) return false
      octets[to + count++] = value
      value = digits = 0
    }
  }
  return count === 4
}

/** `.`, counted from `0`. */
const dot = -2

/** RFC 4291 §2.2. */
function ipv6Octets(text: string): Uint8Array | null {
  const octets = new Uint8Array(16)
  let filled = 0
  /** Octets before "::". */
  let gap = -1
  let at = 0
  if (text.startsWith('::')) {
    gap = 0
    at = 2
  }
  while (at < text.length) {
    let end = at
    let value = 0
    for (let digit = hexDigit(text.charCodeAt(end)); digit >= 0; digit = hexDigit(text.charCodeAt(++end))) value = value * 16 + digit
    if (text.charAt(end) === '.') {
      if (filled > 12 || !readIpv4(text, at, octets, filled)) return null
      filled += 4
      break
    }
    if (end === at || end - at > 4 || filled > 14) return null
    octets[filled++] = value >> 8
    octets[filled++] = value & 0xff
    if (end === text.length) break
    if (text.charAt(end) !== ':' || end + 1 === text.length) return null
    at = end + 1
    if (text.charAt(at) === ':') {
      if (gap >= 0) return null
      gap = filled
      at++
    }
  }
  if (gap < 0) return filled === 16 ? octets : null
  if (filled > 14) return null
  octets.copyWithin(16 - (filled - gap), gap, filled)
  return octets.fill(0, gap, 16 - (filled - gap))
}

/** Negative when it is none. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
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

/** Do the first `bits` agree? Both have the same number of octets. */
export function samePrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false
  return (((a[whole] ?? 0) ^ (b[whole] ?? 0)) >> (8 - (bits & 7))) === 0
}
