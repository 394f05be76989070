/**
 * Puts the zones of a world into the tree (RFC 1034 §4.2): the root and the top-level zones above them, kept by a registry;
 * two name servers for each zone that names none; keys, and their digests in the zone above, for those that are signed.
 */
import { isWithin, labelsOf } from '../syntax/name.ts'
import { makeRecord, type DnsRecord } from '../syntax/record.ts'
import { usualDnssec, type World } from './definition.ts'
import type { Signer } from './signer.ts'
import { WorldError } from './world-error.ts'
import { readCopy } from './world-zones.ts'
import { Zones, type LabZone } from './zones.ts'

const ttl = 3600
/** Of the root and the top-level zones. */
const registry = { zone: 'registry.example', hosts: { 'ns1.registry.example': '11.53.0.1', 'ns2.registry.example': '11.53.0.2' } }
/** Of every zone that names no other. */
const keepers = { zone: 'name-servers.example', hosts: { 'ns1.name-servers.example': '11.53.1.1', 'ns2.name-servers.example': '11.53.1.2' } }

/** The zones, and those that it takes to find them. */
export function delegate(written: readonly LabZone[], signer: Signer): LabZone[] {
  const has = new Set(written.map(({ origin }) => origin))
  const tops = new Set(['', 'example', ...written.map(({ origin }) => labelsOf(origin).at(-1) ?? '')])
  const zones: LabZone[] = [
    ...written,
    ...[...tops].map((origin): LabZone => ({ origin, signed: true, dnssec: usualDnssec, records: nsOf(origin, registry.hosts), special: [] })),
    ...[registry, keepers].map(({ zone: origin, hosts }): LabZone => ({
      origin, signed: false, special: [], records: [...nsOf(origin, hosts), ...Object.entries(hosts).map(([name, address]) => makeRecord(name, 'A', ttl, { address }))],
    })),
  ].filter((zone, i) => i < written.length || !has.has(zone.origin))
  const named = zones.map((zone): LabZone => {
    if (zone.records.some(record => record.name === zone.origin && record.type === 'NS')) return zone
    // Where an answer is ordained in place of NS, the parent delegates all the same.
    if (hasNs(zone)) return { ...zone, delegation: zone.delegation ?? Object.keys(keepers.hosts) }
    return { ...zone, records: [...zone.records, ...nsOf(zone.origin, keepers.hosts)] }
  })
  const keyed = named.map(zone => zone.signed && zone.dnssec ? { ...zone, records: [...zone.records, signer.dnskey(zone.origin, zone.dnssec)] } : zone)
  return keyed.map(zone => {
    const children = keyed.filter(child => isParent(zone, child, keyed))
    const above = new Set(zone.records.map(({ name, type }) => `${name} ${type}`))
    return { ...zone, records: [...zone.records, ...children.flatMap(child => delegationOf(child, signer)).filter(({ name, type }) => !above.has(`${name} ${type}`))] }
  })
}

function nsOf(origin: string, hosts: Readonly<Record<string, string>>): DnsRecord[] {
  return Object.keys(hosts).map(host => makeRecord(origin, 'NS', ttl, { host }))
}

function hasNs({ origin, special }: LabZone): boolean {
  return special.some(({ name, type }) => name === origin && type === 'NS')
}

/** Is the one zone right above the other? */
function isParent({ origin }: LabZone, child: LabZone, zones: readonly LabZone[]): boolean {
  if (child.origin === origin || !isWithin(child.origin, origin)) return false
  return !zones.some(between => between.origin !== child.origin && between.origin !== origin && isWithin(child.origin, between.origin) && isWithin(between.origin, origin))
}

/** What the zone above has of it. */
function delegationOf({ origin, records, delegation, signed, dnssec }: LabZone, signer: Signer): DnsRecord[] {
  const hosts = delegation ?? records.flatMap(record => record.name === origin && isNs(record) ? [record.data.host] : [])
  return [...hosts.map(host => makeRecord(origin, 'NS', ttl, { host })), ...(signed && dnssec?.ds === true ? [signer.ds(origin, dnssec)] : [])]
}

export interface NameServer {
  readonly address: string
  readonly zones: Zones
  readonly origins: ReadonlySet<string>
  readonly fault: World['nameservers'][number]['fault']
  readonly tcp: boolean
}

/** Every address that some zone is delegated to, with what the worlds say of it. @throws WorldError */
export function nameServersOf(worlds: readonly World[], zones: readonly LabZone[], signer: Signer): NameServer[] {
  const all = new Zones(zones, signer)
  const origins = new Map<string, Set<string>>()
  for (const zone of zones) {
    const hosts = new Set([...zone.delegation ?? [], ...zone.records.flatMap(record => record.name === zone.origin && isNs(record) ? [record.data.host] : [])])
    for (const host of hosts) {
      for (const address of addressesOf(all, host)) origins.set(address, (origins.get(address) ?? new Set()).add(zone.origin))
    }
  }
  const told = new Map(worlds.flatMap(world => world.nameservers).flatMap(server => server.addresses.map(address => [address, server] as const)))
  const strangers = [...told.keys()].filter(address => !origins.has(address))
  if (strangers.length > 0) throw new WorldError(strangers.map(address => `${address} is no name server of any zone`))
  return [...origins].map(([address, served]) => {
    const { fault, tcp = true, zones: copies = {} } = told.get(address) ?? {}
    const own = Object.entries(copies)
    const changed = own.length === 0 ? all : new Zones(zones.map(zone => {
      const text = copies[zone.origin]
      return text === undefined ? zone : readCopy(zone, text)
    }), signer)
    return { address, zones: changed, origins: served, fault, tcp }
  })
}

function addressesOf(zones: Zones, host: string): string[] {
  return (['A', 'AAAA'] as const).flatMap(type => {
    const found = zones.resolve(host, type, true)
    return 'failure' in found ? [] : found.answers.flatMap(record => record.type === type ? [(record as DnsRecord<'A' | 'AAAA'>).data.address] : [])
  })
}

function isNs(record: DnsRecord): record is DnsRecord<'NS'> {
  return record.type === 'NS'
}
