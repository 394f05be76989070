/**
 * What a server answers to a ClientHello, as far as it is said in clear. Up to TLS 1.2 that is the whole first flight: its
 * choice of version and cipher, its certificates, and the group of its key exchange (RFC 5246 §7.4). In TLS 1.3 it is the
 * choice alone, and a HelloRetryRequest names the group it would take (RFC 8446 §4.1.4). Or it says no, by an alert or by
 * hanging up. Octets come as they come: every one is looked at once, and no more than a first flight may have.
 */
import { suiteName } from './cipher-suites.ts'
import { Reader, versionName } from './client-hello.ts'
import { groupName } from './tls-groups.ts'

export type OfferAnswer = AcceptedOffer | RefusedOffer

export interface AcceptedOffer {
  readonly accepted: true
  /** `TLSv1.2`, `SSLv3`; `0x7f1c` for what is in no registry. */
  readonly version: string
  /** The IANA name. */
  readonly cipher: string
  /** `X25519`, `DH 1024`, `RSA`; null when it was not said. */
  readonly keyExchange: string | null
  /** RFC 7627. */
  readonly extendedMasterSecret: boolean
  /** RFC 5746. */
  readonly secureRenegotiation: boolean
  /** TLS compresses before it encrypts (CRIME). */
  readonly compression: boolean
  /** Base64 DER, leaf first; empty in TLS 1.3, where they are encrypted. */
  readonly chain: readonly string[]
}

export interface RefusedOffer {
  readonly accepted: false
  /** Of the TLS alert; null when the server just hung up. */
  readonly alert: number | null
}

const [ALERT, HANDSHAKE] = [21, 22]
const [HELLO_REQUEST, SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, CERTIFICATE_REQUEST, SERVER_HELLO_DONE] = [0, 2, 11, 12, 13, 14]
const [MASTER_SECRET, VERSIONS, KEY_SHARE, RENEGOTIATION] = [23, 43, 51, 0xff01]
const FATAL = 2
const CLOSE_NOTIFY = 0
/** RFC 8446 §4.1.3: the random of a HelloRetryRequest begins so; it is a ServerHello else. */
const RETRY = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'
/** Octets of a first flight. Certificates of a careless server have some ten thousand. */
const MOST = 128 * 1024
/** Certificates. */
const CHAIN = 100

/** Collects the octets of one answer. */
export class ServerFlight {
  /** Unread octets: part of a record. */
  #record: Buffer[] = []
  #recordLength = 0
  /** Part of a handshake message. */
  #message: Buffer[] = []
  #messageLength = 0
  #octets = 0
  #hello: Omit<AcceptedOffer, 'keyExchange' | 'chain'> | undefined
  #keyExchange: string | null = null
  #chain: readonly string[] = []
  #alert: number | undefined
  /** Nothing more will be learnt. */
  complete = false
  /** What came is not TLS, or cannot be read. */
  malformed = false

