/**
 * Certificates made on the spot (RFC 5280): authorities, intermediates, leaves, and every flaw a test or a world wants.
 * No outside program and no stored key: what is made here is gone with the process.
 */
import { createHash, generateKeyPair, randomBytes, sign, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import * as asn1 from 'asn1js'
import {
  AlgorithmIdentifier, AttributeTypeAndValue, AuthorityKeyIdentifier, BasicConstraints, Certificate, Extension, ExtKeyUsage,
  GeneralName, PublicKeyInfo, Time, TimeType,
} from 'pkijs'
import { addressOctets } from '../syntax/address.ts'

export type KeyKind = 'ec256' | 'ec384' | 'ed25519' | 'rsa1024' | 'rsa2048' | 'rsa4096'

export interface CertificateOptions {
  /** DNS names for subjectAltName; `*.example.com` is written as given. */
  readonly names?: readonly string[]
  /** SRVNames for subjectAltName (RFC 4985): `_imaps.example.com`. */
  readonly srvNames?: readonly string[]
  /** IP addresses for subjectAltName. */
  readonly addresses?: readonly string[]
  /** The subject's CN: by default the first name; '' leaves the subject empty. */
  readonly commonName?: string
  /** Default: one hour ago. */
  readonly notBefore?: Date
  /** Default: 90 days from now. */
  readonly notAfter?: Date
  /** Default: ec256, the quickest. */
  readonly key?: KeyKind
  /** A key of that kind that is there already. */
  readonly keyPair?: KeyPair
  /** Of the signature on this certificate; Ed25519 keys sign without a hash of ours. Default: sha256. */
  readonly hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512'
  /** May sign others (basicConstraints and keyUsage say so). */
  readonly ca?: boolean
  /** extKeyUsage of a leaf, object identifiers. Default: TLS servers. */
  readonly purposes?: readonly string[]
  /** authorityInfoAccess: where the issuer's certificate is to be had. Public authorities always say. */
  readonly issuerUrl?: string
  /** cRLDistributionPoints: where the issuer lists what is revoked; each a place of its own. */
  readonly crlUrls?: readonly string[]
  /** The TLS feature extension (RFC 7633). */
  readonly mustStaple?: boolean
  /** So many timestamps of Certificate Transparency logs, of no log in particular. */
  readonly timestamps?: number
}

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export interface IssuedCertificate {
  readonly der: Buffer
  readonly pem: string
  /** PKCS #8. */
  readonly keyPem: string
  /** What a well configured server sends: leaf first, root excluded. */
  readonly chain: readonly Buffer[]
}

export interface Authority extends IssuedCertificate {
  readonly subject: Certificate['subject']
  readonly key: KeyObject
  issue(options: CertificateOptions): Promise<IssuedCertificate>
  intermediate(name: string, options?: CertificateOptions): Promise<Authority>
}

/** A root of its own, valid for ten years unless told otherwise. */
export async function createAuthority(name: string, options: CertificateOptions = {}): Promise<Authority> {
  const made = await make({ ...longLived(), ...options, commonName: name, ca: true }, null)
  return authority(made, [])
}

/** A certificate signed with its own key; `ca` is false unless told otherwise. */
export async function createSelfSigned(options: CertificateOptions): Promise<IssuedCertificate> {
  const made = await make(options, null)
  return issued(made, [made.der])
}

/** PEM of any DER structure (RFC 7468 §3). */
export function toPem(der: Uint8Array, label = 'CERTIFICATE'): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

interface Made {
  readonly der: Buffer
  readonly key: KeyObject
  readonly subject: Certificate['subject']
  readonly keyIdentifier: ArrayBuffer
}

function issued(made: Made, chain: readonly Buffer[]): IssuedCertificate {
  const keyPem = made.key.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { der: made.der, pem: toPem(made.der), keyPem, chain }
}

function authority(made: Made, chain: readonly Buffer[]): Authority {
  return {
    ...issued(made, chain),
    subject: made.subject,
    key: made.key,
    async issue(options) {
      const leaf = await make(options, made)
      return issued(leaf, [leaf.der, ...chain])
    },
    async intermediate(name, options = {}) {
      const below = await make({ ...longLived(), ...options, commonName: name, ca: true }, made)
      return authority(below, [below.der, ...chain])
    },
  }
}

const hour = 3_600_000
const day = 24 * hour

function longLived(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - 365 * day), notAfter: new Date(Date.now() + 3650 * day) }
}

