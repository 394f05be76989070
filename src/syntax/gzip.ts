/** Gzip (RFC 1952), for files that come packed, such as a logo in SVGZ. */
import { gunzipSync } from 'node:zlib'

/** One character an octet, before and after; null for what is no gzip, or is more than `limit` octets when unpacked. */
export function unpackGzip(octets: string, limit: number): string | null {
  try {
    return gunzipSync(Buffer.from(octets, 'latin1'), { maxOutputLength: limit }).toString('latin1')
  } catch {
    return null
  }
}
