/**
 * The first flight of a TLS 1.2 server, written by hand, for certificates that no TLS library would serve: ServerHello and
 * Certificate (RFC 5246 §7.4.1.3, §7.4.2). A client that could read the certificate would wait for more.
 */
export function certificateFlight(chain: readonly Buffer[]): Buffer {
  const version = Buffer.of(3, 3)
  const session = Buffer.of(0)
  const cipher = Buffer.of(0xc0, 0x2b) // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
  const compression = Buffer.of(0)
  const renegotiation = Buffer.of(0, 5, 0xff, 0x01, 0, 1, 0) // RFC 5746: without it a client may go no further
  const hello = message(2, Buffer.concat([version, Buffer.alloc(32, 0x5a), session, cipher, compression, renegotiation]))
  const certificates = Buffer.concat(chain.map(der => withLength(der)))
  return records(Buffer.concat([hello, message(11, withLength(certificates))]))
}

function message(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type), withLength(body)])
}

/** Behind its length in three octets. */
function withLength(octets: Buffer): Buffer {
  const length = Buffer.alloc(3)
  length.writeUIntBE(octets.length, 0, 3)
  return Buffer.concat([length, octets])
}

/** A record holds at most 2^14 octets (RFC 5246 §6.2.1). */
function records(octets: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < octets.length; at += 16_384) {
    const part = octets.subarray(at, at + 16_384)
    parts.push(Buffer.of(0x16, 3, 3, part.length >> 8, part.length & 0xff), part)
  }
  return Buffer.concat(parts)
}
