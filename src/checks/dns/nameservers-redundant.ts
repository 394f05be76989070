import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { noZone, zoneOfDomain } from '../name-servers.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'dns/nameservers-redundant',
  title: 'The zone has at least two name servers, at two addresses',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 1034 §4.1', 'RFC 2182 §3'],
  needs: ['zone', 'nameservers'],
  over: zoneOfDomain,
  nothing: noZone,
  judge({ name: zone }, { nameservers: { hosts, listed } }) {
    if (hosts.length === 0) return 'problem' in listed ? unknownBecause(listed.problem) : skip('no name server is known')
    const resolved = hosts.map(({ name, addresses }) => ({ name, ...resolutionOf(addresses) }))
    const addresses = new Set(resolved.flatMap(host => host.addresses))
    if (hosts.length > 1 && addresses.size > 1) return pass
    const problem = resolved.find(host => host.problem)?.problem
    if (problem) return unknownBecause(problem)
    if (resolved.some(host => host.addresses.length === 0)) return skip('a name server has no address, so it is not told how many there should be')
    const seen = 'value' in listed ? listed.value.records.map(recordSeen) : []
    return fail('failed', { zone, host: hosts.map(({ name }) => name), address: [...addresses] }, ...seen, ...resolved.flatMap(({ evidence }) => evidence))
  },
  messages: {
    failed: '{zone} depends on one name server: {host} ({address})',
  },
  explain: `When that server, or the network that it stands in, is down, nothing of the domain can be found any more: no MX, no SPF,
    no DKIM key. Mail to you waits, and mail from you is refused or taken for forged.`,
  remedy: ({ name: zone }) => ({ text: `Add a secondary name server in another network to ${zone}, and name it at the registrar.` }),
})
