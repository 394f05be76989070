/**
 * An X.509 certificate (RFC 5280 §4.1): who (subject) holds which public key, until when, said and signed by whom (issuer).
 * What a certificate says is read from its octets by our own reader, the same on every Node version and without the quoting
 * of text that hostile names can break (CVE-2021-44532); keys and signatures are left to node:crypto.
 */
import { X509Certificate } from 'node:crypto'
import { SocketAddress } from 'node:net'
import { readDer, readDerInside, readOid, SEQUENCE, SET, type DerValue } from './der.ts'

export interface X509 {
  readonly der: Buffer
  /** 1, 2 or 3. */
  readonly version: number
  /** Hexadecimal, lower case. */
  readonly serial: string
  /** The subject's and issuer's names in a form in which equal names are equal strings (RFC 5280 §7.1). */
  readonly subject: string
  readonly issuer: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** SubjectPublicKeyInfo. */
  readonly spki: Buffer
  readonly signatureAlgorithm: string
  /** basicConstraints; undefined when it has none. */
  readonly ca: boolean | undefined
  /** How many intermediate certificates may stand below this one. */
  readonly pathLength: number
  /** keyUsage has keyCertSign; undefined without keyUsage. */
  readonly certSign: boolean | undefined
  /** keyUsage has cRLSign; undefined without keyUsage. */
  readonly crlSign: boolean | undefined
  /** Where its issuer lists what is revoked (cRLDistributionPoints; RFC 5280 §4.2.1.13). */
  readonly crlPoints: readonly CrlPoint[]
  /** Hexadecimal; '' when the certificate does not say. */
  readonly subjectKeyId: string
  readonly authorityKeyId: string
  /** SAN: dNSName, octet strings, lower case. */
  readonly names: readonly string[]
  /** SAN: iPAddress. */
  readonly addresses: readonly string[]
  /** SAN: SRVName (RFC 4985), `_imaps.example.com`: octet strings, lower case. */
  readonly srvNames: readonly string[]
  /** extKeyUsage: object identifiers. */
  readonly purposes: readonly string[]
  /** Where the issuer's certificate is to be had (authorityInfoAccess, caIssuers; RFC 5280 §4.2.2.1): octet strings. */
  readonly issuerUrls: readonly string[]
  /** The TLS feature extension asks for a stapled OCSP response (RFC 7633 §4). */
  readonly mustStaple: boolean
  /** Signed certificate timestamps inside it (RFC 6962 §3.3). */
  readonly timestamps: number
  /** node:crypto's view of it, made when it is first asked for; throws where that library cannot read it. */
  readonly node: X509Certificate
}

/** A DistributionPoint. */
export interface CrlPoint {
  /** Several for one and the same list: octet strings, and possibly hostile. */
  readonly urls: readonly string[]
  /** It is for some reasons of revocation alone. */
  readonly partial: boolean
  /** Somebody else than the issuer signs it. */
  readonly byOther: boolean
}

/** Reads what a certificate says; null for what is none, however malformed. Costs microseconds: no key is looked at. */
export function readX509(der: Buffer): X509 | null {
  const tbs = readDerInside(der)?.[0]
  const fields = tbs?.tag === SEQUENCE ? readDer(tbs.content) : null
  if (!fields) return null
  // RFC 5280 §4.1: [0] version DEFAULT v1, serial, signature, issuer, validity, subject, SPKI, … [3] extensions.
  const explicit = fields[0]?.tag === 0xa0 ? fields.shift() : undefined
  const [serial, algorithm, issuer, validity, subject, spki] = fields
  if (!serial || !algorithm || !issuer || !validity || !subject || !spki) return null
  const signatureAlgorithm = readAlgorithm(algorithm)
  const [subjectKey, issuerKey] = [nameKey(subject), nameKey(issuer)]
  const [notBefore, notAfter] = (readDer(validity.content) ?? []).map(readTime)
  if (signatureAlgorithm === null || subjectKey === null || issuerKey === null || !notBefore || !notAfter) return null
  let node: X509Certificate | undefined
  return {
    der,
    version: explicit ? (readDer(explicit.content)?.[0]?.content[0] ?? 0) + 1 : 1,
    serial: serial.content.toString('hex').replace(/^(00)+(?=..)/, ''),
    subject: subjectKey,
    issuer: issuerKey,
    notBefore,
    notAfter,
    spki: spki.whole,
    signatureAlgorithm,
    ...readExtensions(fields.find(field => field.tag === 0xa3)),
    get node() {
      return node ??= readByNode(der)
    },
  }
}

/**
 * Throws unless it is this certificate that node:crypto reads: it looks for PEM first, anywhere in the octets, and a forger can
 * put somebody else's certificate into an extension, for which a signature holds.
 */
