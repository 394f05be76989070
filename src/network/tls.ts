/**
 * The TLS handshake as an observer makes it: every version and cipher that the library here can offer, the best first, so
 * that old servers can be seen and new ones choose as always; certificates are kept as served and never rejected.
 */
import { constants } from 'node:crypto'
import { isIP, type Socket } from 'node:net'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { verifyChain, type TrustAnchors } from '../syntax/certificate.ts'
import { NetworkFailure, type CertificateKind, type Failure, type TlsSession } from './network.ts'
import { streamFailure } from './tcp.ts'
import { tlsFailure } from './tls-failure.ts'
import { TlsRecords } from './tls-records.ts'

export interface HandshakeOptions {
  /** Sent as SNI unless it is an IP address; null for none. */
  readonly host: string | null
  /** Milliseconds for the whole handshake. */
  readonly timeout: number
  readonly anchors: TrustAnchors
  readonly alpn?: readonly string[]
  /** See `StartTlsOptions`. */
  readonly certificate?: CertificateKind | undefined
  /** Gets the octets, when what comes in is no TLS; the handshake fails then. */
  readonly onPlaintext?: (octets: Buffer) => void
}

/** Upgrades `socket`, of which nobody else must read or listen any more. Rejects with `NetworkFailure` and destroys it. */
export async function handshake(socket: Socket, options: HandshakeOptions): Promise<Shaken> {
  // What cannot be a name on the wire is left out rather than sent in disguise.
  const { host } = options
  return await shake(socket, host !== null && isSniName(host) ? host : null, options)
}

/** RFC 6066 §3: a name that can stand in a ClientHello, and no address. */
function isSniName(host: string): boolean {
  return isIP(host) === 0 && /^[\w-]+(\.[\w-]+)*$/.test(host) && host.length < 254
}

export interface Shaken {
  readonly socket: TLSSocket
  readonly session: TlsSession
  readonly extendedMasterSecret: boolean
}

