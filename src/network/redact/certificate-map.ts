/**
 * Certificates with other names, addresses, serial numbers and keys in them. Signatures that held are made again with the new keys;
 * those that did not, or whose issuer is not on the tape, become as many random octets. Dates, purposes and lengths stay.
 */
import { createHash, createPublicKey, randomBytes, type KeyObject } from 'node:crypto'
import { eachDer, readDer, readDerInside, readOid, type DerValue } from '../../syntax/der.ts'
import { writeDer } from '../../syntax/der-write.ts'
import { isQuick } from '../../syntax/certificate-path.ts'
import { isSignedBy, readSigned } from '../../syntax/signed-by.ts'
import { nameKey, readAlgorithm, readX509, type X509 } from '../../syntax/x509.ts'
import type { AddressMap } from './address-map.ts'
import { KeyMap, signWith } from './key-map.ts'
import type { NameMap } from './name-map.ts'
import type { TextMap } from './text-map.ts'

interface Maps { readonly names: NameMap; readonly addresses: AddressMap; readonly texts: TextMap }

/** Issuers that are tried for a certificate. */
const mostIssuers = 20
/** Values within values: those of certificates and OCSP responses lie in no dozen. */
const deepest = 30

export class CertificateMap {
  readonly keys = new KeyMap()
  readonly #maps: Maps
  readonly #made = new Map<string, string>()
  readonly #octets = new Map<string, Buffer>()
  readonly #bySubject = new Map<string, X509[]>()
  readonly #bareKeys: readonly Buffer[]
  /** Of TLSA association data, in hexadecimal: what it is now. */
  readonly associations = new Map<string, string>()

  /** All certificates (base64 DER) and bare keys (SubjectPublicKeyInfo) of the tape, for each may have issued another. */
  constructor(maps: Maps, certificates: Iterable<string>, bareKeys: readonly Buffer[]) {
    this.#maps = maps
    const all = [...new Set(certificates)]
    for (const base64 of all) {
      const certificate = readX509(Buffer.from(base64, 'base64'))
      if (!certificate) continue
      const list = this.#bySubject.get(certificate.subject)
      if (list) list.push(certificate)
      else this.#bySubject.set(certificate.subject, [certificate])
    }
    this.#bareKeys = bareKeys
    for (const base64 of all) this.#associate(base64)
    for (const spki of bareKeys) this.#associateOctets(spki, this.keys.key(spki).spki)
  }

  /** Base64 DER for base64 DER. */
  certificate(base64: string): string {
    const made = this.#made.get(base64) ?? this.#make(Buffer.from(base64, 'base64')).toString('base64')
    this.#made.set(base64, made)
    return made
  }