function readByNode(der: Buffer): X509Certificate {
  const read = new X509Certificate(der)
  if (!read.raw.equals(der)) throw new Error('node:crypto reads another certificate than this')
  return read
}

/** `C=US, O=Example, CN=Example Root`: as people know it, on one line; characters of consequence are escaped (RFC 2253). */
export function shownName(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ')
}

type Extensions = Pick<X509, 'ca' | 'pathLength' | 'certSign' | 'crlSign' | 'crlPoints' | 'subjectKeyId' | 'authorityKeyId' | 'names' | 'addresses' | 'srvNames' | 'purposes'
  | 'issuerUrls' | 'mustStaple' | 'timestamps'>

function readExtensions(field: DerValue | undefined): Extensions {
  const values = new Map<string, Buffer>()
  for (const extension of field ? readDerInside(field.content) ?? [] : []) {
    const parts = readDer(extension.content)
    const oid = parts?.[0] && readOid(parts[0].content)
    const octets = parts?.at(-1)
    if (oid && octets?.tag === 0x04 && !values.has(oid)) values.set(oid, octets.content)
  }
  const inside = (oid: string) => readDerInside(values.get(oid) ?? Buffer.alloc(0)) ?? []
  const basic = inside('2.5.29.19')
  const length = basic.find(part => part.tag === 0x02)
  // A BIT STRING: the count of unused bits, then keyCertSign as bit 5 (RFC 5280 §4.2.1.3).
  const usage = values.has('2.5.29.15') ? readDer(values.get('2.5.29.15') ?? Buffer.alloc(0))?.[0] : undefined
  const alternatives = inside('2.5.29.17')
  return {
    ca: values.has('2.5.29.19') ? basic[0]?.tag === 0x01 && basic[0].content[0] !== 0 : undefined,
    pathLength: length ? (length.content.length === 1 ? length.content[0] ?? 0 : Infinity) : Infinity,
    certSign: usage ? ((usage.content[1] ?? 0) & 0x04) !== 0 : undefined,
    // cRLSign is bit 6.
    crlSign: usage ? ((usage.content[1] ?? 0) & 0x02) !== 0 : undefined,
    crlPoints: inside('2.5.29.31').slice(0, mostPoints).map(readCrlPoint),
    subjectKeyId: readDer(values.get('2.5.29.14') ?? Buffer.alloc(0))?.[0]?.content.toString('hex') ?? '',
    authorityKeyId: inside('2.5.29.35').find(part => part.tag === 0x80)?.content.toString('hex') ?? '',
    names: alternatives.filter(name => name.tag === 0x82).map(name => name.content.toString('latin1').toLowerCase()),
    addresses: alternatives.filter(name => name.tag === 0x87).map(name => readAddress(name.content)),
    srvNames: alternatives.filter(name => name.tag === 0xa0).flatMap(name => readSrvName(name.content) ?? []),
    purposes: inside('2.5.29.37').map(({ content }) => readOid(content) ?? ''),
    issuerUrls: inside('1.3.6.1.5.5.7.1.1').flatMap(readIssuerUrl),
    mustStaple: inside('1.3.6.1.5.5.7.1.24').some(({ tag, content }) => tag === 0x02 && content.length === 1 && content[0] === STATUS_REQUEST),
    timestamps: countTimestamps(readDer(values.get('1.3.6.1.4.1.11129.2.4.2') ?? Buffer.alloc(0))?.[0]?.content),
  }
}

const mostPoints = 20

/** The name of the place [0], the reasons [1], and who signs [2]; each may be missing. */
function readCrlPoint({ content }: DerValue): CrlPoint {
  const parts = readDer(content) ?? []
  return {
    urls: readPointUrls(parts.find(({ tag }) => tag === 0xa0)),
    partial: parts.some(({ tag }) => tag === 0x81),
    byOther: parts.some(({ tag }) => tag === 0xa2),
  }
}

/** A DistributionPointName: within [0] its full names, of which the URIs are [6]. */
export function readPointUrls(name: DerValue | undefined): string[] {
  const full = name && readDer(name.content)?.find(({ tag }) => tag === 0xa0)
  return (full ? readDer(full.content) ?? [] : []).slice(0, mostPoints).filter(({ tag }) => tag === 0x86).map(({ content }) => content.toString('latin1'))
}

/** The TLS extension by which clients ask for a stapled OCSP response (RFC 6066 §8). */
const STATUS_REQUEST = 5

/** An AccessDescription: the method, and a URI (GeneralName [6]) for it. */
function readIssuerUrl({ content }: DerValue): string[] {
  const [method, location] = readDer(content) ?? []
  const known = method && location?.tag === 0x86 && readOid(method.content) === '1.3.6.1.5.5.7.48.2'
  return known ? [location.content.toString('latin1')] : []
}