function shake(socket: Socket, servername: string | null, options: HandshakeOptions): Promise<Shaken> {
  const records = new TlsRecords(socket)
  const started = performance.now()
  return new Promise((resolve, reject) => {
    let ocsp: Buffer | null = null
    let secret: Buffer | null = null
    let secure: TLSSocket | undefined
    const timer = setTimeout(() => {
      fail({ event: 'timeout', reason: 'tarpit', detail: `the TLS handshake was not complete within ${options.timeout / 1000} s` })
    }, options.timeout)
    const fail = (failure: Failure): void => {
      clearTimeout(timer)
      secure?.destroy()
      records.destroy()
      reject(new NetworkFailure(failure))
    }
    records.once('plaintext', (octets: Buffer) => {
      options.onPlaintext?.(octets)
      fail({ event: 'handshake', reason: 'connection-lost', detail: 'the peer sent plaintext where TLS was expected' })
    })
    records.once('excess', (bits: number) => {
      fail({ event: 'handshake', reason: 'client-cannot-offer', detail: `the peer’s Diffie-Hellman group of ${bits} bits takes too long to reckon with` })
    })
    try {
      secure = begin(records, servername, options)
    } catch (error) {
      fail(tlsFailure(error as NodeJS.ErrnoException))
      return
    }
    const begun = secure
    begun.on('OCSPResponse', (response: Buffer | null) => ocsp = response)
    begun.on('keylog', (line: Buffer) => secret ??= serverSecret(line))
    begun.on('error', (error: NodeJS.ErrnoException) => {
      const failure = tlsFailure(error)
      fail(failure.event === 'closed' ? records.ending ?? failure : failure)
    })
    begun.on('close', () => fail(records.ending ?? streamFailure()))
    begun.once('secureConnect', () => {
      clearTimeout(timer)
      begun.removeAllListeners('keylog')
      // read at once: what comes behind the handshake may end the session before anybody has looked at it
      const elapsed = Math.round(performance.now() - started)
      try {
        const session = describe({ secure: begun, records, ocsp, secret }, servername, elapsed, options.anchors)
        resolve({ socket: begun, session, extendedMasterSecret: records.extendedMasterSecret })
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
      secret = null
    })
  })
}

/**
 * What a client says that knows one kind of key alone: TLS 1.2 and older go by the cipher, TLS 1.3 by the signature algorithms.
 * RSA with PKCS #1 among those for ECDSA is for certificates that RSA authorities sign (RFC 8446 §4.2.3): no server of TLS 1.3 may use
 * it for itself.
 */
const kinds: Readonly<Record<CertificateKind, { readonly ciphers: string; readonly sigalgs: string }>> = {
  RSA: {
    ciphers: 'DEFAULT:!aECDSA:@SECLEVEL=0',
    sigalgs: 'rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:'
      + 'RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA1',
  },
  ECDSA: {
    ciphers: 'DEFAULT:!aRSA:@SECLEVEL=0',
    sigalgs: 'ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:ECDSA+SHA1:RSA+SHA256:RSA+SHA384:RSA+SHA512',
  },
}

function begin(records: TlsRecords, servername: string | null, { alpn, certificate }: HandshakeOptions): TLSSocket {
  const options: ConnectionOptions & { readonly requestOCSP: boolean } = {
    socket: records,
    servername: servername ?? '',
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ca: [], // we verify by ourselves, and reading the public roots takes as long as a start-up
    requestOCSP: true,
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0', // without which OpenSSL refuses TLS 1.0, small keys and SHA-1 by itself
    minDHSize: 1,
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
    ...(certificate ? kinds[certificate] : {}),
    ...(alpn ? { ALPNProtocols: [...alpn] } : {}),
  }
  return connect(options)
}

interface Finished {
  readonly secure: TLSSocket
  readonly records: TlsRecords
  readonly ocsp: Buffer | null
  /** The server_handshake_traffic_secret of TLS 1.3. */
  readonly secret: Buffer | null
}

function describe({ secure, records, ocsp, secret }: Finished, servername: string | null, elapsed: number, anchors: TrustAnchors): TlsSession {
  const cipher = secure.getCipher() as { readonly standardName?: string; readonly name: string } | undefined
  const chain = records.certificates(cipher?.standardName ?? '', secret) ?? servedChain(secure)
  return {
    version: secure.getProtocol() ?? 'unknown',
    cipher: cipher?.standardName ?? cipher?.name ?? 'unknown',
    keyExchange: keyExchange(secure, cipher?.standardName ?? ''),
    servername,
    chain,
    trust: verifyChain(chain, anchors),
    ocspResponse: ocsp && ocsp.length > 0 ? ocsp.toString('base64') : null,
    elapsed,
  }
}

/** A line of the NSS key log format; null for other secrets. */
function serverSecret(line: Buffer): Buffer | null {
  const [, secret] = /^SERVER_HANDSHAKE_TRAFFIC_SECRET [0-9a-f]+ ([0-9a-f]+)\s*$/i.exec(line.toString('latin1')) ?? []
  return secret === undefined ? null : Buffer.from(secret, 'hex')
}

/**
 * The Certificate message as node:tls tells it, where it cannot be read from the octets: `issuerCertificate` leads from each to the
 * one served next, related or not. (`getPeerCertificate(true)` leaves out what does not fit and sorts the rest.) Node.js takes
 * them out of the session and never gives back their memory, all but the first one's: for a service that is a kilobyte or more
 * for each connection.
 */
function servedChain(socket: TLSSocket): string[] {
  const chain: string[] = []
  for (let certificate = socket.getPeerX509Certificate(); certificate && chain.length < 100; certificate = certificate.issuerCertificate) {
    chain.push(certificate.raw.toString('base64'))
  }
  return chain
}

function keyExchange(socket: TLSSocket, cipher: string): string | null {
  const info = socket.getEphemeralKeyInfo() as { readonly type?: string; readonly name?: string; readonly size?: number } | null
  if (info?.type === 'DH') return `DH ${info.size ?? ''}`.trim()
  if (info?.name !== undefined) return info.name
  return cipher.startsWith('TLS_RSA_') ? 'RSA' : null
}