  /**
   * A list of the revoked (RFC 5280 §5), signed anew as certificates are; null for what is none. Of its entries those of certificates
   * on the tape stay: nobody asks for the others.
   */
  revocations(der: Buffer): Buffer | null {
    const [said, algorithm, signature] = readSigned(der) ?? []
    const fields = said ? readDer(said.content) ?? [] : []
    const first = fields[0]?.tag === 0x02 ? 1 : 0
    const [, issuer, from] = fields.slice(first)
    const subject = issuer && nameKey(issuer)
    const name = algorithm && readAlgorithm(algorithm)
    if (!said || !algorithm || !signature || !subject || !name || !from || !isTime(from)) return null
    const made = fields.map((field, i) => {
      if (field === issuer) return this.#name(field)
      if (field.tag === 0xa0) return writeDer(0xa0, this.#extensions(readDer(field.content)?.[0]?.content ?? Buffer.alloc(0)))
      return field.tag === 0x30 && i > first + 2 ? writeDer(0x30, Buffer.concat([...this.#entries(field)])) : field.whole
    })
    const body = writeDer(0x30, Buffer.concat(made)) // there may be more than a call has arguments
    const signed = this.#signedAnew(subject, name, body, key => isSignedBy(said.whole, algorithm, signature, key))
    return writeDer(0x30, body, algorithm.whole, signatureOf(signed, signature))
  }

  *#entries({ content }: DerValue): Generator<Buffer> {
    for (const entry of eachDer(content)) {
      const [serial, date, extensions] = readDer(entry.content) ?? []
      const known = serial && this.#octets.get(serial.content.toString('hex'))
      if (!serial || !date || !known) continue
      yield writeDer(0x30, writeDer(0x02, this.#serial(serial.content)), date.whole, ...extensions ? [this.#extensions(extensions.content)] : [])
    }
  }

  /** `list`: what stands in the SEQUENCE of them. */
  #extensions(list: Buffer): Buffer {
    return writeDer(0x30, Buffer.concat((readDer(list) ?? []).map(extension => this.#extension(extension))))
  }

  /** A stapled response, of which only its states and times stay. */
  ocsp(base64: string): string {
    const octets = Buffer.from(base64, 'base64')
    const [value] = readDer(octets) ?? []
    return (value ? this.#scramble(value, 0) : randomBytes(octets.length)).toString('base64')
  }

  #associate(base64: string): void {
    const before = Buffer.from(base64, 'base64')
    const after = Buffer.from(this.certificate(base64), 'base64')
    this.#associateOctets(before, after)
    const [was, is] = [readX509(before), readX509(after)]
    if (was && is) this.#associateOctets(was.spki, is.spki)
  }

  #associateOctets(before: Buffer, after: Buffer): void {
    this.associations.set(before.toString('hex'), after.toString('hex'))
    for (const digest of ['sha256', 'sha512']) {
      this.associations.set(createHash(digest).update(before).digest('hex'), createHash(digest).update(after).digest('hex'))
    }
  }

  #make(der: Buffer): Buffer {
    const certificate = readX509(der)
    const parts = certificate && readDerInside(der)
    const [tbs, algorithm, signature] = parts ?? []
    const fields = tbs ? readDer(tbs.content) : null
    if (!certificate) return randomBytes(der.length)
    if (!fields || !algorithm || !signature) return this.#known(der)
    const body = writeDer(0x30, ...this.#fields(fields, certificate))
    const signed = this.#signedAnew(certificate.issuer, certificate.signatureAlgorithm, body, key => holds(certificate, key))
    return writeDer(0x30, body, algorithm.whole, signatureOf(signed, signature))
  }

  #fields(fields: readonly DerValue[], certificate: X509): Buffer[] {
    const first = fields[0]?.tag === 0xa0 ? 1 : 0
    return fields.map((field, i) => {
      switch (i - first) {
        case 0:
          return writeDer(field.tag, this.#serial(field.content))
        case 2:
        case 4:
          return this.#name(field)
        case 5:
          return this.keys.key(certificate.spki).spki
        default:
          return field.tag === 0xa3 ? writeDer(0xa3, this.#extensions(readDer(field.content)?.[0]?.content ?? Buffer.alloc(0))) : field.whole
      }
    })
  }

  /** By the key that stands for the one whose signature held; null where none on the tape did. */
  #signedAnew(issuer: string, algorithm: string, body: Buffer, holds: (key: KeyObject) => boolean): Buffer | null {
    const issuers = [...(this.#bySubject.get(issuer) ?? []).map(({ spki }) => spki), ...this.#bareKeys]
    for (const one of issuers.slice(0, mostIssuers)) {
      const key = publicKey(one)
      if (!key || !holds(key)) continue
      const { privateKey } = this.keys.key(one)
      const made = privateKey && signWith(privateKey, algorithm, body)
      if (made) return made
    }
    return null
  }

  #name(name: DerValue): Buffer {
    const shown = texts(name).join(', ')
    const kept = this.#maps.texts.title(shown) === shown
    return kept ? name.whole : this.#rename(name, text => this.#maps.texts.title(text))
  }

  #extension(extension: DerValue): Buffer {
    const parts = readDer(extension.content) ?? []
    const [type] = parts
    const value = parts.at(-1)
    const oid = type && readOid(type.content)
    if (!type || value?.tag !== 0x04) return extension.whole
    const inner = readDer(value.content)?.[0]
    const made = inner ? this.#value(oid ?? '', inner) : randomBytes(value.content.length)
    return writeDer(extension.tag, ...parts.slice(0, -1).map(({ whole }) => whole), writeDer(0x04, made))
  }

  #value(oid: string, value: DerValue): Buffer {
    switch (oid) {
      case '2.5.29.15': case '2.5.29.19': case '2.5.29.37': case '2.5.29.36': case '2.5.29.54': case '1.3.6.1.5.5.7.1.24':
      case '2.5.29.20': case '2.5.29.21': case '2.5.29.24': case '2.5.29.27':
        return value.whole
      case '2.5.29.14':
        return writeDer(value.tag, this.#id(value.content))
      case '2.5.29.35':
        return writeDer(value.tag, ...(readDer(value.content) ?? []).map(part =>
          part.tag === 0x80 ? writeDer(part.tag, this.#id(part.content)) : part.tag === 0x82 ? writeDer(part.tag, this.#serial(part.content)) : this.#general(part)))
      case '1.3.6.1.4.1.11129.2.4.2':
        return writeDer(value.tag, timestamps(value.content))
      case '2.5.29.17': case '2.5.29.18': case '2.5.29.28': case '2.5.29.29': case '2.5.29.30': case '2.5.29.31': case '2.5.29.32': case '1.3.6.1.5.5.7.1.1':
        return this.#general(value)
      default:
        return writeDer(0x04, randomBytes(value.content.length))
    }
  }

  /** GeneralNames (RFC 5280 §4.2.1.6), however deep they lie. */
  #general(value: DerValue, depth = 0): Buffer {
    const { tag, content } = value
    const text = content.toString('latin1')
    if (tag === 0x82) return writeDer(tag, Buffer.from(text.startsWith('.') ? `.${this.#maps.names.name(text.slice(1))}` : this.#maps.names.name(text), 'latin1'))
    if (tag === 0x81 || tag === 0x86) return writeDer(tag, Buffer.from(tag === 0x86 ? this.#maps.texts.url(text) || this.#maps.texts.text(text) : this.#maps.texts.text(text), 'latin1'))
    if (tag === 0x87) return writeDer(tag, content.length === 4 || content.length === 16 ? this.#maps.addresses.octets(content) : content)
    if (tag === 0xa4) return this.#rename(value, one => this.#maps.texts.title(one), depth)
    return this.#rename(value, one => this.#maps.texts.text(one), depth, part => this.#general(part, depth + 1))
  }

  /** Every string within; what lies deeper than anybody puts one is octets by chance. */
  #rename(value: DerValue, rename: (text: string) => string, depth = 0, other?: (value: DerValue) => Buffer): Buffer {
    const encoding = strings[value.tag]
    if (encoding) return writeString(value, encoding, rename)
    const parts = value.tag & 0x20 ? readDer(value.content) : null
    if (!parts) return value.whole
    if (depth >= deepest) return writeDer(value.tag & ~0x20, randomBytes(value.content.length))
    return writeDer(value.tag, Buffer.concat(parts.map(part => other && !strings[part.tag] ? other(part) : this.#rename(part, rename, depth + 1, other))))
  }

  /** Objects, numbers of one octet, dates and flags stay; all else is octets by chance. */
  #scramble(value: DerValue, depth: number): Buffer {
    const { tag, content, whole } = value
    const parts = depth < deepest && (tag & 0x20 || (tag === 0x04 && content[0] === 0x30)) ? readDer(content) : null
    if (parts) return writeDer(tag, ...parts.map(part => this.#scramble(part, depth + 1)))
    if (tag === 0x02) return writeDer(tag, content.length < 4 ? content : this.#serial(content))
    if (tag === 0x03) return writeDer(tag, Uint8Array.of(0), randomBytes(Math.max(0, content.length - 1)))
    if (strings[tag] || tag === 0x04 || tag === 0x86) return writeDer(tag, tag === 0x04 ? randomBytes(content.length) : Buffer.from(this.#maps.texts.title(content.toString('latin1')), 'latin1'))
    return whole
  }

  #serial(content: Buffer): Buffer {
    const made = this.#random(content)
    if (made.length > 0) made[0] = ((made[0] ?? 0) & 0x3f) | 0x40 // positive, and no shorter
    return made
  }

  #id(content: Buffer): Buffer {
    return this.#random(content)
  }

  #random(content: Buffer): Buffer {
    const name = content.toString('hex')
    const known = this.#octets.get(name) ?? randomBytes(content.length)
    this.#octets.set(name, known)
    return Buffer.from(known)
  }

  /** What is half a certificate: the names that are known by now are put out of it, octet for octet. */
  #known(der: Buffer): Buffer {
    let text = der.toString('latin1')
    for (const [name, made] of [...this.#maps.names.renamed].toSorted(([a], [b]) => b.length - a.length)) {
      if (made.length === name.length && name.includes('.')) text = text.replaceAll(new RegExp(name.replace(/[^\w]/g, '\\$&'), 'gi'), made)
    }
    return Buffer.from(text, 'latin1')
  }
}

const strings: Readonly<Record<number, BufferEncoding | undefined>> = { 0x0c: 'utf8', 0x13: 'latin1', 0x14: 'latin1', 0x16: 'latin1', 0x1a: 'latin1', 0x1e: 'utf16le' }

function writeString({ tag, content }: DerValue, encoding: BufferEncoding, rename: (text: string) => string): Buffer {
  if (encoding !== 'utf16le') return writeDer(tag, Buffer.from(rename(content.toString(encoding)), encoding))
  if (content.length % 2 === 1) return writeDer(tag, content)
  return writeDer(tag, Buffer.from(rename(Buffer.from(content).swap16().toString(encoding)), encoding).swap16())
}

function texts(value: DerValue, depth = 0): string[] {
  const encoding = strings[value.tag]
  if (encoding) return [value.content.toString(encoding)]
  return value.tag & 0x20 && depth < deepest ? (readDer(value.content) ?? []).flatMap(part => texts(part, depth + 1)) : []
}

/** A BIT STRING: octets by chance where nothing signed, as many as there were. */
function signatureOf(signed: Buffer | null, { content }: DerValue): Buffer {
  return writeDer(0x03, Uint8Array.of(0), signed ?? randomBytes(Math.max(0, content.length - 1)))
}

function isTime({ tag }: DerValue): boolean {
  return tag === 0x17 || tag === 0x18
}

/** A SignedCertificateTimestampList within its own OCTET STRING: lengths stay, and what each says goes. */
function timestamps(list: Buffer): Buffer {
  const made = Buffer.from(list)
  for (let at = 2; at + 2 <= made.length;) {
    const length = made.readUInt16BE(at)
    randomBytes(Math.min(length, made.length - at - 2)).copy(made, at + 2)
    at += 2 + length
  }
  return made
}

function publicKey(spki: Buffer): KeyObject | null {
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    return isQuick(key) ? key : null
  } catch {
    return null
  }
}

function holds({ node }: X509, key: KeyObject): boolean {
  try {
    return node.verify(key)
  } catch {
    return false
  }
}

