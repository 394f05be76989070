/**
 * DNSSEC keys and what names them. A DNSKEY (RFC 4034 §2) stands in the zone; a DS in the parent (RFC 4034 §5) holds its
 * digest and so begins the chain of trust; an RRSIG (RFC 4034 §3) signs one RRset for a span of time. The key tag is a
 * checksum by which signature and DS point at the key.
 */
import type { RecordData } from './record.ts'

/** IANA "DNS Security Algorithm Numbers". */
const algorithms: Readonly<Record<number, string>> = {
  1: 'RSAMD5', 3: 'DSA', 5: 'RSASHA1', 6: 'DSA-NSEC3-SHA1', 7: 'RSASHA1-NSEC3-SHA1', 8: 'RSASHA256', 10: 'RSASHA512', 12: 'ECC-GOST',
  13: 'ECDSAP256SHA256', 14: 'ECDSAP384SHA384', 15: 'ED25519', 16: 'ED448',
}

/** `8 (RSASHA256)`; the bare number for one that has no name here. */
export function algorithmName(number: number): string {
  const name = algorithms[number]
  return name === undefined ? String(number) : `${number} (${name})`
}

/** MUST NOT be used for signing, and are not to be relied on: RFC 9904 with RFC 9905 (SHA-1) and RFC 9906 (GOST). */
export const retiredAlgorithms: ReadonlySet<number> = new Set([1, 3, 5, 6, 7, 12])

/** DS digests that validators must know and that are not deprecated: SHA-256 and SHA-384. */
export const currentDigests: ReadonlySet<number> = new Set([2, 4])

const rsaAlgorithms: ReadonlySet<number> = new Set([1, 5, 7, 8, 10])

/** RFC 4034 Appendix B. */
export function keyTag({ flags, protocol, algorithm, key }: RecordData['DNSKEY']): number {
  const octets = [flags >> 8, flags & 0xff, protocol, algorithm, ...Buffer.from(key, 'base64')]
  if (algorithm === 1) return ((octets.at(-3) ?? 0) << 8) | (octets.at(-2) ?? 0) // Appendix B.1
  const sum = octets.reduce((total, octet, i) => total + (i % 2 === 0 ? octet << 8 : octet), 0)
  return (sum + (sum >>> 16)) & 0xffff
}

/** Bits of an RSA key's modulus (RFC 3110 §2); null for other keys, and for data that is none. */
export function rsaKeyBits({ algorithm, key }: RecordData['DNSKEY']): number | null {
  if (!rsaAlgorithms.has(algorithm)) return null
  const octets = Buffer.from(key, 'base64')
  const short = octets[0] ?? 0
  const exponent = short === 0 ? { at: 3, length: octets.length < 3 ? 0 : octets.readUInt16BE(1) } : { at: 1, length: short }
  const modulus = octets.subarray(exponent.at + exponent.length)
  const first = modulus.findIndex(octet => octet !== 0)
  return first < 0 ? null : (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24
}

/** Is it for signing the keys (the SEP flag, RFC 4034 §2.1.1), rather than the records? */
export function isKeySigning({ flags }: RecordData['DNSKEY']): boolean {
  return (flags & 1) === 1
}
