/** Whether a route has the origin that the holder of its addresses permits (RFC 6811 §2). */
import { readPrefix, type Prefix, type RoaPayload } from '../syntax/ripestat.ts'

export type OriginState = 'valid' | 'invalid' | 'not-found'

/** `not-found`: no payload covers the prefix. AS 0 permits nobody (RFC 6483 §4). */
export function routeOriginState(prefix: string, origin: number, payloads: readonly RoaPayload[]): OriginState {
  const route = readPrefix(prefix)
  const covering = route ? coveringPayloads(route, payloads) : []
  if (!route || covering.length === 0) return 'not-found'
  return covering.some(one => one.origin === origin && origin !== 0 && route.length <= one.maxLength) ? 'valid' : 'invalid'
}

function coveringPayloads(route: Prefix, payloads: readonly RoaPayload[]): RoaPayload[] {
  return payloads.filter(({ prefix }) => {
    const read = readPrefix(prefix)
    return read !== null && read.octets.length === route.octets.length && read.length <= route.length && sameBits(read.octets, route.octets, read.length)
  })
}

function sameBits(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false
  const mask = 0xff << (8 - (bits & 7)) & 0xff
  return (bits & 7) === 0 || ((a[whole] ?? 0) & mask) === ((b[whole] ?? 0) & mask)
}
