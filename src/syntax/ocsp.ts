/**
 * A stapled OCSP response (RFC 6960 §4.2): what the authority said of a certificate a few days ago at most, handed on by the
 * server itself in the handshake. What is merely shown of it is not verified; that a certificate is revoked is believed only
 * when its issuer signed it, or somebody whom the issuer certified for that (§4.2.2.2).
 */
import { readDer, readDerInside, readOid, SEQUENCE, type DerValue } from './der.ts'
import type { Revocation } from './crl.ts'
import { isSignedBy, readSigned, type Signer } from './signed-by.ts'
import { readX509, type X509 } from './x509.ts'

export interface OcspStaple {
  readonly status: 'good' | 'revoked' | 'unknown'
  /** RFC 3339; null when it cannot be read. */
  readonly thisUpdate: string | null
  /** When the authority will know more; null when it does not say. */
  readonly nextUpdate: string | null
}

const statuses: Readonly<Record<number, OcspStaple['status']>> = { 0x80: 'good', 0xa1: 'revoked', 0x82: 'unknown' }

/** The first certificate that the response (base64 DER) speaks of: the leaf. Null for a refusal, and for what is no response. */
export function parseOcspStaple(base64: string): OcspStaple | null {
  const basic = basicResponse(Buffer.from(base64, 'base64'))
  const data = basic && readDerInside(basic)?.[0]
  const responses = data && readDer(data.content)?.find(({ tag }) => tag === SEQUENCE)
  const single = responses && readDer(responses.content)?.[0]
  const [, said, thisUpdate, next] = single ? readDer(single.content) ?? [] : []
  const known = said && statuses[said.tag]
  if (!known) return null
  return { status: known, thisUpdate: thisUpdate ? readTime(thisUpdate) : null, nextUpdate: next?.tag === 0xa0 ? readTime(readDer(next.content)?.[0]) : null }
}

/** Of this certificate, signed; null for anything else. */
export function stapledRevocation(base64: string, certificate: X509, issuers: readonly Signer[]): Revocation | null {
  const basic = basicResponse(Buffer.from(base64, 'base64'))
  const parts = basic && readSigned(basic)
  if (!parts) return null
  const [data, algorithm, signature, extra] = parts
  const responses = readDer(data.content)?.find(({ tag }) => tag === SEQUENCE)
  for (const single of (responses && readDer(responses.content)) ?? []) {
    const [id, said, thisUpdate] = readDer(single.content) ?? []
    const [time] = said?.tag === 0xa1 ? readDer(said.content) ?? [] : []
    const serial = readDer(id?.content ?? Buffer.alloc(0))?.[3]?.content.toString('hex').replace(/^(00)+(?=..)/, '')
    if (serial !== certificate.serial || !time) continue
    const certified = readDerInside(extra?.tag === 0xa0 ? extra.content : Buffer.alloc(0)) ?? []
    const delegates = certified.slice(0, 5).flatMap(({ whole }) => delegate(whole, certificate, issuers))
    if (![...issuers.map(({ key }) => key), ...delegates].some(key => isSignedBy(data.whole, algorithm, signature, key))) return null
    const date = readTime(time) ?? readTime(thisUpdate)
    return date === null ? null : { date, reason: null }
  }
  return null
}

/** The key of a certificate whose issuer is that of the leaf, and lets it answer for it. */
function delegate(der: Buffer, certificate: X509, issuers: readonly Signer[]): Signer['key'][] {
  const read = readX509(der)
  if (read?.issuer !== certificate.issuer || !read.purposes.includes('1.3.6.1.5.5.7.3.9')) return []
  try {
    return issuers.some(({ key }) => read.node.verify(key)) ? [read.node.publicKey] : []
  } catch {
    return []
  }
}

/** The BasicOCSPResponse in a response that is one (§4.2.1). */
function basicResponse(response: Buffer): Buffer | null {
  const [status, bytes] = readDerInside(response) ?? []
  if (status?.content[0] !== 0 || bytes?.tag !== 0xa0) return null
  const [type, octets] = readDerInside(bytes.content) ?? []
  return type && readOid(type.content) === '1.3.6.1.5.5.7.48.1.1' && octets?.tag === 0x04 ? octets.content : null
}

/** RFC 6960 §4.2.2.1 has GeneralizedTime, without fractions and in GMT. */
function readTime(value: DerValue | undefined): string | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(value?.content.toString('latin1') ?? '')
  if (!parts || value?.tag !== 0x18) return null
  const [year, month, day, hour, minute, second] = parts.slice(1)
  const text = `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`
  return Number.isNaN(Date.parse(text)) ? null : text
}
