/**
 * What DNS would answer about the zones of a world: as a recursive resolver, with aliases followed, wildcards applied
 * (RFC 4592), a name without the type told apart from no name at all (RFC 2308); and as one name server, which speaks for its
 * own zones and refers to others (RFC 1034 §4.3.2). The answers that zones ordain in their place hold for both.
 */
import { parentName } from '../syntax/name.ts'
import { makeRecord, type DnsRecord, type RecordType } from '../syntax/record.ts'
import type { SpecialAnswer } from '../syntax/zone.ts'
import type { Dnssec } from './definition.ts'
import type { Signer } from './signer.ts'

export interface LabZone {
  /** Lower case, no final dot; '' is the root. */
  readonly origin: string
  /** Every answer from it is secure. */
  readonly signed: boolean
  readonly records: readonly DnsRecord[]
  readonly special: readonly SpecialAnswer[]
  readonly dnssec?: Dnssec | undefined
  /** The name servers that the parent names, where these are not the zone's own. */
  readonly delegation?: readonly string[] | undefined
}

export interface Found {
  readonly rcode: 'NOERROR' | 'NXDOMAIN'
  /** The aliases in order, then the records. */
  readonly answers: readonly DnsRecord[]
  readonly authority: readonly DnsRecord[]
  /** Of the answers, for who wants them. */
  readonly signatures: readonly DnsRecord[]
}

export interface Failed {
  readonly failure: 'servfail' | 'refused' | 'timeout' | 'malformed' | 'bogus'
}

export type Resolution = (Found & { readonly secure: boolean }) | Failed
export type ServerAnswer = (Found & { readonly authoritative: boolean }) | Failed

/** A resolver gives up on longer chains, and so does this one. */
const longestAliasChain = 12

export class Zones {
  readonly #zones = new Map<string, ZoneData>()
  readonly #signer: Signer | undefined

  /** Zones of different definitions; one origin belongs to one definition. */
  constructor(zones: readonly LabZone[], signer?: Signer) {
    this.#signer = signer
    for (const zone of zones) this.#zones.set(zone.origin, new ZoneData(zone))
  }

  resolve(name: string, type: RecordType, checkingDisabled = false): Resolution {
    const answers: DnsRecord[] = []
    const signatures: DnsRecord[] = []
    let secure = true
    let current = name
    while (answers.length <= longestAliasChain) {
      const zone = this.#holding(current, type)
      if (!zone) return { rcode: 'NXDOMAIN', answers, authority: [rootSoa], signatures, secure: false }
      if (zone.dnssec?.bogus === true && !checkingDisabled) return { failure: 'bogus' }
      secure &&= zone.signed
      const step = zone.look(current, type)
      if ('failure' in step) return step
      answers.push(...step.records)
      signatures.push(...this.#signaturesOf(zone, step.records))
      if (step.alias === undefined) {
        return { rcode: step.rcode, answers, authority: step.records.length > 0 ? [] : [zone.soa], signatures, secure: secure && !checkingDisabled }
      }
      current = step.alias
    }
    return { failure: 'servfail' }
  }

  /** As a server answers that has these zones and no others. */
  serve(name: string, type: RecordType, origins: ReadonlySet<string>): ServerAnswer {
    const answers: DnsRecord[] = []
    const signatures: DnsRecord[] = []
    let current = name
    for (;;) {
      const zone = this.#holding(current, type, origins)
      if (!zone) return answers.length > 0 ? { rcode: 'NOERROR', answers, authority: [], signatures, authoritative: true } : { failure: 'refused' }
      const cut = this.#cutBelow(zone, current, type)
      if (cut !== undefined) return { rcode: 'NOERROR', answers, authority: zone.at(cut, 'NS'), signatures, authoritative: answers.length > 0 }
      const step = zone.look(current, type)
      if ('failure' in step) return step
      answers.push(...step.records)
      signatures.push(...this.#signaturesOf(zone, step.records))
      if (step.alias === undefined || answers.length > longestAliasChain) {
        return { rcode: step.rcode, answers, authority: step.records.length > 0 ? [] : [zone.soa], signatures, authoritative: true }
      }
      current = step.alias
    }
  }

  #signaturesOf(zone: ZoneData, records: readonly DnsRecord[]): DnsRecord[] {
    return zone.dnssec ? this.#signer?.sign(zone.origin, zone.dnssec, records) ?? [] : []
  }

  /** The zone with the longest origin; a DS record stands in the zone above (RFC 4035 §2.4). */
  #holding(name: string, type: RecordType, origins?: ReadonlySet<string>): ZoneData | undefined {
    let origin = name
    if (type === 'DS' && origin !== '') origin = parentName(origin)
    for (;;) {
      const zone = origins === undefined || origins.has(origin) ? this.#zones.get(origin) : undefined
      if (zone || origin === '') return zone
      origin = parentName(origin)
    }
  }

