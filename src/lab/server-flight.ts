/** What a server answers to a ClientHello, put together by hand: for servers that offer what OpenSSL no longer has. */
import { suiteCode } from '../syntax/cipher-suites.ts'
import { uint16, uint24, vector16, vector8, versionCode, type TlsVersion } from '../syntax/client-hello.ts'
import type { OfferAnswer } from '../syntax/server-hello.ts'
import { groupCode } from '../syntax/tls-groups.ts'

const [ALERT, HANDSHAKE] = [21, 22]
const [SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, SERVER_HELLO_DONE] = [2, 11, 12, 14]
const [MASTER_SECRET, VERSIONS, KEY_SHARE, RENEGOTIATION] = [23, 43, 51, 0xff01]
const FATAL = 2
/** RFC 8446 §4.1.3: the random of a HelloRetryRequest. */
const RETRY = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'
/** Octets of a record (RFC 5246 §6.2.1). */
const longest = 16_384

/** The first flight: everything but a signature that holds. An alert, or nothing, when it is a refusal. */
export function formatServerFlight(answer: OfferAnswer): Buffer {
  if (!answer.accepted) return answer.alert === null ? Buffer.alloc(0) : record(ALERT, Buffer.of(FATAL, answer.alert))
  const { version, cipher, keyExchange, extendedMasterSecret, secureRenegotiation, compression, chain } = answer
  const code = versionCode(version as TlsVersion)
  const modern = version === 'TLSv1.3'
  const legacy = Math.min(code, versionCode('TLSv1.2')) // RFC 8446 §4.1.3: what is newer stands in an extension
  const group = keyExchange === null ? null : groupCode(keyExchange)
  const extensions: [number, Buffer][] = []
  if (extendedMasterSecret) extensions.push([MASTER_SECRET, Buffer.alloc(0)])
  if (secureRenegotiation) extensions.push([RENEGOTIATION, vector8(Buffer.alloc(0))])
  if (modern) extensions.push([VERSIONS, uint16(code)])
  if (modern && group !== null) extensions.push([KEY_SHARE, uint16(group)])
  const hello = Buffer.concat([
    uint16(legacy), modern ? Buffer.from(RETRY, 'hex') : Buffer.alloc(32, 0x5a), vector8(Buffer.alloc(0)), uint16(suiteCode(cipher) ?? 0),
    Buffer.of(compression ? 1 : 0),
    // SSLv3 knows no extensions
    ...(extensions.length === 0 ? [] : [vector16(Buffer.concat(extensions.map(([type, content]) => Buffer.concat([uint16(type), vector16(content)]))))]),
  ])
  const messages = [message(SERVER_HELLO, hello)]
  if (!modern) {
    const certificates = chain.map(base64 => Buffer.from(base64, 'base64'))
    if (chain.length > 0) messages.push(message(CERTIFICATE, vector24(Buffer.concat(certificates.map(vector24)))))
    const exchange = keyExchangeOf(cipher, keyExchange, group)
    if (exchange) messages.push(message(SERVER_KEY_EXCHANGE, exchange))
    messages.push(message(SERVER_HELLO_DONE, Buffer.alloc(0)))
  }
  const octets = Buffer.concat(messages)
  const pieces = Array.from({ length: Math.ceil(octets.length / longest) }, (_, i) => octets.subarray(longest * i, longest * (i + 1)))
  return Buffer.concat(pieces.map(piece => record(HANDSHAKE, piece, legacy)))
}

function keyExchangeOf(cipher: string, keyExchange: string | null, group: number | null): Buffer | null {
  const bits = Number(/^DH (\d{1,5})$/.exec(keyExchange ?? '')?.[1] ?? 0)
  if (/^TLS_DHE?_/.test(cipher) && bits > 0) {
    const prime = Buffer.alloc(Math.ceil(bits / 8), 0xff)
    prime[0] = 0xff >> (8 * prime.length - bits)
    return Buffer.concat([vector16(prime), vector16(Buffer.of(2)), vector16(Buffer.of(4))])
  }
  return /^TLS_ECDHE?_/.test(cipher) && group !== null ? Buffer.concat([Buffer.of(3), uint16(group), vector8(Buffer.alloc(65, 4))]) : null
}

function record(type: number, content: Buffer, version = 0x0301): Buffer {
  return Buffer.concat([Buffer.of(type), uint16(version), vector16(content)])
}

function message(type: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type), vector24(content)])
}

function vector24(content: Buffer): Buffer {
  return Buffer.concat([uint24(content.length), content])
}
