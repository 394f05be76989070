import { isIP, isIPv4 } from 'node:net'
import type { MxHost } from '../../probes/mx.ts'
import { labelsOf } from '../../syntax/name.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'mx/host-is-hostname',
  title: 'Every MX names a host: letters, digits and hyphens, no address, no zone twice',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 1035 §3.3.9', 'RFC 1123 §2.1'],
  needs: ['mx'],
  over: ({ mx }) => mx.hosts,
  nothing: 'the domain names no MX host',
  judge({ name: host, record }, _facts, { domain }) {
    if (!record) return skip('the domain has no MX')
    const address = literalOf(host)
    if (address !== null) return fail('address', { host }, recordSeen(record))
    const held = heldAddress(host, domain)
    if (held !== null) return fail('holds-address', { host, address: held }, recordSeen(record))
    const label = labelsOf(host).find(text => !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(text))
    if (label !== undefined) return fail('failed', { host, label }, recordSeen(record))
    if (undoubled(host, domain) !== null) return fail('doubled', { host, domain }, recordSeen(record))
    return pass
  },
  messages: {
    failed: 'MX target "{host}" is no host name: "{label}" is not letters, digits and inner hyphens alone',
    address: 'MX target "{host}" is no host name: it is an IP address',
    'holds-address': 'MX target "{host}" is no host name: it is the address {address} taken for a name',
    doubled: 'MX target "{host}" is no host name: {domain} stands in it twice, so a final dot is missing in the zone file',
  },
  explain: `An MX must name a host that has addresses. An address in its place is looked up as a name, which does not exist, and a
    name without its final dot has the zone's name appended. Mail to that MX goes nowhere.`,
  remedy({ name: host, preference }, _facts, args, { domain }) {
    const remove = [`${domain}. MX ${preference} ${host}.`]
    const address = literalOf(host) ?? heldAddress(host, domain)
    if (address !== null) {
      const set = [`mail.${domain}. ${isIPv4(address) ? 'A' : 'AAAA'} ${address}`, `${domain}. MX ${preference} mail.${domain}.`]
      return { text: `Give that address a name, and name it in the MX: ${set.join(' and ')}`, records: { set, remove } }
    }
    const meant = args.label === undefined ? undoubled(host, domain) : null
    if (meant === null) return { text: `Name a host made of letters, digits and hyphens in the MX of ${domain}, and give it an address.` }
    const set = [`${domain}. MX ${preference} ${meant}.`]
    return { text: `Write the name with its final dot: ${set.join('')}`, records: { set, remove } }
  },
})

/** The address that a name is; people write it in brackets, too. */
function literalOf(host: MxHost['name']): string | null {
  const text = host.replace(/^\[(?:ipv6:)?(.*)\]$/i, '$1')
  return isIP(text) === 0 ? null : text
}

/** `192.0.2.1.example.com`: an address to which the zone file, for want of a final dot, appended the zone. Or the other way round. */
function heldAddress(host: string, domain: string): string | null {
  const before = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : ''
  const after = host.startsWith(`${domain}.`) ? host.slice(domain.length + 1) : ''
  return [before, after].map(literalOf).find(address => address !== null) ?? null
}

/** `mx.example.com.example.com` without the surplus; null when nothing is doubled. */
function undoubled(host: string, domain: string): string | null {
  return host === `${domain}.${domain}` || host.endsWith(`.${domain}.${domain}`) ? host.slice(0, -domain.length - 1) : null
}
