/**
 * A stapled OCSP response (RFC 6960 §4.2): what the authority said of a certificate a few days ago at most, handed on by the
 * server itself in the handshake. Whether its signature holds is not looked at: it is shown, and nobody trusts it here.
 */
import { readDer, readDerInside, readOid, SEQUENCE, type DerValue } from './der.ts'

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
  const [status, bytes] = readDerInside(Buffer.from(base64, 'base64')) ?? []
  if (status?.content[0] !== 0 || bytes?.tag !== 0xa0) return null
  const [type, octets] = readDerInside(bytes.content) ?? []
  if (!type || readOid(type.content) !== '1.3.6.1.5.5.7.48.1.1' || octets?.tag !== 0x04) return null
  const data = readDerInside(octets.content)?.[0]
  const responses = data && readDer(data.content)?.find(({ tag }) => tag === SEQUENCE)
  const single = responses && readDer(responses.content)?.[0]
  const [, said, thisUpdate, next] = single ? readDer(single.content) ?? [] : []
  const known = said && statuses[said.tag]
  if (!known) return null
  return { status: known, thisUpdate: thisUpdate ? readTime(thisUpdate) : null, nextUpdate: next?.tag === 0xa0 ? readTime(readDer(next.content)?.[0]) : null }
}

/** RFC 6960 §4.2.2.1 has GeneralizedTime, without fractions and in GMT. */
function readTime(value: DerValue | undefined): string | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(value?.content.toString('latin1') ?? '')
  if (!parts || value?.tag !== 0x18) return null
  const [year, month, day, hour, minute, second] = parts.slice(1)
  const text = `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`
  return Number.isNaN(Date.parse(text)) ? null : text
}
