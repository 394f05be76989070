/**
 * The name we give in EHLO unless the user gives one. It must be true and fully qualified (RFC 5321 §4.1.4); a host without
 * such a name gives its address instead, as an address literal (§4.1.3).
 */
import { hostname, networkInterfaces } from 'node:os'

export function ownEhloName(): string {
  const name = hostname().toLowerCase()
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name) && !/(^|\.)(localhost|localdomain|local)(\.|$)/.test(name)) return name
  const addresses = Object.values(networkInterfaces()).flatMap(list => list ?? []).filter(({ internal, address }) => !internal && !/^fe80:/i.test(address))
  const own = addresses.find(({ family }) => family === 'IPv4') ?? addresses[0]
  return own === undefined ? '[127.0.0.1]' : own.family === 'IPv4' ? `[${own.address}]` : `[IPv6:${own.address}]`
}
