/**
 * Signatures of authorities over what is no certificate: lists of the revoked, and answers about one. The algorithm is the one
 * that the structure names; whether it is strong enough is not asked here.
 */
import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { isQuick } from './certificate-path.ts'
import { readDerInside, type DerValue } from './der.ts'
import { readAlgorithm, readX509, type X509 } from './x509.ts'

/** Whoever may have signed: an authority by its name and key. */
export interface Signer {
  /** As `X509.subject`; null when only the key is known. */
  readonly subject: string | null
  readonly key: KeyObject
  /** keyUsage rules out that it signs lists of the revoked. */
  readonly listsNothing: boolean
}

/** Those among the certificates (base64 DER) that issued `certificate`, and besides the bearer of `anchorKey` (SPKI, base64). */
export function issuersOf(certificate: X509, candidates: readonly string[], anchorKey?: string): Signer[] {
  const found = candidates.slice(0, 20).flatMap((candidate): Signer[] => {
    const read = readX509(Buffer.from(candidate, 'base64'))
    if (read?.subject !== certificate.issuer) return []
    const key = keyOf(() => read.node.publicKey)
    return key && issued(certificate, key) ? [{ subject: read.subject, key, listsNothing: read.crlSign === false }] : []
  })
  const key = anchorKey === undefined ? null : keyOf(() => createPublicKey({ key: Buffer.from(anchorKey, 'base64'), format: 'der', type: 'spki' }))
  return key && issued(certificate, key) ? [...found, { subject: null, key, listsNothing: false }] : found
}

function keyOf(read: () => KeyObject): KeyObject | null {
  try {
    const key = read()
    return isQuick(key) ? key : null
  } catch {
    return null // of a kind that the library does not know
  }
}

function issued({ node }: X509, key: KeyObject): boolean {
  try {
    return node.verify(key)
  } catch {
    return false
  }
}

/** Does the key confirm the BIT STRING `signature` over `signed`? Never throws. */
export function isSignedBy(signed: Buffer, algorithm: DerValue, signature: DerValue, key: KeyObject): boolean {
  const name = readAlgorithm(algorithm)
  if (name === null || signature.tag !== 0x03 || signature.content[0] !== 0) return false
  const digest = /sha-?(1|224|256|384|512)(?!\d)/i.exec(name)?.[1]
  const pss = name.startsWith('rsassaPss') ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO } : {}
  const whole = /^(?:ED\d+|ML-DSA-\d+)$/.test(name)
  if (digest === undefined && !whole) return false
  try {
    return verify(whole ? null : `sha${digest ?? ''}`, signed, { key, ...pss }, signature.content.subarray(1))
  } catch {
    return false
  }
}

/** The three parts of what authorities sign: what is said, how it is signed, the signature. */
export function readSigned(octets: Buffer): readonly [said: DerValue, algorithm: DerValue, signature: DerValue, ...rest: DerValue[]] | null {
  const [said, algorithm, signature, ...rest] = readDerInside(octets) ?? []
  return said && algorithm && signature ? [said, algorithm, signature, ...rest] : null
}
