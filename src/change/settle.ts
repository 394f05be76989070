/**
 * From what the sources say to the RRsets that will be there. Whole sets are taken as they are; where a source knows only of
 * one record more or less, the live set is what it adds to and takes from. What no zone can hold is refused; what is odd, or
 * collides with what is live, is noted.
 */
import type { Answer, Outcome, Question } from '../network/network.ts'
import type { PlannedRecords, PlannedSet } from '../network/overlay.ts'
import { organizationalDomain } from '../syntax/organizational-domain.ts'
import type { DnsRecord, RecordType } from '../syntax/record.ts'
import type { PlanNote, PlannedPlace, PlanSource } from './plan.ts'
import type { PlannedEntry, Reading, SourceError } from './planned.ts'

export interface Plan extends PlannedRecords {
  /** By `NAME TYPE`. */
  readonly places: ReadonlyMap<string, readonly PlannedPlace[]>
  /** Where one of its records is written. */
  readonly placeOfRecord: (name: string, type: string, data: string) => PlannedPlace | undefined
  readonly sources: readonly PlanSource[]
  readonly notes: readonly PlanNote[]
}

export type Ask = (question: Question) => Promise<Outcome<Answer>>

/** Notes of one kind; the rest is counted. */
const mostNotes = 20
/** Names that are compared with the live DNS before anything else: a plan of more than that is a zone, and its provider knows. */
const mostCompared = 100
/** Types that may stand beside an alias (RFC 4034, RFC 4035 §2.5). */
const besideAlias: ReadonlySet<string> = new Set(['CNAME', 'RRSIG', 'TYPE47', 'TYPE50'])

interface Building {
  readonly name: string
  readonly type: RecordType
  readonly places: PlannedPlace[]
  /** By data; null until the source speaks of the whole set. */
  set: Map<string, { record: DnsRecord; place: PlannedPlace }> | null
  readonly adds: { record: DnsRecord; place: PlannedPlace }[]
  readonly drops: Set<string>
  removed: boolean
  unknown: boolean
  /** The last reading that said what the whole set is: flags go over files. */
  by: Reading | null
}

/** `ask` asks the live DNS; `complete` are the zones that the sources hold whole. */
export async function settlePlan(
  readings: readonly Reading[], domain: string, complete: readonly string[], sources: readonly string[], ask: Ask,
): Promise<Plan | { readonly errors: readonly SourceError[] }> {
  const errors = readings.flatMap(reading => reading.errors)
  if (errors.length > 0) return { errors }
  const notes = new Notes()
  const sets = new Map<string, Building>()
  for (const reading of readings) {
    for (const note of reading.notes) notes.add('source', note.place, note.message)
    for (const entry of reading.entries) take(entry, reading, sets, notes)
  }
  noteOddNames(sets.values(), domain, notes)
  const settled: PlannedSet[] = []
  for (const building of sets.values()) {
    // Nearly all of a zone is whole sets, for which nobody need be asked.
    const set = settle(building, notes, ask)
    settled.push('then' in set ? await set : set)
  }
  const conflicts = aliasConflicts(settled, sets)
  if (conflicts.length > 0) return { errors: conflicts }
  if (complete.length === 0) await noteLiveAliases(settled, sets, notes, ask)
  return {
    sets: settled, complete, notes: notes.all(),
    placeOfRecord: (name, type, data) => {
      const building = sets.get(`${name} ${type}`)
      return building?.set?.get(data)?.place ?? building?.adds.find(({ record }) => record.text === data)?.place
    },
    places: new Map([...sets].map(([key, { places }]) => [key, places])),
    sources: readings.map(({ format, entries }, i) => ({ file: sources[i] ?? '', format, records: entries.length })),
  }
}