  /** What is known so far; undefined while the server has said neither yes nor no. */
  get answer(): OfferAnswer | undefined {
    if (this.#hello) {
      const { version, cipher, extendedMasterSecret, secureRenegotiation, compression } = this.#hello
      // in the order of the interface, so that a report with facts is the same to the octet however it came about
      return { accepted: true, version, cipher, keyExchange: this.#keyExchange, extendedMasterSecret, secureRenegotiation, compression, chain: this.#chain }
    }
    return this.#alert === undefined ? undefined : { accepted: false, alert: this.#alert }
  }

  push(octets: Buffer): void {
    if (this.complete) return
    this.#octets += octets.length
    this.#record.push(octets)
    this.#recordLength += octets.length
    this.#readRecords()
    if (this.#octets > MOST) this.#end(this.#hello === undefined)
  }

  #end(malformed = false): void {
    this.complete = true
    this.malformed ||= malformed
    this.#record = []
    this.#message = []
  }

  #readRecords(): void {
    while (!this.complete) {
      const head = peek(this.#record, this.#recordLength, 5)
      if (!head) return
      const [type = 0, major = 0] = head
      if (type < 20 || type > 24 || major !== 3) {
        this.#end(this.#hello === undefined)
        return
      }
      const length = head.readUInt16BE(3)
      if (this.#recordLength < 5 + length) return
      const all = Buffer.concat(this.#record)
      this.#record = [all.subarray(5 + length)]
      this.#recordLength -= 5 + length
      const content = all.subarray(5, 5 + length)
      if (type === ALERT) this.#readAlert(content)
      else if (type === HANDSHAKE) this.#readHandshake(content)
      else if (this.#hello) this.#end()
    }
  }

  /** Warnings, such as that the name is unknown (RFC 6066 §3), come before a yes. */
  #readAlert([level = FATAL, description = 0]: Buffer): void {
    if (level !== FATAL && description !== CLOSE_NOTIFY) return
    this.#alert ??= description
    this.#end()
  }

  #readHandshake(content: Buffer): void {
    this.#message.push(content)
    this.#messageLength += content.length
    while (!this.complete) {
      const head = peek(this.#message, this.#messageLength, 4)
      if (!head) return
      const length = head.readUIntBE(1, 3)
      if (4 + length > MOST) {
        this.#end(this.#hello === undefined)
        return
      }
      if (this.#messageLength < 4 + length) return
      const all = Buffer.concat(this.#message)
      this.#message = [all.subarray(4 + length)]
      this.#messageLength -= 4 + length
      this.#readMessage(head[0] ?? 0, all.subarray(4, 4 + length))
    }
  }

  #readMessage(type: number, body: Buffer): void {
    if (!this.#hello) {
      if (type === HELLO_REQUEST && body.length === 0) return // to be ignored (RFC 5246 §7.4.1.1)
      const hello = type === SERVER_HELLO ? readServerHello(body) : null
      if (!hello) {
        this.#end(true)
        return
      }
      const { group, ...rest } = hello
      this.#hello = rest
      this.#keyExchange = group ?? (/^TLS_RSA_/.test(rest.cipher) ? 'RSA' : null)
      if (rest.version === 'TLSv1.3') this.#end()
      return
    }
    if (type === CERTIFICATE) this.#chain = readCertificates(body)
    if (type === SERVER_KEY_EXCHANGE) this.#keyExchange = readKeyExchange(body, this.#hello.cipher) ?? this.#keyExchange
    if (type === CERTIFICATE_REQUEST || type === SERVER_HELLO_DONE) this.#end()
  }
}

/** The first octets, without joining what may be many pieces; undefined while there are fewer. */
function peek(pieces: Buffer[], length: number, count: number): Buffer | undefined {
  if (length < count) return undefined
  const [first] = pieces
  if (first && first.length >= count) return first.subarray(0, count)
  const head = Buffer.concat(pieces)
  pieces.splice(0, pieces.length, head)
  return head.subarray(0, count)
}

function readServerHello(body: Buffer): (Omit<AcceptedOffer, 'keyExchange' | 'chain'> & { group: string | null }) | null {
  const reader = new Reader(body)
  const legacy = reader.uint(2)
  const random = reader.take(32)
  reader.vector(1)
  const cipher = suiteName(reader.uint(2))
  const compression = reader.uint(1) !== 0
  if (reader.broken) return null
  const extensions = new Map<number, Buffer>()
  for (const list = new Reader(reader.left > 0 ? reader.vector(2) : Buffer.alloc(0)); list.left > 0;) {
    const type = list.uint(2)
    const content = list.vector(2)
    if (list.broken) return null
    extensions.set(type, content)
  }
  const selected = extensions.get(VERSIONS)
  const share = extensions.get(KEY_SHARE)
  const version = versionName(selected?.length === 2 ? selected.readUInt16BE(0) : legacy)
  const retry = random.toString('hex') === RETRY
  return {
    accepted: true, version, cipher, compression,
    extendedMasterSecret: extensions.has(MASTER_SECRET), secureRenegotiation: extensions.has(RENEGOTIATION),
    group: share && share.length >= 2 && (retry || share.length > 4) ? groupName(share.readUInt16BE(0)) : null,
  }
}

function readCertificates(body: Buffer): string[] {
  const chain: string[] = []
  for (const list = new Reader(new Reader(body).vector(3)); list.left > 0 && chain.length < CHAIN;) {
    const certificate = list.vector(3)
    if (list.broken) break
    chain.push(certificate.toString('base64'))
  }
  return chain
}

/** RFC 8422 §5.4: a named curve; RFC 5246 §7.4.3: the prime of a Diffie-Hellman group, of which the size counts. */
function readKeyExchange(body: Buffer, cipher: string): string | null {
  const reader = new Reader(body)
  if (/^TLS_ECDHE?_/.test(cipher)) return reader.uint(1) === 3 && reader.left >= 2 ? groupName(reader.uint(2)) : null
  if (!/^TLS_DHE?_/.test(cipher)) return null
  const prime = reader.vector(2)
  const first = prime.findIndex(octet => octet !== 0)
  return reader.broken || first < 0 ? null : `DH ${8 * (prime.length - first) - Math.clz32(prime[first] ?? 0) + 24}`
}
