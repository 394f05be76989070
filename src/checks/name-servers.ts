/** What the checks of name servers share: how each of them answered, and whether it is they who answered at all. */
import { stateOf, type ServerState } from '../evaluate/name-server.ts'
import type { AskedServer, NameServersFacts } from '../probes/nameservers.ts'
import type { Subject } from '../probes/index.ts'
import type { ZoneFacts } from '../probes/zone.ts'
import { isIPv6 } from 'node:net'
import { unknown, unknownBecause, type Evidence, type Unknown } from './define.ts'
import { recordSeen } from './evidence.ts'

export interface HeardServer {
  readonly server: AskedServer
  readonly state: ServerState
}

/** The zone is what these checks judge; none when the domain does not exist. */
export function zoneOfDomain({ zone }: { readonly zone: ZoneFacts }): readonly Subject[] {
  return zone.exists ? [{ name: zone.name }] : []
}

export const noZone = 'the domain does not exist'

/** Every address of every name server, and what its answer makes of it. */
export function heardServers({ hosts, zone }: NameServersFacts): readonly HeardServer[] {
  const servers = hosts.flatMap(host => host.servers)
  const heard = new Set(servers.filter(({ soa }) => stateOf(soa, zone, false).state === 'authoritative').map(({ address }) => isIPv6(address)))
  return servers.map(server => ({ server, state: stateOf(server.soa, zone, heard.has(isIPv6(server.address))) }))
}

/**
 * The resolver finds the zone, yet whoever answers us there is no authority for it: then something on the way answers in the
 * name servers' place, or nothing lets our questions out. Null when a name server was heard.
 */
export function unheard(zone: ZoneFacts, heard: readonly HeardServer[]): Unknown | null {
  if (heard.some(({ state }) => state.state === 'authoritative')) return null
  const resolves = 'value' in zone.soa && zone.soa.value.records.length > 0
  const [problem] = heard.flatMap(({ state }) => state.state === 'undecided' ? [state.problem] : [])
  if (resolves && heard.some(({ state }) => state.state === 'lame')) {
    return unknown('intercepted-here', 'no name server answers us with authority, though the resolver finds the zone: something on the way seems to answer for them')
  }
  return problem ? unknownBecause(problem) : null
}

/** What a name server said, or that it said nothing. */
export function stateSeen({ server: { address, soa }, state }: HeardServer, zone: string): Evidence {
  const record = 'value' in soa ? soa.value.records[0] : undefined
  if (record) return recordSeen(record)
  const said = state.state === 'lame' ? state.rcode.toLowerCase() : state.state === 'silent' ? state.how : 'no answer'
  return { from: 'dns', name: zone, type: 'SOA', text: `(${said} from ${address})`, ttl: null }
}
