/**
 * "mail.example.com", "mail.example.com:465", "[2001:db8::1]:25": a host, and the port where it is not the usual one. An IPv6
 * address that is followed by a port stands in brackets (RFC 3986 §3.2.2), else its colons could not be told from the port's.
 */
import { isIP, isIPv6 } from 'node:net'
import { parseDomain } from './domain.ts'

export interface HostPort {
  /** A name (lower case A-labels, no final dot) or an IP address. */
  readonly host: string
  readonly port?: number
}

/** Null: it is neither. Never throws. */
export function parseHostPort(text: string): HostPort | null {
  if (isIP(text) !== 0) return { host: text }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text) ?? []
  const port = digits === undefined ? {} : { port: Number(digits) }
  if (port.port !== undefined && (port.port < 1 || port.port > 65535)) return null
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, ...port } : null
  if (plain === undefined) return null
  if (isIP(plain) !== 0) return { host: plain, ...port }
  const name = parseDomain(plain)
  return 'error' in name || !name.domain.includes('.') || (name.note !== undefined && !plain.includes('_')) || /[@/]/.test(plain) ? null : { host: name.domain, ...port }
}
