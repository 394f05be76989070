/** Which resolvers to ask: as written by people, and as the system is configured (resolv.conf(5)). */
import { readFileSync } from 'node:fs'
import { isIP, isIPv6 } from 'node:net'
import { canonicalIpv6 } from '../../syntax/address.ts'

export interface ResolverAddress {
  /** IPv4 or IPv6, the latter with a zone where it needs one (`fe80::1%eth0`). */
  readonly host: string
  readonly port: number
  /** DNS over TLS (RFC 7858): the name that its certificate must carry (RFC 8310 §8.1). */
  readonly tls?: { readonly name: string }
}

const dnsPort = 53
/** RFC 7858 §3.1. */
const tlsPort = 853

/**
 * Reads `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353` and, for DNS over TLS,
 * `tls://192.0.2.53[:853]#dns.example.net`. Anything else yields a text that says what is wrong.
 */
export function parseResolver(text: string): ResolverAddress | { readonly error: string } {
  const [, scheme, rest = '', fragment] = /^(?:(\w+):\/\/)?([^#]*)(?:#(.*))?$/s.exec(text.trim()) ?? []
  if (scheme !== undefined && scheme.toLowerCase() !== 'tls') return { error: `${scheme}:// is not supported: give an IP address, or tls://IP#NAME` }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(rest) ?? []
  const host = isIPv6(rest) ? rest : bracketed ?? plain ?? rest
  if (isIP(host) === 0 || (bracketed !== undefined && !isIPv6(bracketed))) {
    return { error: `a resolver is given by its IP address, as 192.0.2.53 or [2001:db8::53]:53; "${text}" is none` }
  }
  const port = digits === undefined || host === rest ? (scheme === undefined ? dnsPort : tlsPort) : Number(digits)
  if (port < 1 || port > 65535) return { error: `${port} is no port` }
  if (scheme === undefined) return fragment === undefined ? { host, port } : { error: 'a name after # belongs to tls:// resolvers' }
  const name = fragment?.replace(/\.$/, '').toLowerCase() ?? ''
  if (name === '') return { error: `say which name its certificate must carry: tls://${rest}#dns.example.net` }
  if (!/^[\w-]+(\.[\w-]+)*$/.test(name) && isIP(name) === 0) return { error: `"${name}" is no host name` }
  return { host, port, tls: { name } }
}

/** The `nameserver` lines of resolv.conf(5); without any, the resolver on this machine. */
export function systemResolvers(file = '/etc/resolv.conf'): ResolverAddress[] {
  let text = ''
  try {
    text = readFileSync(file, 'latin1')
  } catch {
    // No file means the default: a resolver on this machine.
  }
  const hosts = text.split('\n').flatMap(line => /^nameserver[ \t]+(\S+)/.exec(line)?.[1] ?? []).filter(host => isIP(host) !== 0)
  return (hosts.length > 0 ? [...new Set(hosts)] : ['127.0.0.1']).map(host => ({ host, port: dnsPort }))
}

/** `192.0.2.53:53`, `[2001:db8::53]:53`. */
export function resolverName({ host, port }: Pick<ResolverAddress, 'host' | 'port'>): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}

/** Does this resolver's AD bit count? Only when nobody on the way to it could have set it (RFC 4035 §4.9.3). */
export function trustsAd({ host, tls }: ResolverAddress): boolean {
  return tls !== undefined || isLoopback(host)
}

export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.[\d.]+$/i.test(address) || canonicalIpv6(address) === '::1'
}
