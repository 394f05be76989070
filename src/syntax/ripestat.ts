/**
 * What RIPEstat's data API says of routes, as JSON. `network-info` has the announced prefix that an address lies in, and the
 * autonomous systems that announce it; `rpki-validation` has the validated ROA payloads that cover a prefix: who may announce
 * it, up to which length; `as-overview` has the name of who holds an autonomous system.
 */
import { addressOctets } from './address.ts'
import { isObject, listOf, parseJson } from './rdap.ts'

export interface Route {
  /** `193.0.20.0/23` */
  readonly prefix: string
  /** Numbers of autonomous systems. */
  readonly origins: readonly number[]
}

export interface RoaPayload {
  readonly prefix: string
  readonly maxLength: number
  readonly origin: number
}

/** `route` is null when nobody announces the address. Null for what is no such answer. */
export function parseNetworkInfo(octets: string): { readonly route: Route | null } | null {
  const data = dataOf(octets)
  if (!data || !Array.isArray(data['asns'])) return null
  const origins = listOf(data['asns']).map(readAsn).filter(asn => asn !== null)
  const prefix = typeof data['prefix'] === 'string' ? data['prefix'] : ''
  if (origins.length === 0 && data['asns'].length === 0) return { route: null }
  return readPrefix(prefix) && origins.length > 0 ? { route: { prefix, origins: [...new Set(origins)].toSorted((a, b) => a - b) } } : null
}

/** Null for what is no such answer, or one that contradicts itself. */
export function parseRpkiValidation(octets: string): readonly RoaPayload[] | null {
  const data = dataOf(octets)
  const { status, validating_roas: listed } = data ?? {}
  if (typeof status !== 'string' || !Array.isArray(listed)) return null
  const payloads = listOf(listed).map(readPayload)
  if (payloads.includes(null) || (payloads.length === 0) !== (status === 'unknown')) return null
  return payloads.filter(payload => payload !== null)
}

/** Null when it is not known. */
export function parseHolder(octets: string): string | null {
  const holder = dataOf(octets)?.['holder']
  return typeof holder === 'string' && holder.trim() !== '' ? holder.trim().slice(0, 100) : null
}

export interface Prefix {
  readonly octets: Uint8Array
  readonly length: number
}

export function readPrefix(text: string): Prefix | null {
  const [, address = '', digits = ''] = /^([0-9a-f.:]{2,45})\/(\d{1,3})$/i.exec(text) ?? []
  const octets = addressOctets(address)
  const length = Number(digits)
  return octets && digits !== '' && length <= octets.length * 8 ? { octets, length } : null
}

function readPayload(value: unknown): RoaPayload | null {
  if (!isObject(value)) return null
  const { prefix, max_length: maxLength } = value
  const origin = readAsn(value['origin'])
  const read = typeof prefix === 'string' ? readPrefix(prefix) : null
  if (!read || typeof prefix !== 'string' || origin === null || typeof maxLength !== 'number' || !Number.isInteger(maxLength)) return null
  return maxLength < read.length || maxLength > read.octets.length * 8 ? null : { prefix, maxLength, origin }
}

/** `3333`, 3333 or `AS3333`. */
function readAsn(value: unknown): number | null {
  const digits = /^(?:AS)?(\d{1,10})$/i.exec(typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '')?.[1]
  return digits !== undefined && Number(digits) <= 0xffff_ffff ? Number(digits) : null
}

function dataOf(octets: string): Readonly<Record<string, unknown>> | null {
  const json = parseJson(octets)
  return isObject(json) && json['status'] === 'ok' && isObject(json['data']) ? json['data'] : null
}
