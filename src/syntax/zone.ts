/**
 * A zone as text: the master file of RFC 1035 §5, as name servers and registrars read and write it.
 * Each entry is `owner TTL class type data`; the owner may be left out (that of the entry before), and so may TTL and class.
 * `$GENERATE` is expanded where it is allowed; `$INCLUDE` is followed where the caller hands over the files; the entries of each have their own lines and columns.
 * Beside records this reader takes `owner type (servfail)`: what a test world says about a question that is not answered.
 */
import { generate } from './generate.ts'
import { readEntries, type Field } from './master-file.ts'
import { parseName } from './name.ts'
import { parseFields, parseTtl } from './record-data.ts'
import { makeRecord, type DnsRecord, type RecordType } from './record.ts'
import { RecordSyntaxError } from './record-syntax-error.ts'
import { recordType, typeNumber } from './record-type.ts'

export interface Zone {
  /** In the order of the file. */
  readonly records: DnsRecord[]
  /** Where each of them stands: at the same index. */
  readonly places: ZonePlace[]
  readonly special: SpecialAnswer[]
  /** With `keepUnread`: entries of types whose data is not read here. */
  readonly unread: UnreadEntry[]
  /** An entry with an error yields nothing else. Line and column from 1. */
  readonly errors: ZoneError[]
}

/** From 1; `file` is that of an $INCLUDE, as it is named there. */
export interface ZonePlace {
  readonly line: number
  readonly column: number
  readonly file?: string
}

export interface SpecialAnswer {
  readonly name: string
  readonly type: RecordType
  readonly word: SpecialWord
  readonly line: number
  readonly column: number
  readonly file?: string
}

/** An entry of a type that has no mnemonic here, or no data format. */
export interface UnreadEntry extends ZonePlace {
  readonly name: string
  /** As written. */
  readonly type: string
  readonly ttl: number
}

export interface ZoneError extends ZonePlace {
  readonly message: string
}

const specialWords = ['timeout', 'servfail', 'refused', 'nxdomain', 'nodata', 'none', 'malformed'] as const
export type SpecialWord = (typeof specialWords)[number]

export interface ZoneOptions {
  /** What relative names are relative to, until an $ORIGIN; with '' (the default) every name is absolute. */
  readonly origin?: string
  /** Seconds, for entries before the first TTL or $TTL; 3600 unless told. */
  readonly defaultTtl?: number
  /** The text of a file that an $INCLUDE names, and what to call it; or why it is not handed over. Without it none is read. */
  readonly include?: (file: string, from: string | null) => IncludedFile | { readonly error: string }
  /** Reads $GENERATE, of which one line may stand for many records. */
  readonly generate?: boolean
  /** Keeps entries of types that are not read here, in place of calling them errors. */
  readonly keepUnread?: boolean
}

export interface IncludedFile {
  readonly file: string
  readonly text: string
}

/** How deep files may include each other. */
const deepestInclude = 16

/** Records of all $GENERATE: a line of thirty octets is enough for 65,536 of them. */
const mostGenerated = 262_144

/** Errors after which a text is no master file, and is read no further: nobody mends a thousand lines one by one. */
export const maxZoneErrors = 1000

/** Reads a master file (an octet string, one character an octet). Never throws. The class is read (IN or CH) and not kept. */
export function parseZone(text: string, options: ZoneOptions = {}): Zone {
  const zone: Zone = { records: [], places: [], special: [], unread: [], errors: [] }
  const state: State = { origin: options.origin ?? '', owner: null, ttl: options.defaultTtl ?? 3600, ttlByDirective: false, files: [], generated: 0 }
  readText(text, state, zone, options)
  return zone
}

/** False when the errors are so many that nothing more is read. */
function readText(text: string, state: State, zone: Zone, options: ZoneOptions): boolean {
  for (const entry of readEntries(text)) {
    const file = state.files.at(-1)
    const within = file === undefined ? {} : { file }
    try {
      if (entry.error) throw entry.error
      const [first] = entry.fields
      if (first?.text.startsWith('$') && !first.quoted && !entry.indented) {
        if (first.text.toUpperCase() === '$GENERATE' && options.generate) {
          for (const fields of generate(entry.fields)) {
            if (++state.generated > mostGenerated) fail(first, `all $GENERATE of a zone stand for at most ${mostGenerated} records here`)
            readRecord(fields, false, state, zone, options.keepUnread === true)
          }
        } else if (first.text.toUpperCase() !== '$INCLUDE') obey(entry.fields, state)
        else if (!include(entry.fields, state, zone, options)) return false
      } else readRecord(entry.fields, entry.indented, state, zone, options.keepUnread === true)
    } catch (error) {
      if (!(error instanceof RecordSyntaxError)) throw error
      zone.errors.push({ line: error.line, column: error.column, ...within, message: error.message })
      if (zone.errors.length < maxZoneErrors) continue
      zone.errors.push({ line: error.line, column: 1, ...within, message: `nothing below is read: there are ${maxZoneErrors} errors up to here` })
      return false
    }
  }
  return true
}

/** RFC 1035 §5.1: the file's own origin, if one is given, and neither its origin nor its last owner outlive it. */
function include([directive, name, origin, surplus]: readonly Field[], state: State, zone: Zone, options: ZoneOptions): boolean {
  if (!directive) return true
  if (!options.include) fail(directive, `${directive.text} is not read here`)
  if (!name) fail(directive, '$INCLUDE needs a file name')
  if (surplus) fail(surplus, '$INCLUDE takes a file name and an origin')
  if (state.files.length >= deepestInclude) fail(directive, `files include each other more than ${deepestInclude} deep`)
  const included = options.include(name.text.replace(/\\(.)/g, '$1'), state.files.at(-1) ?? null)
  if ('error' in included) fail(name, included.error)
  if (state.files.includes(included.file)) fail(name, `${included.file} includes itself`)
  const { origin: outer, owner } = state
  if (origin) state.origin = nameFrom(origin, state)
  state.files.push(included.file)
  const whole = readText(included.text, state, zone, options)
  state.files.pop()
  state.origin = outer
  state.owner = owner
  return whole
}

