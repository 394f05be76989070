/**
 * Where a service listens: "127.0.0.1:9725", "[::1]:9725", "localhost:9725"; ":9725" means every address of the machine, and
 * port 0 a port that is free.
 */
import { isIP, isIPv6 } from 'node:net'

export interface ListenAddress {
  /** An IP address or a name; `::` for every address. */
  readonly host: string
  readonly port: number
}

/** Null: it is none. Without a port, `usualPort`. Never throws. */
export function parseListenAddress(text: string, usualPort: number): ListenAddress | null {
  if (isIP(text) !== 0) return { host: text, port: usualPort }
  const [, bracketed, plain = '', digits] = /^(?:\[([^\]]{1,60})\]|([a-z0-9.-]{0,253}))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const port = digits === undefined ? usualPort : Number(digits)
  if (port > 65535) return null
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : null
  if (plain === '') return digits === undefined ? null : { host: '::', port }
  if (/^[\d.]+$/.test(plain)) return isIP(plain) === 0 ? null : { host: plain, port }
  return { host: plain.toLowerCase(), port }
}
