import { isIPv6 } from 'node:net'
import type { TcpServer } from '../../probes/nameservers.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { heardServers, noZone, unheard, zoneOfDomain } from '../name-servers.ts'

export default defineCheck({
  id: 'dns/tcp-answered',
  title: 'Every name server answers over TCP',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 7766 §5'],
  needs: ['zone', 'nameservers', 'nameserversOverTcp'],
  over: zoneOfDomain,
  nothing: noZone,
  judge({ name: zone }, { zone: facts, nameservers, nameserversOverTcp: servers }) {
    if (servers.length === 0) return unheard(facts, heardServers(nameservers)) ?? skip('no name server answers')
    const answering = servers.filter(({ tcp }) => 'value' in tcp)
    const families = new Set(answering.map(({ address }) => isIPv6(address)))
    const silent = servers.filter(server => isSilent(server, families.has(isIPv6(server.address))))
    const [first] = silent
    if (first) {
      const seen = silent.map(({ address }) => ({ from: 'dns' as const, name: zone, type: 'SOA', text: `(no answer over TCP from ${address})`, ttl: null }))
      return fail('failed', { host: `${first.host} (${first.address})`, count: silent.length }, ...seen)
    }
    const [problem] = servers.flatMap(({ tcp }) => 'problem' in tcp ? [tcp.problem] : [])
    return problem ? unknownBecause(problem) : pass
  },
  messages: {
    failed: '{host} does not answer over TCP 53',
  },
  explain: `Answers that are too large for one UDP packet, as those with DKIM keys and long TXT records are, can only be fetched over
    TCP. Resolvers that need them there get nothing.`,
  remedy: (_zone, _facts, { host }) => ({ text: `Let TCP port 53 through to ${String(host)}, in its firewall and in the name server’s configuration.` }),
})

/** It answered by UDP, so it is there. A refusal is its own word; silence is, when TCP is let out of here. */
function isSilent({ tcp }: TcpServer, heard: boolean): boolean {
  if ('value' in tcp) return false
  const { event } = tcp.problem
  return event === 'refused' || event === 'closed' || (event === 'timeout' && heard)
}
