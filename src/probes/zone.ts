/**
 * The zone that holds a name (RFC 1034 §4.2): the piece of the tree that one set of name servers is responsible for, with the
 * SOA at its top. Any answer about the name tells it: the SOA itself, or the one that a denial carries (RFC 2308 §2). Where
 * nothing answers any more, the servers of the parent zone still know: they refer to those of the child.
 */
import { NetworkFailure, outcome, type Answer, type Failure, type Network, type Outcome } from '../network/network.ts'
import { isWithin, labelsOf, parentName } from '../syntax/name.ts'
import type { DnsRecord } from '../syntax/record.ts'
import { leadsAstray } from './addresses.ts'
import type { ProbeContext, Subject } from './index.ts'

export interface ZoneFacts extends Subject {
  /** The zone's name: that of its top. */
  readonly name: string
  /** False when the DNS denies the domain: then the zone is that of the denial, and not the domain's. */
  readonly exists: boolean
  /** SOA at the top; empty when no zone could be made out. With CD=1 where `failure` left nothing else. */
  readonly soa: Outcome<Answer<'SOA'>>
  /** Why the resolver gave no ordinary answer. */
  readonly failure: Failure | null
}

/** Servers of the parent that are asked: one may be down. */
const parentServers = 3
/** Names that are tried on the way up: an answer mostly names its zone at once. */
const mostSteps = 8

export async function probeZone({ network, scope: { domain, families } }: ProbeContext): Promise<ZoneFacts> {
  const [found, { organizationalDomain }] = await Promise.all([findZone(network, domain), import('../syntax/organizational-domain.ts')])
  if ('problem' in found.soa) return { ...found, name: (await probeDelegation(network, domain, families)).cut ?? domain }
  // An empty zone, or one of a registry, is no zone of the domain's: whoever answered left out what it stands in.
  return !found.exists || isWithin(found.name, organizationalDomain(domain)) ? found : { ...found, name: domain }
}

/** The zone of any name, as the resolver tells it. Rejects with `NetworkFailure` when nothing about the name is answered. */
export async function zoneOf(network: Network, name: string): Promise<ZoneFacts> {
  const found = await findZone(network, name)
  if ('problem' in found.soa) throw new NetworkFailure(found.soa.problem)
  return found
}

async function findZone(network: Network, name: string): Promise<ZoneFacts> {
  let exists = true
  let failure: Failure | null = null
  for (let at = name, step = 1; ; at = parentName(at), step++) {
    const soa = await askSoa(network, at)
    failure ??= soa.failure
    if ('problem' in soa.outcome) return { name, exists, soa: soa.outcome, failure }
    const { rcode, records, aliases, authority } = soa.outcome.value
    if (at === name) exists = rcode === 'NOERROR' || aliases.length > 0
    if (aliases.length === 0) {
      if (records.length > 0) return { name: at, exists, soa: soa.outcome, failure }
      const denial = authority.find((record): record is DnsRecord<'SOA'> => record.type === 'SOA' && isWithin(at, record.name))
      if (denial) return { name: denial.name, exists, soa: (await askSoa(network, denial.name)).outcome, failure }
    }
    // An alias speaks of where it leads (RFC 1034 §3.6.2), and some servers deny without a SOA: then it is the name above.
    if (labelsOf(at).length <= 1 || step === mostSteps) return { name, exists, soa: soa.outcome, failure }
  }
}

/** What validation refuses is still there to be looked at. */
async function askSoa(network: Network, name: string): Promise<{ outcome: Outcome<Answer<'SOA'>>; failure: Failure | null }> {
  const soa = await outcome(network.query({ name, type: 'SOA' }))
  if ('value' in soa) return { outcome: soa, failure: null }
  const unchecked = soa.problem.reason === 'dns-servfail' ? await outcome(network.query({ name, type: 'SOA', checkingDisabled: true })) : soa
  return { outcome: 'value' in unchecked ? unchecked : soa, failure: soa.problem }
}

export interface DelegationFacts {
  /** The zone above. */
  readonly parent: string
  /** Where the parent cuts: the zone itself, or a name above it that is all the parent knows. Null when it does not tell. */
  readonly cut: string | null
  /** The name servers in the parent's referral (RFC 1034 §4.2.1). */
  readonly hosts: readonly string[]
  /** The NS question as servers of the parent answered it. */
  readonly answers: readonly Outcome<Answer>[]
}

/** Asks servers of the zone above, one by one and without recursion, which name servers `zone` has. */
export async function probeDelegation(network: Network, zone: string, families: readonly (4 | 6)[]): Promise<DelegationFacts> {
  let parent = parentName(zone)
  let found = await findZone(network, parent)
  for (let step = 1; parent !== '' && step < mostSteps && ('problem' in found.soa || !found.exists); step++) {
    parent = parentName(parent)
    found = await findZone(network, parent)
  }
  if ('problem' in found.soa) return { parent, cut: null, hosts: [], answers: [found.soa] }
  parent = found.name
  const servers = await outcome(network.query({ name: parent, type: 'NS' }))
  if ('problem' in servers) return { parent, cut: null, hosts: [], answers: [servers] }
  const addresses = await Promise.all(servers.value.records.slice(0, parentServers).map(({ data }) => firstAddress(network, data.host, families)))
  const answers = await Promise.all(addresses.filter(address => address !== null)
    .map(server => outcome(network.query({ name: zone, type: 'NS', server }))))
  const referral = answers.flatMap(answer => 'value' in answer && !answer.value.authoritative ? answer.value.authority : [])
    .filter((record): record is DnsRecord<'NS'> => record.type === 'NS' && record.name !== parent && isWithin(record.name, parent) && isWithin(zone, record.name))
  const [first] = referral
  const hosts = new Set(referral.filter(({ name }) => name === first?.name).map(({ data }) => data.host))
  return { parent, cut: first?.name ?? null, hosts: [...hosts].toSorted(), answers }
}

async function firstAddress(network: Network, name: string, families: readonly (4 | 6)[]): Promise<string | null> {
  for (const family of families) {
    const answer = await outcome<Answer<'A' | 'AAAA'>>(network.query({ name, type: family === 4 ? 'A' : 'AAAA' }))
    const address = 'value' in answer ? answer.value.records.find(({ data }) => !leadsAstray(data.address))?.data.address : undefined
    if (address !== undefined) return address
  }
  return null
}
