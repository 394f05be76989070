/** What a server of a world shows in a handshake: a certificate for all, or one by the name that the client asks for (SNI). */
import { suiteTraits } from '../syntax/cipher-suites.ts'
import { parseClientHello, tlsVersions, type ClientHello, type TlsVersion } from '../syntax/client-hello.ts'
import type { AcceptedOffer, OfferAnswer } from '../syntax/server-hello.ts'
import { hybridGroups } from '../syntax/tls-groups.ts'
import { formatServerFlight } from './server-flight.ts'
import { constants } from 'node:crypto'
import { createSecureContext, TLSSocket, type SecureContext, type SecureVersion } from 'node:tls'
import type { Socket } from 'node:net'
import { toPem, type IssuedCertificate } from './certificates.ts'

export interface ServedCertificate {
  readonly issued: IssuedCertificate
  /** What goes over the wire, leaf first. */
  readonly chain: readonly Buffer[]
  /** For clients that do not know this kind of key. */
  readonly second?: ServedCertificate
}

export interface TlsIdentity {
  /** By SNI; `*` answers every other name, and clients that give none. */
  readonly certificates: ReadonlyMap<string, ServedCertificate>
  readonly from: SecureVersion
  readonly to: SecureVersion
  /** In OpenSSL's notation. */
  readonly ciphers?: string | undefined
  /** Clients that give no name are refused. */
  readonly named?: boolean
  /** Answers to hellos that offer nothing newer or better. */
  readonly takes?: readonly AcceptedOffer[]
}

export interface TlsOptions {
  readonly secureContext: SecureContext
  readonly SNICallback?: (name: string, callback: (error: Error | null, context?: SecureContext) => void) => void
  /** What to say to a ClientHello in place of a handshake; null for a handshake. */
  readonly answer: (hello: ClientHello) => OfferAnswer | null
}

export function tlsOptions({ certificates, from, to, ciphers = 'DEFAULT:!kRSA', named = false, takes = [] }: TlsIdentity): TlsOptions {
  const contexts = new Map([...certificates].map(([name, served]) => [name, createSecureContext({
    cert: [served, ...served.second ? [served.second] : []].map(({ chain }) => chain.map(der => toPem(der)).join('')),
    key: [served, ...served.second ? [served.second] : []].map(({ issued }) => issued.keyPem),
    minVersion: from,
    maxVersion: to,
    // Whichever OpenSSL it is: who knows both kinds sees the ECDSA certificate.
    ...served.second && { secureOptions: constants.SSL_OP_CIPHER_SERVER_PREFERENCE, sigalgs: 'ECDSA+SHA256:ECDSA+SHA384:rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:RSA+SHA256:RSA+SHA384:RSA+SHA1' },
    ciphers: `${ciphers}:@SECLEVEL=0`, // weak keys and old versions are shown here on purpose
  })]))
  const fallback = contexts.get('*') ?? createSecureContext()
  return {
    secureContext: fallback,
    // Of a context that is chosen, Node takes the last certificate alone: up to 22 beside those of the default one, from 24 on in their
    // place. So where there is no choice, nothing is chosen, and both of two certificates are shown.
    ...(contexts.size > 1 || !contexts.has('*')) && { SNICallback: (name: string, callback: (error: Error | null, context?: SecureContext) => void) => callback(null, contexts.get(name.toLowerCase()) ?? fallback) },
    answer: hello => {
      if (named && hello.servername === null) return { accepted: false, alert: UNRECOGNIZED_NAME }
      const age = (version: string): number => tlsVersions.indexOf(version as TlsVersion)
      const taken = takes.find(({ version, cipher, keyExchange }) => age(version) <= age(hello.version) && hello.ciphers.includes(cipher)
        // who has both first agrees on the version, and then looks for a cipher
        && (age(hello.version) < age(from) || age(version) >= age(from))
        && (age(hello.version) < age(from) || !hello.ciphers.some(isModern) || (isFinite(keyExchange) && !hello.groups.includes('X25519')) || (keyExchange !== null && hello.groups.includes(keyExchange) && hello.groups.every(isHybrid))))
      if (!taken) return null
      const { chain = [] } = certificates.get(hello.servername ?? '*') ?? certificates.get('*') ?? {}
      return { ...taken, chain: taken.cipher.includes('_anon_') ? [] : chain.map(der => der.toString('base64')) }
    },
  }
}

const UNRECOGNIZED_NAME = 112

/** Would OpenSSL take it? */
function isModern(cipher: string): boolean {
  const { aead, anonymous, static: fixed } = suiteTraits(cipher)
  return (aead && !anonymous && !fixed) || currentVersion.test(cipher)
}

function isHybrid(group: string): boolean {
  return hybridGroups.includes(group)
}

/** Diffie-Hellman over numbers. */
function isFinite(keyExchange: string | null): boolean {
  return keyExchange?.startsWith('DH ') === true
}

const currentVersion = /^TLS_(?:AES|CHACHA20)_/

/** The server's side of the handshake; null when it did not come about. */
export async function acceptTls(socket: Socket, { answer, ...options }: TlsOptions): Promise<TLSSocket | null> {
  const hello = await firstOctets(socket)
  const told = hello && parseClientHello(hello)
  const said = told && answer(told)
  if (said) {
    socket.end(formatServerFlight(said))
    return null
  }
  if (hello) socket.unshift(hello)
  const secure = new TLSSocket(socket, { isServer: true, ...options })
  return new Promise(resolve => {
    secure.once('secure', () => resolve(secure))
    secure.once('close', () => resolve(null))
    secure.on('error', () => secure.destroy())
  })
}

/** A ClientHello comes in one piece, on loopback; null when the client goes first. */
function firstOctets(socket: Socket): Promise<Buffer | null> {
  return new Promise(resolve => {
    const done = (octets: Buffer | null): void => {
      socket.off('readable', look)
      socket.off('close', gone)
      socket.off('end', gone)
      resolve(octets)
    }
    const look = (): void => {
      const octets = socket.read() as Buffer | null
      if (octets) done(octets)
    }
    const gone = (): void => done(null)
    socket.on('readable', look)
    socket.on('close', gone)
    socket.on('end', gone)
    look()
  })
}