async function make(options: CertificateOptions, issuer: Made | null): Promise<Made> {
  const { names = [], srvNames = [], addresses = [], key: kind = 'ec256', hash = 'sha256', ca = false, purposes = [serverAuth] } = options
  const { publicKey, privateKey } = options.keyPair ?? await createKey(kind)
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const keyIdentifier = arrayBuffer(createHash('sha1').update(subjectPublicKeyBits(spki)).digest()) // RFC 5280 §4.2.1.2 (1)
  const signer = issuer?.key ?? privateKey

  const certificate = new Certificate()
  certificate.version = 2
  certificate.serialNumber = new asn1.Integer({ valueHex: arrayBuffer(serial()) })
  certificate.notBefore = time(options.notBefore ?? new Date(Date.now() - hour))
  certificate.notAfter = time(options.notAfter ?? new Date(Date.now() + 90 * day))
  const commonName = options.commonName ?? names[0] ?? addresses[0] ?? ''
  if (commonName !== '') {
    certificate.subject.typesAndValues.push(
      new AttributeTypeAndValue({ type: '2.5.4.3', value: new asn1.Utf8String({ value: commonName }) }))
  }
  certificate.issuer = issuer?.subject ?? certificate.subject
  certificate.subjectPublicKeyInfo = PublicKeyInfo.fromBER(arrayBuffer(spki))
  certificate.extensions = extensions({ names, srvNames, addresses, ca, purposes, commonName, kind, keyIdentifier, issuer: issuer?.keyIdentifier ?? keyIdentifier, options })
  const algorithm = signatureAlgorithm(signer, hash)
  certificate.signature = algorithm
  certificate.signatureAlgorithm = algorithm

  const signed = Buffer.from(certificate.encodeTBS().toBER(false))
  const digest = signer.asymmetricKeyType === 'ed25519' ? null : hash
  certificate.signatureValue = new asn1.BitString({ valueHex: arrayBuffer(sign(digest, signed, signer)) })
  return { der: Buffer.from(certificate.toSchema(true).toBER(false)), key: privateKey, subject: certificate.subject, keyIdentifier }
}

/** RFC 5280 §4.2.1.12. */
const serverAuth = '1.3.6.1.5.5.7.3.1'

interface ExtensionInput {
  names: readonly string[]
  srvNames: readonly string[]
  addresses: readonly string[]
  ca: boolean
  purposes: readonly string[]
  commonName: string
  kind: KeyKind
  keyIdentifier: ArrayBuffer
  issuer: ArrayBuffer
  options: Pick<CertificateOptions, 'issuerUrl' | 'crlUrls' | 'mustStaple' | 'timestamps'>
}

/** RFC 5280 §4.2.1; subjectAltName is critical when the subject is empty (§4.2.1.6). */
function extensions({ names, srvNames, addresses, ca, purposes, commonName, kind, keyIdentifier, issuer, options }: ExtensionInput): Extension[] {
  const list = [
    extension('2.5.29.19', new BasicConstraints({ cA: ca }).toSchema(), true),
    extension('2.5.29.14', new asn1.OctetString({ valueHex: keyIdentifier })),
    extension('2.5.29.35', new AuthorityKeyIdentifier({ keyIdentifier: new asn1.OctetString({ valueHex: issuer }) }).toSchema()),
    extension('2.5.29.15', keyUsage(ca, kind), true),
  ]
  if (!ca) list.push(extension('2.5.29.37', new ExtKeyUsage({ keyPurposes: [...purposes] }).toSchema()))
  const alternatives = [
    ...names.map(value => new GeneralName({ type: 2, value }).toSchema()),
    ...addresses.map(address => new GeneralName({ type: 7, value: packed(address) }).toSchema()),
    ...srvNames.map(srvName),
  ]
  if (alternatives.length > 0) {
    list.push(extension('2.5.29.17', new asn1.Sequence({ value: alternatives }), commonName === ''))
  }
  const { issuerUrl, crlUrls = [], mustStaple = false, timestamps = 0 } = options
  if (issuerUrl !== undefined) {
    const location = new GeneralName({ type: 6, value: issuerUrl }).toSchema()
    const description = new asn1.Sequence({ value: [new asn1.ObjectIdentifier({ value: '1.3.6.1.5.5.7.48.2' }), location] })
    list.push(extension('1.3.6.1.5.5.7.1.1', new asn1.Sequence({ value: [description] })))
  }
  if (crlUrls.length > 0) list.push(extension('2.5.29.31', new asn1.Sequence({ value: crlUrls.map(url => new asn1.Sequence({ value: [pointName(url)] })) })))
  if (mustStaple) list.push(extension('1.3.6.1.5.5.7.1.24', new asn1.Sequence({ value: [new asn1.Integer({ value: 5 })] })))
  if (timestamps > 0) list.push(extension('1.3.6.1.4.1.11129.2.4.2', new asn1.OctetString({ valueHex: arrayBuffer(timestampList(timestamps)) })))
  return list
}

