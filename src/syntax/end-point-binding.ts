/**
 * What names a TLS session by the certificate of the server (tls-server-end-point, RFC 5929 §4): the certificate's digest, made with
 * the hash of its own signature, or with SHA-256 in place of MD5 and SHA-1. Somebody in between has another certificate, so what was
 * made for one is of no use with the other. It is weaker than what a session alone has, and there whenever there is a certificate.
 */
import { createHash } from 'node:crypto'
import { parseCertificate } from './certificate.ts'

/** Octets. Null for signatures that are made without one hash, such as Ed25519: for those it is not defined. */
export function endPointBinding(base64Der: string): string | null {
  const algorithm = parseCertificate(base64Der)?.signatureAlgorithm ?? ''
  const [, size] = /sha-?(224|256|384|512)(?!\d)/i.exec(algorithm) ?? []
  const hash = size !== undefined ? `sha${size}` : /md5|sha-?1(?!\d)/i.test(algorithm) ? 'sha256' : null
  return hash === null ? null : createHash(hash).update(Buffer.from(base64Der, 'base64')).digest().toString('latin1')
}