/** Sorted (a name below its parent, the apex types first), one record a line, columns aligned: for people to read and compare. */
export function formatZone(records: readonly DnsRecord[]): string {
  const rows = records
    .map(record => ({ record, key: sortKey(record) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ record }) => [`${record.name}.`, String(record.ttl), record.type, record.text] as const)
  const width = (column: 0 | 1 | 2) => rows.reduce((max, row) => Math.max(max, Math.min(row[column].length, 40)), 0)
  const [owner, ttl, type] = [width(0), width(1), width(2)]
  return rows.map(row => `${row[0].padEnd(owner)} ${row[1].padStart(ttl)} IN ${row[2].padEnd(type)} ${row[3]}\n`).join('')
}

interface State {
  origin: string
  owner: string | null
  ttl: number
  /** $TTL rules (RFC 2308 §4); without it an entry takes the TTL stated last (RFC 1035 §5.1). */
  ttlByDirective: boolean
  /** Those that are being read, the first text apart. */
  readonly files: string[]
  /** Records of $GENERATE so far. */
  generated: number
}

/** `$ORIGIN` and `$TTL`. */
function obey([directive, argument, surplus]: readonly Field[], state: State): void {
  if (!directive) return
  const name = directive.text.toUpperCase()
  if (name !== '$ORIGIN' && name !== '$TTL') fail(directive, `${directive.text} is not read here`)
  if (!argument) fail(directive, `${name} needs a value`)
  if (surplus) fail(surplus, `${name} takes one value`)
  if (name === '$ORIGIN') state.origin = nameFrom(argument, state)
  else {
    state.ttl = ttlFrom(argument)
    state.ttlByDirective = true
  }
}

function ttlFrom(field: Field): number {
  const ttl = parseTtl(field.text)
  if (ttl !== null) return ttl
  return fail(field, /^\d+$/.test(field.text) ? 'a TTL has at most 2147483647 seconds (RFC 2181 §8)' : 'expected a TTL')
}

function readRecord(fields: readonly Field[], indented: boolean, state: State, zone: Zone, keepUnread: boolean): void {
  let next = 0
  const [first] = fields
  if (!first) return
  if (!indented) {
    // A bad owner must not hand the entries below it to the owner above it.
    state.owner = null
    state.owner = nameFrom(first, state)
    next = 1
  }
  const { owner } = state
  if (owner === null) fail(first, 'there is no owner above this entry')
  let ttl: number | null = null
  let classRead = false
  for (; ; next++) {
    const text = fields[next]?.text ?? ''
    if (ttl === null && /^\d/.test(text)) ttl = ttlFrom(fields[next] ?? first)
    else if (!classRead && /^(?:IN|CH)$/i.test(text)) classRead = true
    else break
  }
  const typeField = fields[next]
  if (!typeField) fail(fields.at(-1) ?? first, 'the record type is missing')
  const file = state.files.at(-1)
  const place: ZonePlace = { line: first.line, column: first.column, ...file === undefined ? {} : { file } }
  const number = typeField.quoted ? null : typeNumber(typeField.text)
  if (keepUnread && isUnread(number, typeField, fields[next + 1])) {
    zone.unread.push({ name: owner, type: typeField.text.toUpperCase(), ttl: ttl ?? state.ttl, ...place })
    if (ttl !== null && !state.ttlByDirective) state.ttl = ttl
    return
  }
  if (number === null) fail(typeField, `${typeField.text.slice(0, 40)} is no record type that is known here`)
  const type = recordType(number)
  const data = fields.slice(next + 1)
  const word = specialWords.find(special => special === data[0]?.text)
  if (word && data.length === 1 && data[0]?.enclosed) {
    zone.special.push({ name: owner, type, word, ...place })
    return
  }
  if (data.length === 0) fail(typeField, `the data of this ${typeField.text} record is missing`)
  zone.records.push(makeRecord(owner, type, ttl ?? state.ttl, parseFields(type, data, state.origin)))
  zone.places.push(place)
  if (ttl !== null && !state.ttlByDirective) state.ttl = ttl
}

/** A word that may be a type, with data in a format that is not read here. */
function isUnread(number: number | null, type: Field, data: Field | undefined): boolean {
  if (number === null) return !type.quoted && /^[a-z][a-z0-9-]*$/i.test(type.text) && data !== undefined
  // RFC 3597 §5 lets any type be written as octets; those of a type with a format of its own are not taken apart here.
  const generic = data?.text === '\\#' && !data.quoted
  return recordType(number).startsWith('TYPE') !== generic && data !== undefined && !data.enclosed
}

function nameFrom(field: Field, { origin }: State): string {
  if (field.quoted) fail(field, 'a name is not quoted')
  try {
    return parseName(field.text, origin, field.column)
  } catch (error) {
    if (error instanceof RecordSyntaxError) fail({ ...field, column: error.column }, error.message)
    throw error
  }
}

function fail(field: Field, message: string): never {
  throw new RecordSyntaxError(message, field.column, field.line)
}

const typeOrder = ['SOA', 'NS', 'A', 'AAAA', 'CNAME', 'DNAME', 'MX', 'TXT']

/** Labels from the root down, so that a zone's names follow their parent. */
function sortKey({ name, type, text }: DnsRecord): string {
  const rank = typeOrder.indexOf(type)
  return [name.split('.').toReversed().join('\x01'), rank < 0 ? `9${type}` : String(rank), text].join('\0')
}