/** A DistributionPointName with one full name: [0] [0] [6]. */
export function pointName(url: string): asn1.Constructed {
  const tagged = (parts: asn1.BaseBlock[]): asn1.Constructed => new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: parts })
  return tagged([tagged([new GeneralName({ type: 6, value: url }).toSchema() as asn1.BaseBlock])])
}

/** RFC 6962 §3.3: two octets of length for the whole, and two before each. */
function timestampList(count: number): Buffer {
  const stamp = Buffer.concat([Buffer.of(0, 47), Buffer.alloc(47)])
  const stamps = Buffer.concat(Array.from({ length: count }, () => stamp))
  const length = Buffer.alloc(2)
  length.writeUInt16BE(stamps.length)
  return Buffer.concat([length, stamps])
}

/** An otherName (RFC 5280 §4.2.1.6): its type, and within [0] an IA5String (RFC 4985 §2). */
function srvName(value: string): asn1.Constructed {
  const tagged = (parts: asn1.BaseBlock[]): asn1.Constructed => new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: parts })
  return tagged([new asn1.ObjectIdentifier({ value: '1.3.6.1.5.5.7.8.7' }), tagged([new asn1.IA5String({ value })])])
}

export function extension(id: string, value: { toBER(sizeOnly?: boolean): ArrayBuffer }, critical = false): Extension {
  return new Extension({ extnID: id, critical, extnValue: value.toBER(false) })
}

/** RFC 5280 §4.2.1.3: an authority signs certificates and lists; a leaf signs, and an RSA leaf may take a key in transport. */
function keyUsage(ca: boolean, kind: KeyKind): asn1.BitString {
  const digitalSignature = 0x80
  const keyEncipherment = 0x20
  const [bits, unusedBits] = ca ? [0x06, 1] : kind.startsWith('rsa') ? [digitalSignature | keyEncipherment, 5] : [digitalSignature, 7]
  return new asn1.BitString({ valueHex: arrayBuffer(Buffer.of(bits)), unusedBits })
}

const generate = promisify(generateKeyPair) as unknown as
  (type: string, options: object) => Promise<KeyPair>

export function createKey(kind: KeyKind): Promise<KeyPair> {
  if (kind === 'ed25519') return generate('ed25519', {})
  if (kind === 'ec256' || kind === 'ec384') return generate('ec', { namedCurve: kind === 'ec256' ? 'P-256' : 'P-384' })
  return generate('rsa', { modulusLength: Number(kind.slice(3)) })
}

const signatures = {
  ec: { sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2', sha384: '1.2.840.10045.4.3.3', sha512: '1.2.840.10045.4.3.4' },
  rsa: { sha1: '1.2.840.113549.1.1.5', sha256: '1.2.840.113549.1.1.11', sha384: '1.2.840.113549.1.1.12', sha512: '1.2.840.113549.1.1.13' },
} as const

/** RFC 5758 §3.2 and RFC 8410 §3: without parameters; RFC 4055 §5: RSA with NULL. */
export function signatureAlgorithm(signer: KeyObject, hash: keyof typeof signatures.ec): AlgorithmIdentifier {
  switch (signer.asymmetricKeyType) {
    case 'ed25519': return new AlgorithmIdentifier({ algorithmId: '1.3.101.112' })
    case 'ec': return new AlgorithmIdentifier({ algorithmId: signatures.ec[hash] })
    default: return new AlgorithmIdentifier({ algorithmId: signatures.rsa[hash], algorithmParams: new asn1.Null() })
  }
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime after; no fractions of a second. */
export function time(date: Date): Time {
  const value = new Date(Math.floor(date.getTime() / 1000) * 1000)
  return new Time({ type: value.getUTCFullYear() < 2050 ? TimeType.UTCTime : TimeType.GeneralizedTime, value })
}

/** Sixteen octets, positive and without leading zero (RFC 5280 §4.1.2.2). */
function serial(): Buffer {
  const octets = randomBytes(16)
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40
  return octets
}

function subjectPublicKeyBits(spki: Buffer): Buffer {
  return Buffer.from(PublicKeyInfo.fromBER(arrayBuffer(spki)).subjectPublicKey.valueBlock.valueHexView)
}

/** 4 or 16 octets (RFC 5280 §4.2.1.6). */
function packed(address: string): asn1.OctetString {
  const octets = addressOctets(address)
  if (!octets) throw new TypeError(`${address} is no IP address`)
  return new asn1.OctetString({ valueHex: arrayBuffer(octets) })
}

export function arrayBuffer(octets: Uint8Array): ArrayBuffer {
  return new Uint8Array(octets).buffer
}
