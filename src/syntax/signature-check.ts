/** Does this key confirm this signature? For DKIM and ARC (RFC 6376 §3.3, RFC 8463 §3): both sign the SHA-256 of octets. */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { DkimPublicKey } from './dkim.ts'

export type SigningAlgorithm = 'rsa-sha256' | 'ed25519-sha256' | 'rsa-sha1'

/** Keys that would take long for nothing: no key that is in use comes near (RFC 8301 §3.2 asks for up to 4096 bits). */
const longestModulus = 8192
const longestExponent = 33

/** `octets`: one character each. Never throws: a key that cannot be used confirms nothing. */
export function confirms(octets: string, signature: string, algorithm: SigningAlgorithm, key: DkimPublicKey): boolean {
  const data = Buffer.from(octets, 'latin1')
  const signed = Buffer.from(signature, 'base64')
  const imported = importKey(key)
  if (!imported) return false
  try {
    // RFC 8463 §3: PureEdDSA, over the digest.
    if (key.type === 'ed25519') return verify(null, createHash('sha256').update(data).digest(), imported, signed)
    return verify(algorithm === 'rsa-sha1' ? 'sha1' : 'sha256', data, imported, signed)
  } catch {
    return false
  }
}

function importKey(key: DkimPublicKey): KeyObject | null {
  try {
    if (key.type === 'ed25519') return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.point, 'hex').toString('base64url') } })
    const exponent = BigInt(key.exponent)
    if (key.bits > longestModulus || exponent.toString(2).length > longestExponent) return null
    return createPublicKey({ format: 'jwk', key: { kty: 'RSA', n: base64url(key.modulus), e: base64url(exponent.toString(16)) } })
  } catch {
    return null
  }
}

function base64url(hex: string): string {
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
}
