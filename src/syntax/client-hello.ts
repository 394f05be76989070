/**
 * The first words of a TLS handshake: the client says up to which version it goes, and which ciphers, groups and extensions it
 * knows; the server picks (RFC 5246 §7.4.1.2, RFC 8446 §4.1.2, RFC 6101 §5.6.1.2 for SSLv3). A hello that offers one thing alone
 * finds out whether the server takes it: no key has to be made for that, so even what no library here has can be asked.
 */
import { suiteCode, suiteName } from './cipher-suites.ts'
import { groupCode, groupName } from './tls-groups.ts'

export const tlsVersions = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const
export type TlsVersion = (typeof tlsVersions)[number]

export interface ClientHello {
  /** The newest that is offered. A server takes the newest that it has up to there; from TLS 1.3 on, that one alone is offered. */
  readonly version: TlsVersion
  /** IANA names, the dearest first. */
  readonly ciphers: readonly string[]
  /** Likewise; none leaves the extension out. */
  readonly groups: readonly string[]
  /** Sent as SNI; null for none. */
  readonly servername: string | null
  /** Offers DEFLATE beside no compression. */
  readonly deflate: boolean
}

/** 0x0300 for SSLv3, 0x0301 for TLS 1.0 and so on. */
export function versionCode(version: TlsVersion): number {
  return 0x0300 + tlsVersions.indexOf(version)
}

/** `0x7f1c` for what is not known here. */
export function versionName(code: number): string {
  return tlsVersions[code - 0x0300] ?? `0x${code.toString(16).padStart(4, '0')}`
}

const HANDSHAKE = 22
const CLIENT_HELLO = 1
const [SERVER_NAME, GROUPS, POINT_FORMATS, SIGNATURES, MASTER_SECRET, VERSIONS, KEY_SHARE, RENEGOTIATION] = [0, 10, 11, 13, 23, 43, 51, 0xff01]
/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 §3.3): for SSLv3, which has no extensions. */
const RENEGOTIATION_SCSV = 0x00ff
/** RSASSA-PSS, RSA, ECDSA, EdDSA with every digest in use, SHA-1 and DSA, for whoever has nothing better. */
const signatures = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0402, 0x0202,
]

/** One record. `random` are 32 octets; names that are in no registry are left out. */
export function formatClientHello(hello: ClientHello, random: Uint8Array): Buffer {
  const { version, deflate } = hello
  const code = Math.min(versionCode(version), versionCode('TLSv1.2')) // RFC 8446 §4.1.2: what is newer stands in an extension
  const ciphers = hello.ciphers.flatMap(name => suiteCode(name) ?? [])
  const ssl = version === 'SSLv3'
  const body = Buffer.concat([
    uint16(code), Buffer.from(random).subarray(0, 32), vector8(Buffer.alloc(0)),
    vector16(Buffer.concat([...ciphers, ...(ssl ? [RENEGOTIATION_SCSV] : [])].map(uint16))),
    vector8(Buffer.from(deflate ? [1, 0] : [0])),
    ...(ssl ? [] : [vector16(Buffer.concat(extensionsOf(hello)))]),
  ])
  const message = Buffer.concat([Buffer.of(CLIENT_HELLO), uint24(body.length), body])
  // RFC 5246 §E.1: the version of the record is an old one, which every server bears.
  return Buffer.concat([Buffer.of(HANDSHAKE), uint16(ssl ? 0x0300 : 0x0301), vector16(message)])
}