function take(entry: PlannedEntry, reading: Reading, sets: Map<string, Building>, notes: Notes): void {
  const { name, type } = 'record' in entry ? entry.record : entry
  const key = `${name} ${type}`
  const building = sets.get(key) ?? { name, type, places: [], set: null, adds: [], drops: new Set<string>(), removed: false, unknown: false, by: null }
  sets.set(key, building)
  building.places.push(entry.place)
  switch (entry.kind) {
    case 'set': {
      if (reading.format === 'flag' && building.by !== reading) building.set = null
      building.by = reading
      building.set ??= new Map()
      const known = building.set.get(entry.record.text)
      if (known) notes.add('twice', entry.place, `${name} ${type} ${shown(entry.record.text)} is there twice (first ${shownPlace(known.place)}): it counts once`)
      else building.set.set(entry.record.text, entry)
      return
    }
    case 'add':
      building.adds.push(entry)
      return
    case 'drop':
      building.drops.add(entry.record.text)
      return
    case 'remove':
      if (reading.format === 'flag') building.set = null
      building.removed = true
      return
    case 'unknown':
      building.unknown = true
  }
}

function settle(building: Building, notes: Notes, ask: Ask): PlannedSet | Promise<PlannedSet> {
  const { name, type, set, removed, unknown } = building
  if (unknown) return { name, type, records: null }
  return set === null && !removed ? amended(building, notes, ask) : whole(building, [], notes)
}

/** The live set, with one record more or less. */
async function amended(building: Building, notes: Notes, ask: Ask): Promise<PlannedSet> {
  const { name, type, places: [place] } = building
  const live = await ask({ name, type })
  if ('value' in live) return whole(building, live.value.aliases.length === 0 ? live.value.records : [], notes)
  if (place) notes.add('live', place, `what ${name} ${type} holds now is not answered (${live.problem.detail}), so what it will hold cannot be told`)
  return { name, type, records: null }
}

function whole({ name, type, set, adds, drops }: Building, live: readonly DnsRecord[], notes: Notes): PlannedSet {
  const planned = [...set?.values() ?? []]
  const ttls = new Set(planned.map(({ record }) => record.ttl))
  const [first] = planned
  if (ttls.size > 1 && first) notes.add('ttl', first.place, `the records of ${name} ${type} have different TTLs: the lowest counts for all (RFC 2181 §5.2)`)
  const records = new Map([...live, ...planned.map(({ record }) => record)].map(record => [record.text, record]))
  for (const text of drops) records.delete(text)
  for (const { record } of adds) records.set(record.text, record)
  return { name, type, records: [...records.values()] }
}

/** RFC 1034 §3.6.2: no zone holds a CNAME beside anything else, or two. */
function aliasConflicts(settled: readonly PlannedSet[], sets: ReadonlyMap<string, Building>): SourceError[] {
  const aliased = settled.filter(({ type, records }) => type === 'CNAME' && records !== null && records.length > 0)
  if (aliased.length === 0) return []
  const byName = new Map<string, PlannedSet[]>()
  for (const set of settled) if (set.records?.length !== 0) byName.set(set.name, [...byName.get(set.name) ?? [], set])
  const placesOf = ({ name, type }: PlannedSet): readonly PlannedPlace[] => [...sets.get(`${name} ${type}`)?.set?.values() ?? [], ...sets.get(`${name} ${type}`)?.adds ?? []].map(({ place }) => place)
  return aliased.flatMap(alias => {
    const places = placesOf(alias)
    const [first, second] = places
    if ((alias.records?.length ?? 0) > 1 && second) return [errorAt(second, `${alias.name} has a CNAME already${first ? ` (${shownPlace(first)})` : ''}, and a name has one at most`)]
    const other = (byName.get(alias.name) ?? []).find(({ type }) => !besideAlias.has(type))
    const at = other && (placesOf(other)[0] ?? sets.get(`${other.name} ${other.type}`)?.places[0])
    if (!other || !at || !first) return []
    const [earlier, later] = before(at, first) ? [at, first] : [first, at]
    return [errorAt(later, `${alias.name} has a CNAME and ${other.type} records (${shownPlace(earlier)}): beside a CNAME nothing may stand (RFC 1034 §3.6.2)`)]
  })
}