  /** The zone that begins first on the way from this one down to the name. */
  #cutBelow({ origin }: ZoneData, name: string, type: RecordType): string | undefined {
    let cut: string | undefined
    for (let at = type === 'DS' ? parentName(name) : name; at !== origin; at = parentName(at)) if (this.#zones.has(at)) cut = at
    return cut
  }
}

type Step = Failed | { readonly rcode: 'NOERROR' | 'NXDOMAIN'; readonly records: readonly DnsRecord[]; readonly alias?: string }

class ZoneData {
  readonly origin: string
  readonly signed: boolean
  readonly dnssec: Dnssec | undefined
  readonly soa: DnsRecord
  readonly #nodes = new Map<string, DnsRecord[]>()
  readonly #special = new Map<string, SpecialAnswer['word']>()

  constructor({ origin, signed, records, special, dnssec }: LabZone) {
    this.origin = origin
    this.signed = signed
    this.dnssec = signed ? dnssec : undefined
    const soa = records.find(({ type }) => type === 'SOA')
    this.soa = soa ?? soaOf(origin)
    this.#nodes.set(origin, [])
    for (const record of soa ? records : [this.soa, ...records]) this.#add(record.name).push(record)
    for (const { name, type, word } of special) {
      this.#add(name)
      this.#special.set(`${name} ${type}`, word)
    }
  }

  /** One step: what stands at this name, or where it leads. */
  look(name: string, type: RecordType): Step {
    const ordained = this.#special.get(`${name} ${type}`)
    if (ordained === 'nxdomain') return { rcode: 'NXDOMAIN', records: [] }
    if (ordained === 'nodata' || ordained === 'none') return { rcode: 'NOERROR', records: [] }
    if (ordained) return { failure: ordained }
    const node = this.#node(name)
    if (!node) return { rcode: 'NXDOMAIN', records: [] }
    const found = node.filter(record => record.type === type)
    if (found.length > 0) return { rcode: 'NOERROR', records: found }
    const alias = node.find((record): record is DnsRecord<'CNAME'> => record.type === 'CNAME')
    return alias ? { rcode: 'NOERROR', records: [alias], alias: alias.data.target } : { rcode: 'NOERROR', records: [] }
  }

  /** What is written at this very name. */
  at(name: string, type: RecordType): DnsRecord[] {
    return (this.#nodes.get(name) ?? []).filter(record => record.type === type)
  }

  /** The records at a name, its wildcard's in its stead; empty for a name with others below it, undefined for none. */
  #node(name: string): readonly DnsRecord[] | undefined {
    const exact = this.#nodes.get(name)
    if (exact) return exact
    let encloser = parentName(name)
    while (encloser !== this.origin && !this.#nodes.has(encloser)) encloser = parentName(encloser)
    return this.#nodes.get(encloser === '' ? '*' : `*.${encloser}`)
      ?.map(({ type, ttl, data }) => makeRecord(name, type, ttl, data))
  }

  /** Makes the names between this one and the apex exist, too: empty non-terminals (RFC 4592 §2.2.2). */
  #add(name: string): DnsRecord[] {
    for (let parent = name; parent !== this.origin && parent !== ''; parent = parentName(parent)) {
      if (!this.#nodes.has(parent)) this.#nodes.set(parent, [])
    }
    const node = this.#nodes.get(name) ?? []
    this.#nodes.set(name, node)
    return node
  }
}

function soaOf(origin: string): DnsRecord<'SOA'> {
  const below = (label: string): string => origin === '' ? label : `${label}.${origin}`
  return makeRecord(origin, 'SOA', 3600, {
    primary: below('ns1'), mailbox: below('hostmaster'), serial: 2026112001, refresh: 7200, retry: 3600, expire: 1209600, minimum: 3600,
  })
}

const rootSoa = soaOf('')