function extensionsOf({ version, groups, servername }: ClientHello): Buffer[] {
  const known = groups.flatMap(name => groupCode(name) ?? [])
  const all: [number, Buffer][] = []
  // RFC 6066 §3: a list of one host name
  if (servername !== null) all.push([SERVER_NAME, vector16(Buffer.concat([Buffer.of(0), vector16(Buffer.from(servername, 'latin1'))]))])
  if (known.length > 0) all.push([GROUPS, vector16(Buffer.concat(known.map(uint16)))])
  if (versionCode(version) < versionCode('TLSv1.3')) {
    all.push([POINT_FORMATS, vector8(Buffer.of(0))], [MASTER_SECRET, Buffer.alloc(0)], [RENEGOTIATION, vector8(Buffer.alloc(0))])
  } else {
    // RFC 8446 §4.2.8: without a key share the server names the group that it wants, if it has one of these at all
    all.push([VERSIONS, vector8(uint16(versionCode(version)))], [KEY_SHARE, vector16(Buffer.alloc(0))])
  }
  // RFC 5246 §7.4.1.4.1: not for what is older than TLS 1.2
  if (versionCode(version) >= versionCode('TLSv1.2')) all.push([SIGNATURES, vector16(Buffer.concat(signatures.map(uint16)))])
  return all.map(([type, content]) => Buffer.concat([uint16(type), vector16(content)]))
}

/** Reads a hello that stands whole in the first record; null for what is none. */
export function parseClientHello(octets: Buffer): ClientHello | null {
  const record = new Reader(octets)
  if (record.uint(1) !== HANDSHAKE) return null
  record.uint(2)
  const message = new Reader(record.vector(2))
  if (message.uint(1) !== CLIENT_HELLO) return null
  const body = new Reader(message.vector(3))
  const legacy = body.uint(2)
  body.take(32)
  body.vector(1)
  const ciphers = words(body.vector(2)).filter(code => code !== RENEGOTIATION_SCSV)
  const methods = body.vector(1)
  if (body.broken) return null
  const extensions = new Map<number, Buffer>()
  for (const list = new Reader(body.left > 0 ? body.vector(2) : Buffer.alloc(0)); list.left > 0;) {
    const type = list.uint(2)
    const content = list.vector(2)
    if (list.broken) return null
    extensions.set(type, content)
  }
  const inside = (type: number, width: 1 | 2): Buffer => new Reader(extensions.get(type) ?? Buffer.alloc(0)).vector(width)
  const newest = Math.max(legacy, ...words(inside(VERSIONS, 1)).filter(code => code <= versionCode('TLSv1.3')))
  const version = tlsVersions[newest - 0x0300]
  if (!version) return null
  const name = new Reader(inside(SERVER_NAME, 2))
  name.uint(1)
  const servername = name.vector(2).toString('latin1')
  return {
    version, ciphers: ciphers.map(suiteName), groups: words(inside(GROUPS, 2)).map(groupName),
    servername: name.broken ? null : servername, deflate: methods.includes(1),
  }
}

/** Takes numbers and vectors off the front; past the end it gives zeros and nothing, and is `broken`. */
export class Reader {
  readonly #octets: Buffer
  #at = 0
  broken = false

  constructor(octets: Buffer) {
    this.#octets = octets
  }

  get left(): number {
    return this.#octets.length - this.#at
  }

  take(count: number): Buffer {
    if (count > this.left) {
      this.broken = true
      this.#at = this.#octets.length
      return Buffer.alloc(0)
    }
    this.#at += count
    return this.#octets.subarray(this.#at - count, this.#at)
  }

  uint(width: 1 | 2 | 3): number {
    const octets = this.take(width)
    return octets.length < width ? 0 : octets.readUIntBE(0, width)
  }

  /** Octets with their number before them (RFC 8446 §3.4). */
  vector(width: 1 | 2 | 3): Buffer {
    return this.take(this.uint(width))
  }
}

function words(octets: Buffer): number[] {
  return Array.from({ length: octets.length >> 1 }, (_, i) => octets.readUInt16BE(2 * i))
}

export function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff)
}

export function uint24(value: number): Buffer {
  return Buffer.of(value >> 16, (value >> 8) & 0xff, value & 0xff)
}

export function vector8(content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(content.length), content])
}

export function vector16(content: Buffer): Buffer {
  return Buffer.concat([uint16(content.length), content])
}
