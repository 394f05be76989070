/**
 * DNSSEC (RFC 9364): the zone holds keys (DNSKEY), each RRset its signatures (RRSIG) with a beginning and an end, and the
 * parent a digest of the key (DS), so that a chain leads from the root to every record. A validating resolver refuses what
 * breaks that chain with SERVFAIL; with CD=1 (RFC 4035 §3.2.2) it hands the same data over unchecked.
 */
import { NetworkFailure, outcome, type Answer, type Failure, type Network, type Outcome } from '../network/network.ts'
import { isWithin } from '../syntax/name.ts'
import type { RecordType } from '../syntax/record.ts'
import type { ProbeContext, Subject } from './index.ts'
import { authorities } from './nameservers.ts'
import { zoneOf } from './zone.ts'

/** A zone on which the domain's mail depends. */
export interface MailZone extends Subject {
  /** Its top; of a zone that was not found, the MX host. */
  readonly name: string
  /** The MX hosts in it. */
  readonly hosts: readonly string[]
  /** Is it the domain's own? */
  readonly holdsDomain: boolean
  /** What kept it from being found. */
  readonly failure?: Failure
}

export interface ZonesFacts {
  /** The domain's own first; none where it does not exist. */
  readonly zones: readonly MailZone[]
}

/** A question and, where validation may be what refuses the answer, the same unchecked. */
export interface CheckedAnswer {
  readonly name: string
  readonly type: RecordType
  readonly answer: Outcome<Answer>
  /** With CD=1; null where it was not needed. */
  readonly unchecked: Outcome<Answer> | null
}

export interface DnssecFacts extends Subject {
  readonly ds: Outcome<Answer<'DS'>>
  readonly dnskey: Outcome<Answer<'DNSKEY'>>
  /** MX, TXT, addresses and TLSA of the names of mail in this zone, and its SOA and DNSKEY. */
  readonly answers: readonly CheckedAnswer[]
}

/** A type that a name lacks, or has: the question must be answered. */
export interface Denial extends CheckedAnswer {
  /** As a name server of the zone says it; null where none was asked. */
  readonly direct: Outcome<Answer> | null
  /** That name server answers to this, or else to another question about the name, asked afterwards: its silence is no lost packet. */
  readonly heard: boolean
}

const mostHosts = 10

export async function probeZones({ network, facts }: ProbeContext): Promise<ZonesFacts> {
  const [zone, mx] = await Promise.all([facts.get('zone'), outcome(facts.get('mx'))])
  if (!zone.exists) return { zones: [] }
  const hosts = 'value' in mx ? mx.value.hosts.filter(({ record }) => record).slice(0, mostHosts).map(({ name }) => name) : []
  const found = await Promise.all(hosts.map(async host => ({ host, zone: await outcome(zoneOf(network, host)) })))
  const zones = new Map<string, string[]>([[zone.name, []]])
  for (const { host, zone: of } of found) {
    if ('value' in of && of.value.exists) zones.set(of.value.name, [...(zones.get(of.value.name) ?? []), host])
  }
  const ownIsLost = (host: string): boolean => 'problem' in zone.soa && isWithin(host, zone.name)
  const lost = found.flatMap(({ host, zone: of }): MailZone[] =>
    'problem' in of && !zones.has(host) && !ownIsLost(host) ? [{ name: host, hosts: [host], holdsDomain: false, failure: of.problem }] : [])
  return { zones: [...[...zones].map(([name, own]) => ({ name, hosts: own, holdsDomain: name === zone.name })), ...lost] }
}

/** Rejects with `NetworkFailure` for a zone that was not found. */
export async function probeDnssec({ network, scope: { domain } }: ProbeContext, zone: MailZone): Promise<DnssecFacts> {
  const { name, hosts, holdsDomain, failure } = zone
  if (failure) throw new NetworkFailure(failure)
  const questions: (readonly [name: string, type: RecordType])[] = holdsDomain ? [[domain, 'MX'], [domain, 'TXT'], [`_dmarc.${domain}`, 'TXT']] : []
  for (const at of namesIn(zone, domain)) questions.push([at, 'A'], [at, 'AAAA'])
  for (const host of hosts) questions.push([`_25._tcp.${host}`, 'TLSA'])
  questions.push([name, 'SOA'], [name, 'DNSKEY'])
  const [ds, answers] = await Promise.all([
    checked(network, name, 'DS'), Promise.all(questions.map(async ([at, type]) => ({ name: at, type, ...await checked(network, at, type) }))),
  ])
  const dnskey = answers.at(-1) ?? ds
  return { name, ds: seen(ds) as Outcome<Answer<'DS'>>, dnskey: seen(dnskey) as Outcome<Answer<'DNSKEY'>>, answers }
}

export async function probeDenials({ network, facts, scope: { domain } }: ProbeContext, zone: MailZone): Promise<readonly Denial[]> {
  if (zone.failure) return []
  const nameservers = zone.holdsDomain ? await outcome(facts.get('nameservers')) : null
  const server = nameservers && 'value' in nameservers ? authorities(nameservers.value.hosts, zone.name)[0]?.address : undefined
  return Promise.all(namesIn(zone, domain).flatMap(name => (['AAAA', 'TLSA'] as const).map(async (type): Promise<Denial> => {
    const told = await checked(network, name, type)
    if ('value' in told.answer || server === undefined) return { name, type, ...told, direct: null, heard: false }
    const direct = await outcome(network.query({ name, type, server }))
    return { name, type, ...told, direct, heard: 'value' in direct || 'value' in await outcome(network.query({ name, type: 'CNAME', server })) }
  })))
}

/** The domain, if it is there, and the MX hosts. */
export function namesIn({ holdsDomain, hosts }: MailZone, domain: string): string[] {
  return [...new Set([...(holdsDomain ? [domain] : []), ...hosts])]
}

async function checked(network: Network, name: string, type: RecordType): Promise<Pick<CheckedAnswer, 'answer' | 'unchecked'>> {
  const answer = await outcome<Answer>(network.query({ name, type }))
  const refused = 'problem' in answer && answer.problem.reason === 'dns-servfail'
  return { answer, unchecked: refused ? await outcome<Answer>(network.query({ name, type, checkingDisabled: true })) : null }
}

/** What can be looked at, checked or not. */
function seen({ answer, unchecked }: Pick<CheckedAnswer, 'answer' | 'unchecked'>): Outcome<Answer> {
  return unchecked && 'value' in unchecked ? unchecked : answer
}
