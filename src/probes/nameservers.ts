/**
 * The name servers of the domain's zone, asked one by one. The parent zone delegates to them (RFC 1034 §4.2.1), and each of
 * them must know the zone and say so with AA, the bit for "I am an authority for this" (RFC 1035 §4.1.1). A resolver hides
 * whoever does not: it asks the next one, until the last one is gone.
 */
import { knowsZone } from '../evaluate/name-server.ts'
import { outcome, type Answer, type Network, type Outcome } from '../network/network.ts'
import { addressesOf, leadsAstray, notAsked, type AddressFacts } from './addresses.ts'
import type { ProbeContext, Subject } from './index.ts'
import { probeDelegation, type DelegationFacts } from './zone.ts'

export interface NameServersFacts {
  readonly zone: string
  readonly delegation: DelegationFacts
  /** NS of the zone: from a server of its own where one answered, else from the resolver. */
  readonly listed: Outcome<Answer<'NS'>>
  /** Those that the parent or the zone names, by name. */
  readonly hosts: readonly NameServer[]
  /** How many more there are than were asked. */
  readonly left: number
}

export interface NameServer extends Subject {
  readonly name: string
  /** The parent names it. */
  readonly delegated: boolean
  readonly addresses: AddressFacts
  readonly servers: readonly AskedServer[]
}

/** One address of a name server, asked for the zone's SOA by UDP and without recursion. */
export interface AskedServer {
  readonly host: string
  readonly address: string
  readonly soa: Outcome<Answer<'SOA'>>
}

const mostHosts = 8
/** Addresses of one host and family. */
const mostAddresses = 2

export async function probeNameServers({ network, facts, scope: { families } }: ProbeContext): Promise<NameServersFacts> {
  const { name: zone } = await facts.get('zone')
  const hosts = new Map<string, Promise<Omit<NameServer, 'delegated'>>>()
  let left = 0
  /** Begins with them at once: who names them first is not waited for. */
  const ask = (names: readonly string[]): void => {
    for (const name of names) {
      if (hosts.has(name)) continue
      if (hosts.size < mostHosts) hosts.set(name, askHost(name))
      else left++
    }
  }
  const askHost = async (name: string): Promise<Omit<NameServer, 'delegated'>> => {
    const addresses = await facts.get('addresses', { name })
    const servers = await Promise.all(families.flatMap(family => addressesOf(addresses, [family]).slice(0, mostAddresses))
      .map(async (address): Promise<AskedServer> => ({
        host: name, address, soa: leadsAstray(address) ? notAsked(name, address) : await outcome(network.query({ name: zone, type: 'SOA', server: address })),
      })))
    return { name, addresses, servers }
  }
  const [delegation, told] = await Promise.all([
    probeDelegation(network, zone, families),
    outcome(network.query({ name: zone, type: 'NS' })).then(answer => {
      if ('value' in answer && answer.value.aliases.length === 0) ask(hostsOf(answer.value))
      return answer
    }),
  ])
  const delegated = delegation.cut === zone ? delegation.hosts : []
  ask(delegated)
  const listed = await listedBy(network, zone, await Promise.all(hosts.values())) ?? told
  if ('value' in listed) ask(hostsOf(listed.value))
  const asked = await Promise.all(hosts.values())
  return {
    zone, delegation, listed, left,
    hosts: asked.map(host => ({ ...host, delegated: delegated.includes(host.name) })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** The same where the resolver finds nothing, and only its servers can tell why; null where it does. */
export async function probeUnresolvedServers({ facts }: ProbeContext): Promise<NameServersFacts | null> {
  const { failure } = await facts.get('zone')
  return failure ? facts.get('nameservers') : null
}

function hostsOf({ records }: Answer<'NS'>): string[] {
  return records.map(({ data }) => data.host)
}

/** The zone's NS as the first of its servers gives them that knows the zone. */
async function listedBy(network: Network, zone: string, hosts: readonly Pick<NameServer, 'servers'>[]): Promise<Outcome<Answer<'NS'>> | null> {
  for (const { address } of authorities(hosts, zone)) {
    const answer = await outcome(network.query({ name: zone, type: 'NS', server: address }))
    if ('value' in answer && answer.value.authoritative && answer.value.records.length > 0) return answer
  }
  return null
}

/** The addresses at which the zone is known: they answer its SOA, with authority. */
export function authorities(hosts: readonly Pick<NameServer, 'servers'>[], zone: string): AskedServer[] {
  return hosts.flatMap(({ servers }) => servers).filter(({ soa }) => knowsZone(soa, zone))
}

/** One address and what it says over TCP (RFC 7766). */
export interface TcpServer extends AskedServer {
  readonly tcp: Outcome<Answer<'SOA'>>
}

/** Those that answered by UDP, over TCP. */
export async function probeNameServersOverTcp({ network, facts }: ProbeContext): Promise<readonly TcpServer[]> {
  const { hosts, zone } = await facts.get('nameservers')
  return Promise.all(authorities(hosts, zone).map(async server =>
    ({ ...server, tcp: await outcome(network.query({ name: zone, type: 'SOA', server: server.address, transport: 'tcp' })) })))
}
