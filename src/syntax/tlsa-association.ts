/**
 * What a TLSA record says of a certificate (RFC 6698 §2.1.4, "certificate association data"): the certificate or its
 * SubjectPublicKeyInfo, as it is or as a digest. `3 1 1` is the SHA-256 of the server's public key.
 */
import { createHash, createPublicKey } from 'node:crypto'
import { isQuick } from './certificate-path.ts'
import type { TlsaData } from './tlsa.ts'
import { readX509 } from './x509.ts'

/** Hexadecimal, lower case; null for what is no certificate, or an unknown selector or matching type. */
export function associationData(base64Der: string, selector: number, matching: number): string | null {
  const certificate = readX509(Buffer.from(base64Der, 'base64'))
  const octets = selector === 0 ? certificate?.der : selector === 1 ? certificate?.spki : undefined
  if (!octets) return null
  switch (matching) {
    case 0: return octets.toString('hex')
    case 1: return createHash('sha256').update(octets).digest('hex')
    case 2: return createHash('sha512').update(octets).digest('hex')
    default: return null
  }
}

/** Does the record, by selector, matching type and data, mean this certificate or its key? Its usage is not looked at. */
export function isAssociated({ selector, matching, data }: TlsaData, base64Der: string): boolean {
  return data !== '' && associationData(base64Der, selector, matching) === data
}

/** Was the certificate signed with this key (SubjectPublicKeyInfo in hexadecimal)? False for what cannot be read. */
export function isSignedWith(base64Der: string, spki: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'hex'), format: 'der', type: 'spki' })
    return isQuick(key) && (readX509(Buffer.from(base64Der, 'base64'))?.node.verify(key) ?? false)
  } catch {
    return false
  }
}
