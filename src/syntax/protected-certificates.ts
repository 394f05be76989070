/**
 * The certificates of a server's first flight in TLS 1.3, where they are encrypted (RFC 8446 §4.4.2): read with the secret that the
 * client has by then, from the octets as they came in.
 */
import { createDecipheriv, createHmac } from 'node:crypto'
import { Reader, uint16, vector8 } from './client-hello.ts'

const [CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA] = [20, 21, 22, 23]
const CERTIFICATE = 11
/** Octets of an authentication tag, of all these ciphers, and of a nonce. */
const [TAG, NONCE] = [16, 12]
/** Certificates. */
const CHAIN = 100

interface Suite {
  readonly algorithm: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305'
  readonly hash: 'sha256' | 'sha384'
  /** Octets. */
  readonly key: number
}

const suites = new Map<string, Suite>([
  ['TLS_AES_128_GCM_SHA256', { algorithm: 'aes-128-gcm', hash: 'sha256', key: 16 }],
  ['TLS_AES_256_GCM_SHA384', { algorithm: 'aes-256-gcm', hash: 'sha384', key: 32 }],
  ['TLS_CHACHA20_POLY1305_SHA256', { algorithm: 'chacha20-poly1305', hash: 'sha256', key: 32 }],
])

/**
 * Base64 DER in the order of the message; null when `octets`, all that the server sent from its first one, do not hold it, or
 * cannot be read. `cipher` is the IANA name, `secret` the server_handshake_traffic_secret (RFC 8446 §7.1).
 */
export function protectedCertificates(octets: Buffer, cipher: string, secret: Buffer): string[] | null {
  const suite = suites.get(cipher)
  if (!suite) return null
  const key = expand(suite, secret, 'key', suite.key)
  const iv = expand(suite, secret, 'iv', NONCE)
  const messages: Buffer[] = []
  let sequence = 0
  for (const records = new Reader(octets); records.left > 0;) {
    const header = records.take(5)
    const content = records.take(header.length < 5 ? 0 : header.readUInt16BE(3))
    if (records.broken) break
    // ServerHello, perhaps after a HelloRetryRequest, and what old middleboxes want to see, are in clear (RFC 8446 §D.4)
    if (header[0] === HANDSHAKE || header[0] === CHANGE_CIPHER_SPEC || (header[0] === ALERT && sequence === 0)) continue
    const message = header[0] === APPLICATION_DATA ? open(suite, key, nonce(iv, sequence++), header, content) : null
    if (message === null) break
    messages.push(message)
  }
  return certificatesIn(Buffer.concat(messages))
}

/** HKDF-Expand-Label without a context (RFC 8446 §7.1), which for so few octets is one block of RFC 5869. */
function expand({ hash }: Suite, secret: Buffer, label: string, length: number): Buffer {
  const info = Buffer.concat([uint16(length), vector8(Buffer.from(`tls13 ${label}`)), vector8(Buffer.alloc(0)), Buffer.of(1)])
  return createHmac(hash, secret).update(info).digest().subarray(0, length)
}

/** RFC 8446 §5.3. */
function nonce(iv: Buffer, sequence: number): Buffer {
  const own = Buffer.from(iv)
  own.writeUInt32BE((own.readUInt32BE(NONCE - 4) ^ sequence) >>> 0, NONCE - 4)
  return own
}

/** The part of a handshake message in a record (RFC 8446 §5.2), nothing of an alert; null for anything else, and what does not verify. */
function open({ algorithm }: Suite, key: Buffer, nonce: Buffer, header: Buffer, content: Buffer): Buffer | null {
  if (content.length <= TAG) return null
  // one algorithm's options fit all: `createDecipheriv` is declared for each by itself
  const decipher = createDecipheriv(algorithm as 'aes-128-gcm', key, nonce, { authTagLength: TAG })
  decipher.setAAD(header)
  decipher.setAuthTag(content.subarray(content.length - TAG))
  const inner = decipher.update(content.subarray(0, content.length - TAG))
  try {
    decipher.final()
  } catch {
    return null
  }
  // the type of the content stands behind it, before the padding
  const end = inner.findLastIndex(octet => octet !== 0)
  const type = inner[end]
  // an alert that ends nothing, such as user_canceled (§6.1), may stand between
  return type === HANDSHAKE ? inner.subarray(0, end) : type === ALERT ? Buffer.alloc(0) : null
}

function certificatesIn(messages: Buffer): string[] | null {
  for (const reader = new Reader(messages); reader.left > 0;) {
    const type = reader.uint(1)
    const body = new Reader(reader.vector(3))
    if (reader.broken) return null
    if (type !== CERTIFICATE) continue
    body.vector(1)
    const list = new Reader(body.vector(3))
    const chain: string[] = []
    while (list.left > 0 && chain.length < CHAIN) {
      chain.push(list.vector(3).toString('base64'))
      list.vector(2)
    }
    return body.broken || list.broken ? null : chain
  }
  return null
}
