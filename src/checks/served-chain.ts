/**
 * The certificates that count: those on the path to a trust anchor, where there is one; else all that the server sends. A
 * root counts in neither case, for clients have their own copy and look at no date or signature of it (RFC 5280 §6.1).
 */
import type { TlsSession } from '../network/network.ts'
import { parseCertificate, type CertificateInfo } from '../syntax/certificate.ts'

/** The leaf first; empty when the leaf cannot be read. */
export function countedCertificates(tls: TlsSession): CertificateInfo[] {
  const { chain, trust } = tls
  if (!leafOf(tls)) return []
  const positions = trust.trusted ? trust.path : [...chain.keys()].slice(0, 10)
  const read = positions.map(at => parseCertificate(chain[at] ?? ''))
  return read.filter((certificate, i): certificate is CertificateInfo => certificate !== null && (i === 0 || !certificate.selfSigned))
}

/** Null when there is none, or none that can be read. */
export function leafOf({ chain, trust }: TlsSession): CertificateInfo | null {
  return !trust.trusted && trust.problem === 'malformed' ? null : parseCertificate(chain[0] ?? '')
}

export type Weakness =
  | { readonly code: 'weak-key'; readonly key: string; readonly bits: number }
  | { readonly code: 'weak-signature'; readonly algorithm: string }

/** Keys that can be broken, digests that can be forged: RFC 9325 §4.2 and §4.5; RSA from 2048 bits, curves from P-256 on. */
export function weaknessOf(certificates: readonly CertificateInfo[]): Weakness | null {
  for (const { key: { type, bits }, signatureAlgorithm: algorithm } of certificates) {
    const least = type.startsWith('rsa') || type === 'dsa' ? 2048 : type === 'ec' ? 256 : 0
    if (bits > 0 && bits < least) return { code: 'weak-key', key: type.startsWith('rsa') ? 'RSA' : type.toUpperCase(), bits }
    if (/md[245]|sha-?1(?!\d)/i.test(algorithm)) return { code: 'weak-signature', algorithm }
  }
  return null
}

/** How a certificate is shown in evidence. */
export function certificateLine({ subject, issuer, names, notBefore, notAfter }: CertificateInfo): string {
  const shownNames = names.length === 0 ? 'no DNS names' : names.slice(0, 10).join(' ')
  return `certificate ${subject || '(no subject)'} for ${shownNames}, issued by ${issuer || '(nobody)'}, `
    + `valid ${timestamp(notBefore)} to ${timestamp(notAfter)}`
}

/** RFC 3339, to the second. */
export function timestamp(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z')
}
