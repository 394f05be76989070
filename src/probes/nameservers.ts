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
  const [delegation, told] = await Promise.all([probeDelegation(network, zone, families), outcome(network.query({ name: zone, type: 'NS' }))])
  const delegated = delegation.cut === zone ? delegation.hosts : []
  const names = [...new Set([...delegated, ...('value' in told && told.value.aliases.length === 0 ? told.value.records.map(({ data }) => data.host) : [])])]
  const ask = async (name: string): Promise<NameServer> => {
    const addresses = await facts.get('addresses', { name })
    const servers = await Promise.all(families.flatMap(family => addressesOf(addresses, [family]).slice(0, mostAddresses))
      .map(async (address): Promise<AskedServer> => ({
        host: name, address, soa: leadsAstray(address) ? notAsked(name, address) : await outcome(network.query({ name: zone, type: 'SOA', server: address })),
      })))
    return { name, delegated: delegated.includes(name), addresses, servers }
  }
  const hosts = await Promise.all(names.slice(0, mostHosts).map(ask))
  const listed = await listedBy(network, zone, hosts) ?? told
  if ('value' in listed) {
    const more = listed.value.records.map(({ data }) => data.host).filter(host => !names.includes(host))
    hosts.push(...await Promise.all(more.slice(0, Math.max(0, mostHosts - hosts.length)).map(ask)))
    names.push(...more)
  }
  return { zone, delegation, listed, hosts: hosts.toSorted((a, b) => (a.name < b.name ? -1 : 1)), left: names.length - hosts.length }
}

/** The zone's NS as the first of its servers gives them that knows the zone. */
async function listedBy(network: Network, zone: string, hosts: readonly NameServer[]): Promise<Outcome<Answer<'NS'>> | null> {
  for (const { address } of authorities(hosts, zone)) {
    const answer = await outcome(network.query({ name: zone, type: 'NS', server: address }))
    if ('value' in answer && answer.value.authoritative && answer.value.records.length > 0) return answer
  }
  return null
}

/** The addresses at which the zone is known: they answer its SOA, with authority. */
export function authorities(hosts: readonly NameServer[], zone: string): AskedServer[] {
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
