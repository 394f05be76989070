/**
 * What a recursive resolver would answer about the zones of a world: aliases followed, wildcards applied (RFC 4592), a name
 * without the type told apart from no name at all (RFC 2308), and the answers that zones ordain in their place.
 */
import { makeRecord, type DnsRecord, type RecordType } from '../syntax/record.ts'
import type { SpecialAnswer } from '../syntax/zone.ts'

export interface LabZone {
  /** Lower case, no final dot; '' is the root. */
  readonly origin: string
  /** Every answer from it is secure. */
  readonly signed: boolean
  readonly records: readonly DnsRecord[]
  readonly special: readonly SpecialAnswer[]
}

export type Resolution =
  | {
    readonly rcode: 'NOERROR' | 'NXDOMAIN'
    /** The aliases in order, then the records. */
    readonly answers: readonly DnsRecord[]
    readonly authority: readonly DnsRecord[]
    readonly secure: boolean
  }
  | { readonly failure: 'servfail' | 'refused' | 'timeout' | 'malformed' }

/** A resolver gives up on longer chains, and so does this one. */
const longestAliasChain = 12

export class Zones {
  readonly #zones = new Map<string, ZoneData>()

  /** Zones of different definitions; one origin belongs to one definition. */
  constructor(zones: readonly LabZone[]) {
    for (const zone of zones) this.#zones.set(zone.origin, new ZoneData(zone))
  }

  resolve(name: string, type: RecordType): Resolution {
    const answers: DnsRecord[] = []
    let secure = true
    let current = name
    while (answers.length <= longestAliasChain) {
      const zone = this.#holding(current, type)
      if (!zone) return { rcode: 'NXDOMAIN', answers, authority: [rootSoa], secure: false }
      secure &&= zone.signed
      const ordained = zone.special(current, type)
      if (ordained === 'nxdomain') return { rcode: 'NXDOMAIN', answers, authority: [zone.soa], secure }
      if (ordained === 'nodata' || ordained === 'none') return { rcode: 'NOERROR', answers, authority: [zone.soa], secure }
      if (ordained) return { failure: ordained }
      const node = zone.node(current)
      if (!node) return { rcode: 'NXDOMAIN', answers, authority: [zone.soa], secure }
      const found = node.filter(record => record.type === type)
      if (found.length > 0) return { rcode: 'NOERROR', answers: [...answers, ...found], authority: [], secure }
      const alias = node.find((record): record is DnsRecord<'CNAME'> => record.type === 'CNAME')
      if (!alias) return { rcode: 'NOERROR', answers, authority: [zone.soa], secure }
      answers.push(alias)
      current = alias.data.target
    }
    return { failure: 'servfail' }
  }

  /** The zone with the longest origin; a DS record stands in the zone above (RFC 4035 §2.4). */
  #holding(name: string, type: RecordType): ZoneData | undefined {
    let origin = name
    if (type === 'DS' && origin !== '') origin = above(origin)
    for (;;) {
      const zone = this.#zones.get(origin)
      if (zone || origin === '') return zone
      origin = above(origin)
    }
  }
}

class ZoneData {
  readonly origin: string
  readonly signed: boolean
  readonly soa: DnsRecord
  readonly #nodes = new Map<string, DnsRecord[]>()
  readonly #special = new Map<string, SpecialAnswer['word']>()

  constructor({ origin, signed, records, special }: LabZone) {
    this.origin = origin
    this.signed = signed
    const soa = records.find(({ type }) => type === 'SOA')
    this.soa = soa ?? soaOf(origin)
    this.#nodes.set(origin, [])
    for (const record of soa ? records : [this.soa, ...records]) this.#add(record.name).push(record)
    for (const { name, type, word } of special) {
      this.#add(name)
      this.#special.set(`${name} ${type}`, word)
    }
  }

  special(name: string, type: RecordType): SpecialAnswer['word'] | undefined {
    return this.#special.get(`${name} ${type}`)
  }

  /** The records at a name, its wildcard's in its stead; empty for a name with others below it, undefined for none. */
  node(name: string): readonly DnsRecord[] | undefined {
    const exact = this.#nodes.get(name)
    if (exact) return exact
    let encloser = above(name)
    while (encloser !== this.origin && !this.#nodes.has(encloser)) encloser = above(encloser)
    return this.#nodes.get(encloser === '' ? '*' : `*.${encloser}`)
      ?.map(({ type, ttl, data }) => makeRecord(name, type, ttl, data))
  }

  /** Makes the names between this one and the apex exist, too: empty non-terminals (RFC 4592 §2.2.2). */
  #add(name: string): DnsRecord[] {
    for (let parent = name; parent !== this.origin && parent !== ''; parent = above(parent)) {
      if (!this.#nodes.has(parent)) this.#nodes.set(parent, [])
    }
    const node = this.#nodes.get(name) ?? []
    this.#nodes.set(name, node)
    return node
  }
}

/** The name without its first label; an escaped dot ends none. */
function above(name: string): string {
  return name.replace(/^(?:[^.\\]|\\\d{3}|\\.)*(?:\.|$)/, '')
}

function soaOf(origin: string): DnsRecord<'SOA'> {
  const below = (label: string): string => origin === '' ? label : `${label}.${origin}`
  return makeRecord(origin, 'SOA', 3600, {
    primary: below('ns1'), mailbox: below('hostmaster'), serial: 2026112001, refresh: 7200, retry: 3600, expire: 1209600, minimum: 3600,
  })
}

const rootSoa = soaOf('')