/** A SignedCertificateTimestampList: two octets of length for the whole, and two before each. */
function countTimestamps(list: Buffer | undefined): number {
  if (!list || list.length < 2) return 0
  const end = Math.min(list.length, 2 + list.readUInt16BE(0))
  let count = 0
  for (let at = 2; at + 2 <= end; count++) {
    at += 2 + list.readUInt16BE(at)
    if (at > end) break
  }
  return count
}

/** An otherName: its type, and within [0] the value, for an SRVName an IA5String (RFC 4985 §2). */
function readSrvName(content: Buffer): string | null {
  const [type, value] = readDer(content) ?? []
  if (!type || !value || readOid(type.content) !== '1.3.6.1.5.5.7.8.7') return null
  const text = readDer(value.content)?.[0]
  return text?.tag === 0x16 ? text.content.toString('latin1').toLowerCase() : null
}

/** Octets of an iPAddress as text; in hexadecimal when they are no address. */
function readAddress(octets: Buffer): string {
  if (octets.length === 4) return octets.join('.')
  if (octets.length !== 16) return octets.toString('hex')
  const address = (octets.toString('hex').match(/.{4}/g) ?? []).join(':')
  return new SocketAddress({ family: 'ipv6', address }).address
}

/** RFC 5280 §4.1.2.5: UTCTime up to 2049, GeneralizedTime from then on; both in GMT and with seconds. */
export function readTime({ tag, content }: DerValue): Date | undefined {
  const text = content.toString('latin1')
  const parts = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  const [year = '', ...rest] = parts?.slice(1) ?? []
  if (!parts || (tag === 0x17) !== (year.length === 2) || (tag !== 0x17 && tag !== 0x18)) return undefined
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = rest.map(Number)
  const date = new Date(0)
  date.setUTCFullYear(year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900), month - 1, day)
  date.setUTCHours(hour, minute, second)
  return date
}

/**
 * Equal names give equal keys: attribute by attribute, whatever the string type, without regard to case and runs of spaces
 * (RFC 5280 §7.1, in the reduced form that TLS libraries use).
 */
export function nameKey(name: DerValue): string | null {
  const sets = name.tag === SEQUENCE ? readDer(name.content) : null
  if (!sets) return null
  const keys: string[] = []
  for (const set of sets) {
    for (const attribute of set.tag === SET ? readDer(set.content) ?? [] : []) {
      const [type, value] = readDer(attribute.content) ?? []
      if (!type || !value) return null
      keys.push(`${type.content.toString('hex')}=${JSON.stringify(readString(value))}`)
    }
    keys.push(';')
  }
  return keys.join('')
}

function readString({ tag, content, whole }: DerValue): string {
  const text =
    tag === 0x0c ? content.toString('utf8')
    : tag === 0x13 || tag === 0x14 || tag === 0x16 || tag === 0x1a ? content.toString('latin1')
    : tag === 0x1e && content.length % 2 === 0 ? Buffer.from(content).swap16().toString('utf16le')
    : null
  return text === null ? whole.toString('hex') : text.toLowerCase().trim().replace(/\s+/g, ' ')
}

const digests: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA1', '2.16.840.1.101.3.4.2.1': 'SHA256', '2.16.840.1.101.3.4.2.2': 'SHA384', '2.16.840.1.101.3.4.2.3': 'SHA512',
}

const algorithms: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption', '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption', '1.3.14.3.2.29': 'sha1WithRSA', '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption', '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption', '1.2.840.10040.4.3': 'dsaWithSHA1', '2.16.840.1.101.3.4.3.2': 'dsa_with_SHA256',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1', '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224', '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384', '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512', '1.3.101.112': 'ED25519', '1.3.101.113': 'ED448',
  '2.16.840.1.101.3.4.3.17': 'ML-DSA-44', '2.16.840.1.101.3.4.3.18': 'ML-DSA-65', '2.16.840.1.101.3.4.3.19': 'ML-DSA-87',
}

/** RSASSA-PSS names its digest in the parameters, SHA-1 unless they say otherwise (RFC 4055 §3.1): `rsassaPss-SHA256`. */
export function readAlgorithm({ content }: DerValue): string | null {
  const [type, parameters] = readDer(content) ?? []
  const oid = type && readOid(type.content)
  if (!oid) return null
  if (oid !== '1.2.840.113549.1.1.10') return algorithms[oid] ?? oid
  const hash = parameters && readDer(parameters.content)?.find(part => part.tag === 0xa0)
  const digest = hash && readOid(readDerInside(hash.content)?.[0]?.content ?? Buffer.alloc(0))
  return `rsassaPss-${hash ? digests[digest ?? ''] ?? digest ?? 'unknown' : 'SHA1'}`
}
