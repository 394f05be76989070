/** What a server of a world shows in a handshake: a certificate for all, or one by the name that the client asks for (SNI). */
import { createSecureContext, TLSSocket, type SecureContext, type SecureVersion } from 'node:tls'
import type { Socket } from 'node:net'
import { toPem, type IssuedCertificate } from './certificates.ts'

export interface ServedCertificate {
  readonly issued: IssuedCertificate
  /** What goes over the wire, leaf first. */
  readonly chain: readonly Buffer[]
}

export interface TlsIdentity {
  /** By SNI; `*` answers every other name, and clients that give none. */
  readonly certificates: ReadonlyMap<string, ServedCertificate>
  readonly from: SecureVersion
  readonly to: SecureVersion
}

export interface TlsOptions {
  readonly secureContext: SecureContext
  readonly SNICallback: (name: string, callback: (error: Error | null, context?: SecureContext) => void) => void
}

export function tlsOptions({ certificates, from, to }: TlsIdentity): TlsOptions {
  const contexts = new Map([...certificates].map(([name, { issued, chain }]) => [name, createSecureContext({
    cert: chain.map(der => toPem(der)).join(''),
    key: issued.keyPem,
    minVersion: from,
    maxVersion: to,
    ciphers: 'DEFAULT:@SECLEVEL=0', // weak keys and old versions are shown here on purpose
  })]))
  const fallback = contexts.get('*') ?? createSecureContext()
  return {
    secureContext: fallback,
    SNICallback: (name, callback) => callback(null, contexts.get(name.toLowerCase()) ?? fallback),
  }
}

/** The server's side of the handshake; null when it did not come about. */
export function acceptTls(socket: Socket, options: TlsOptions): Promise<TLSSocket | null> {
  const secure = new TLSSocket(socket, { isServer: true, ...options })
  return new Promise(resolve => {
    secure.once('secure', () => resolve(secure))
    secure.once('close', () => resolve(null))
    secure.on('error', () => secure.destroy())
  })
}
