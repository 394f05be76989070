/** The records of a plan by name and type, and what a server that had them would make of them. */
import { isWithin, parentName } from '../syntax/name.ts'
import { makeRecord, type DnsRecord, type RecordType } from '../syntax/record.ts'

export interface PlannedSet {
  readonly name: string
  readonly type: RecordType
  /** Empty: it is removed. Null: what it will hold shows only when the plan is carried out. */
  readonly records: readonly DnsRecord[] | null
}

export interface PlannedRecords {
  readonly sets: readonly PlannedSet[]
  /** Zones of which the plan holds everything: what it lacks there is removed. */
  readonly complete?: readonly string[]
}

export interface PlannedStep {
  readonly rcode: 'NOERROR' | 'NXDOMAIN'
  readonly records: readonly DnsRecord[]
  readonly alias?: DnsRecord<'CNAME'>
}

type Records = readonly DnsRecord[] | null

/** What a signer or a registrar writes, and no zone file needs to hold (types without a shape by their number). */
const madeElsewhere: ReadonlySet<string> = new Set(['DNSKEY', 'RRSIG', 'TYPE47', 'TYPE50', 'TYPE51', 'TYPE59', 'TYPE60', 'TYPE63'])

export class PlannedSets {
  readonly #byName = new Map<string, Map<RecordType, Records>>()
  /** Names that will be there: with a record, or above one. */
  readonly #existing = new Set<string>()
  /** The parents of planned wildcards, removed ones included. */
  readonly #wildcards = new Set<string>()
  readonly #complete: readonly string[]
  readonly #cuts = new Set<string>()
  /** By host, the RRsets that lead mail or services to it. */
  readonly #naming = new Map<string, PlannedTarget[]>()

  constructor({ sets, complete = [] }: PlannedRecords) {
    this.#complete = complete.toSorted((a, b) => b.length - a.length)
    for (const { name, type, records } of sets) {
      const own = this.#byName.get(name) ?? new Map<RecordType, Records>()
      this.#byName.set(name, own.set(type, records))
      if (name.startsWith('*.')) this.#wildcards.add(name.slice(2))
      if (records?.length === 0) continue
      for (let at = name; at !== '' && !this.#existing.has(at); at = parentName(at)) this.#existing.add(at)
      if (type === 'NS' && !complete.includes(name)) this.#cuts.add(name)
      for (const record of records ?? []) this.#note(record)
    }
  }

  #note(record: DnsRecord): void {
    const { name, type } = record
    const target = targetOf(record)
    if (target === null) return
    this.#naming.set(target, [...this.#naming.get(target) ?? [], { name, type: type as PlannedTarget['type'] }])
  }

  /** Undefined: the plan says nothing about it. */
  at(name: string, type: RecordType): Records | undefined {
    return this.#byName.get(name)?.get(type)
  }

  /** Will something of the plan be at this name, or below it? */
  exists(name: string): boolean {
    return this.#existing.has(name)
  }

  /** May the plan make a difference to what is answered about this very name? */
  touches(name: string): boolean {
    return this.#byName.has(name) || this.#existing.has(name) || this.hasWildcardAbove(name) || this.#complete.some(zone => isWithin(name, zone))
  }

  hasWildcardAbove(name: string): boolean {
    return this.wildcardsAbove(name).length > 0
  }

  /** The planned wildcards that may answer for the name, the closest first. */
  wildcardsAbove(name: string): string[] {
    const wildcards: string[] = []
    if (this.#wildcards.size === 0) return wildcards
    for (let at = parentName(name); at !== ''; at = parentName(at)) if (this.#wildcards.has(at)) wildcards.push(`*.${at}`)
    return wildcards
  }

  /** RRsets of the plan that name this host as where mail or a service is. */
  naming(host: string): readonly PlannedTarget[] {
    return this.#naming.get(host) ?? []
  }

  /** The hosts that planned records of this type name. */
  targetsOf(type: PlannedTarget['type']): string[] {
    return [...this.#naming].filter(([, targets]) => targets.some(target => target.type === type)).map(([host]) => host)
  }

  /** Does the plan begin a zone of its own at the name or between it and `apex`? */
  startsZoneBetween(name: string, apex: string): boolean {
    for (let at = name; at !== apex && at !== ''; at = parentName(at)) {
      if (this.#cuts.has(at) || (this.at(at, 'SOA') ?? []).length > 0) return true
    }
    return false
  }

  /** Does the plan change what the zone's signatures rest on? */
  rekeys(apex: string): boolean {
    return this.at(apex, 'DS') !== undefined || this.at(apex, 'DNSKEY') !== undefined
  }

  /** The zone of which the plan knows all, when this question is about it; what is delegated, and what a signer adds, is not. */
  completeZoneOf(name: string, type: RecordType): string | null {
    const zone = this.#complete.find(one => isWithin(name, one))
    if (zone === undefined) return null
    if (name === zone && type === 'DS') return null
    const kept = madeElsewhere.has(type) || (name === zone && (type === 'SOA' || type === 'NS'))
    if (kept && this.at(name, type) === undefined) return null
    for (let at = name; at !== zone && at !== ''; at = parentName(at)) {
      if (this.#cuts.has(at) && !(at === name && (type === 'NS' || type === 'DS'))) return null
    }
    return zone
  }

  /** What the zone says of the name; null when something in it shows only later. */
  lookUp(name: string, type: RecordType, zone: string): PlannedStep | null {
    const node = this.#node(name, zone)
    if (!node) return { rcode: 'NXDOMAIN', records: [] }
    const records = node.get(type)
    if (records === null) return null
    if (records && records.length > 0) return { rcode: 'NOERROR', records: records.map(record => ownedBy(name, record)) }
    const alias = type === 'CNAME' ? undefined : node.get('CNAME')
    if (alias === null) return null
    const [first] = alias ?? []
    return first ? { rcode: 'NOERROR', records: [], alias: ownedBy(name, first) as DnsRecord<'CNAME'> } : { rcode: 'NOERROR', records: [] }
  }

  #node(name: string, zone: string): ReadonlyMap<RecordType, Records> | undefined {
    if (this.#existing.has(name) || name === zone) return this.#byName.get(name) ?? new Map<RecordType, Records>()
    let encloser = parentName(name)
    while (encloser !== zone && !this.#existing.has(encloser)) encloser = parentName(encloser)
    return this.#existing.has(`*.${encloser}`) ? this.#byName.get(`*.${encloser}`) : undefined
  }
}

interface PlannedTarget {
  readonly name: string
  readonly type: 'MX' | 'SRV' | 'NS'
}

/** The host that an MX, SRV or NS record names. */
export function targetOf(record: DnsRecord): string | null {
  switch (record.type) {
    case 'MX': return (record as DnsRecord<'MX'>).data.exchange
    case 'SRV': return (record as DnsRecord<'SRV'>).data.target
    case 'NS': return (record as DnsRecord<'NS'>).data.host
    default: return null
  }
}

function ownedBy(name: string, record: DnsRecord): DnsRecord {
  return record.name === name ? record : makeRecord(name, record.type, record.ttl, record.data)
}
