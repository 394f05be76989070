import { addressOctets, formatAddress } from '../syntax/address.ts'

/**
 * Who a source is, by its address: `2001:db8:0:1::/64` for IPv6, where hosts change the rest of it as they like (RFC 8981); any
 * other address, and what is none, as it is.
 */
export function networkOf(address: string): string {
  const octets = address.includes(':') ? addressOctets(address) : null
  // ::1 and mapped addresses begin with zeros; fe80::/10 is the same network for everybody
  if (octets?.length !== 16 || octets[0] === 0 || (octets[0] === 0xfe && ((octets[1] ?? 0) & 0xc0) === 0x80)) return address
  return `${formatAddress(octets.map((octet, i) => i < 8 ? octet : 0))}/64`
}
