/**
 * Public keys replaced by others of the same kind and size, whose private halves are known until the redaction ends: so a chain
 * that held together still does, signed anew. A key of which none can be made stays, and with it what it signed.
 */
import { createPublicKey, constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

export interface NewKey {
  /** SubjectPublicKeyInfo. */
  readonly spki: Buffer
  /** Null: it is the old key. */
  readonly privateKey: KeyObject | null
}

/** Longer ones take seconds to make. */
const longestModulus = 4096

export class KeyMap {
  readonly #known = new Map<string, NewKey>()

  /** The key that stands for this one (SubjectPublicKeyInfo). */
  key(spki: Buffer): NewKey {
    const name = spki.toString('base64')
    const known = this.#known.get(name) ?? make(spki) ?? { spki, privateKey: null }
    this.#known.set(name, known)
    return known
  }
}

function make(spki: Buffer): NewKey | null {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    const { modulusLength = 0, publicExponent = 0n, namedCurve } = details ?? {}
    const made = type === 'ec' && namedCurve !== undefined ? generateKeyPairSync('ec', { namedCurve })
      : type === 'ed25519' ? generateKeyPairSync('ed25519')
      : type === 'ed448' ? generateKeyPairSync('ed448')
      : type === 'rsa' && modulusLength >= 512 && modulusLength <= longestModulus && (publicExponent === 3n || publicExponent === 65537n)
        ? generateKeyPairSync('rsa', { modulusLength, publicExponent: Number(publicExponent) })
      : null
    return made && { spki: made.publicKey.export({ type: 'spki', format: 'der' }), privateKey: made.privateKey }
  } catch {
    return null
  }
}

const pss = /^rsassaPss-(SHA\d+)$/
const withDigest = /(?:^|with-)(sha1|sha224|sha256|sha384|sha512|md5)(?:With|$)/i

/** Signs by an algorithm as certificates name it; null where that cannot be done with this key. */
export function signWith(privateKey: KeyObject, algorithm: string, octets: Buffer): Buffer | null {
  try {
    const [, padded] = pss.exec(algorithm) ?? []
    if (padded !== undefined) return sign(padded, octets, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST })
    const [, digest] = withDigest.exec(algorithm) ?? []
    return sign(digest ?? null, octets, privateKey)
  } catch {
    return null
  }
}
