/**
 * What a certificate says, and whom it covers. A mail server shows a chain of them in the TLS handshake: first its own, the
 * leaf, then those of the authorities that vouch for it. The leaf covers a host when one of its DNS names (subjectAltName;
 * never the common name) is the host's name, or is it but for `*` in place of the first label (RFC 9525 §6.3).
 */
import { createHash } from 'node:crypto'
import { readX509, shownName, type X509 } from './x509.ts'

export { trustAnchors, verifyChain, type Trust, type TrustAnchors, type TrustProblem } from './certificate-path.ts'

export interface CertificateInfo {
  /** `C=US, O=Example, CN=mx1.example.com`; '' for none. */
  readonly subject: string
  readonly issuer: string
  /** DNS names of the subjectAltName (RFC 9525 calls them DNS-IDs): lower case, one character an octet, and possibly hostile. */
  readonly names: readonly string[]
  /** Common names of the subject: identify no host (RFC 9525 §2), save to senders that use DANE-TA (RFC 7672 §3.2.3). */
  readonly commonNames: readonly string[]
  /** IP addresses of the subjectAltName. */
  readonly addresses: readonly string[]
  /** SRV-IDs of the subjectAltName (RFC 4985): `_imaps.example.com`, lower case, and possibly hostile. */
  readonly srvNames: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
  readonly key: {
    /** `rsa`, `rsa-pss`, `ec`, `ed25519`, `ed448`, `dsa`; `unknown` for what the library cannot read. */
    readonly type: string
    /** RSA and DSA: of the modulus; elliptic curves: of the field. 0 when it cannot be told. */
    readonly bits: number
    /** `prime256v1`, `secp384r1`… */
    readonly curve?: string
  }
  /** As OpenSSL names it: `sha256WithRSAEncryption`, `ecdsa-with-SHA256`, `ED25519`; `rsassaPss-SHA256`; else the object identifier. */
  readonly signatureAlgorithm: string
  /** Issued to itself, and signed with its own key. */
  readonly selfSigned: boolean
  /** basicConstraints says CA. */
  readonly ca: boolean
  /** Object identifiers of its extended key usages (RFC 5280 §4.2.1.12); none where it does not say. */
  readonly purposes: readonly string[]
  /** Where its issuer's certificate is to be had: octet strings, and possibly hostile. */
  readonly issuerUrls: readonly string[]
  /** It promises a stapled OCSP response (RFC 7633). */
  readonly mustStaple: boolean
  /** Signed timestamps of Certificate Transparency logs inside it (RFC 6962 §3.3). */
  readonly timestamps: number
  /** Hexadecimal, lower case, without leading zeros. */
  readonly serial: string
  /** SHA-256 of the certificate and of its SubjectPublicKeyInfo (TLSA `0 1` and `1 1`): hexadecimal, lower case. */
  readonly sha256: string
  readonly spkiSha256: string
}

/**
 * Reads a certificate in base64 DER, as `TlsSession.chain` holds it; null for what is none. Every check of an endpoint reads
 * the same few, and reading costs more than judging: the latest stay known by their digest.
 */
export function parseCertificate(base64Der: string): CertificateInfo | null {
  const digest = createHash('sha256').update(base64Der).digest('base64')
  let known = latest.get(digest)
  if (known === undefined) {
    known = readCertificate(base64Der)
    const [oldest] = latest.keys()
    if (latest.size >= 128 && oldest !== undefined) latest.delete(oldest)
    latest.set(digest, known)
  }
  return known
}

const latest = new Map<string, CertificateInfo | null>()

function readCertificate(base64Der: string): CertificateInfo | null {
  const certificate = readX509(Buffer.from(base64Der, 'base64'))
  if (!certificate) return null
  const { names, addresses, srvNames, notBefore, notAfter, signatureAlgorithm, ca, purposes, serial, der, spki, issuerUrls, mustStaple, timestamps } = certificate
  try {
    return {
      subject: shownName(certificate.node.subject),
      issuer: shownName(certificate.node.issuer),
      names,
      commonNames: readCommonNames(certificate),
      addresses,
      srvNames,
      notBefore,
      notAfter,
      key: readKey(certificate),
      signatureAlgorithm,
      selfSigned: isSelfSigned(certificate),
      ca: ca === true,
      purposes,
      issuerUrls,
      mustStaple,
      timestamps,
      serial,
      sha256: createHash('sha256').update(der).digest('hex'),
      spkiSha256: createHash('sha256').update(spki).digest('hex'),
    }
  } catch {
    return null // node:crypto reads more strictly than we do
  }
}

/**
 * Is `host` (lower case, no final dot) one of the certificate's DNS names? `*` stands for exactly one label, the first, and
 * for no other part (RFC 9525 §6.3). A `*` directly under a top-level name counts for nothing, as in TLS libraries.
 */
export function certificateCovers(names: readonly string[], host: string): boolean {
  const dot = host.indexOf('.')
  const parent = host.slice(dot + 1)
  const wildcard = dot > 0 && parent.includes('.') ? `*.${parent}` : undefined
  return host !== '' && names.some(name => {
    const folded = name.toLowerCase()
    return folded === host || folded === wildcard
  })
}

const fields: Readonly<Record<string, number>> = {
  secp224r1: 224, prime256v1: 256, secp256k1: 256, secp384r1: 384, secp521r1: 521,
  brainpoolP256r1: 256, brainpoolP384r1: 384, brainpoolP512r1: 512, ed25519: 256, ed448: 456,
}

/** One attribute a line, and `CN=` only where it begins one: within a value, line ends are escaped. */
function readCommonNames({ node: { subject } }: X509): string[] {
  const lines = (subject as string | undefined)?.split('\n') ?? []
  return lines.filter(line => line.startsWith('CN=')).map(line => line.slice(3).toLowerCase())
}

function readKey({ node }: X509): CertificateInfo['key'] {
  try {
    const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails: details } = node.publicKey
    const curve = details?.namedCurve
    const bits = details?.modulusLength ?? fields[curve ?? type] ?? 0
    return curve ? { type, bits, curve } : { type, bits }
  } catch {
    return { type: 'unknown', bits: 0 }
  }
}

function isSelfSigned({ node, subject, issuer }: X509): boolean {
  try {
    return subject === issuer && node.verify(node.publicKey)
  } catch {
    return false
  }
}