/** A patch may leave an alias in place, or put one beside what is left. */
async function noteLiveAliases(settled: readonly PlannedSet[], sets: ReadonlyMap<string, Building>, notes: Notes, ask: Ask): Promise<void> {
  const names = [...new Set(settled.filter(({ records }) => records?.length !== 0).map(({ name }) => name))]
  if (names.length > mostCompared) return
  await Promise.all(names.map(async name => {
    const place = settled.filter(set => set.name === name && set.records?.length !== 0).map(({ type }) => sets.get(`${name} ${type}`)?.places[0])[0]
    if (!place) return
    const planned = (type: RecordType): boolean => sets.has(`${name} ${type}`)
    if (!planned('CNAME')) {
      const alias = await ask({ name, type: 'CNAME' })
      const [record] = 'value' in alias ? alias.value.records : []
      if (record) notes.add('alias', place, `${name} is an alias now (CNAME ${record.text}): unless the plan removes it ("${name}. CNAME (none)"), nothing else can stand there`)
      return
    }
    if (settled.find(set => set.name === name && set.type === 'CNAME')?.records?.length === 0) return
    const left = (['A', 'AAAA', 'MX', 'TXT'] as const).filter(type => !planned(type))
    const answers = await Promise.all(left.map(type => ask({ name, type })))
    const there = left.filter((_, i) => {
      const answer = answers[i]
      return answer && 'value' in answer && answer.value.aliases.length === 0 && answer.value.records.length > 0
    })
    if (there.length > 0) notes.add('alias', place, `${name} has ${there.join(' and ')} records now, which cannot stay beside a CNAME: remove them in the same change`)
  }))
}

function noteOddNames(sets: Iterable<Building>, domain: string, notes: Notes): void {
  const organization = organizationalDomain(domain)
  const [below, doubled] = [`.${organization}`, `.${organization}.${organization}`]
  for (const { name, type, places, set } of sets) {
    const [place] = places
    if (!place) continue
    if (name !== organization && !name.endsWith(below)) notes.add('outside', place, `${name} ${type} lies outside of ${organization}: it is taken as planned all the same`)
    if (`.${name}`.endsWith(doubled)) notes.add('dot', place, `${name}: is the final dot missing after ${organization}?`)
    for (const { record, place: at } of set?.values() ?? []) {
      if (record.text.includes(`${doubled}.`)) notes.add('dot', at, `${name} ${type} ${shown(record.text)}: is the final dot missing after ${organization}?`)
    }
  }
}

/** Notes by kind, so that a thousand of one do not hide another. */
class Notes {
  readonly #byKind = new Map<string, { first: PlanNote[]; more: number }>()

  add(kind: string, place: PlannedPlace, message: string): void {
    const own = this.#byKind.get(kind) ?? { first: [], more: 0 }
    this.#byKind.set(kind, own)
    if (own.first.length < mostNotes) own.first.push({ place, message })
    else own.more++
  }

  all(): PlanNote[] {
    const notes = [...this.#byKind.values()].flatMap(({ first, more }) => {
      const last = first.at(-1)
      return more > 0 && last ? [...first, { place: last.place, message: `and ${more} more of this kind` }] : first
    })
    return notes.toSorted((a, b) => (before(a.place, b.place) ? -1 : Number(before(b.place, a.place))))
  }
}

function before(a: PlannedPlace, b: PlannedPlace): boolean {
  if (a.file !== b.file) return a.file < b.file
  return a.line !== b.line ? a.line < b.line : a.column < b.column
}

function errorAt({ file, line, column }: PlannedPlace, message: string): SourceError {
  return { file, line, column, message }
}

export function shownPlace({ file, line }: PlannedPlace): string {
  return `${file}:${line}`
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
