/**
 * A zone as text: the master file of RFC 1035 §5, as name servers and registrars read and write it.
 * Each entry is `owner TTL class type data`; the owner may be left out (that of the entry before), and so may TTL and class.
 * Beside records this reader takes `owner type (servfail)`: what a test world says about a question that is not answered.
 */
import { readEntries, type Field } from './master-file.ts'
import { parseName } from './name.ts'
import { parseFields, parseTtl } from './record-data.ts'
import { makeRecord, type DnsRecord, type RecordType } from './record.ts'
import { RecordSyntaxError } from './record-syntax-error.ts'
import { recordType, typeNumber } from './record-type.ts'

export interface Zone {
  /** In the order of the file. */
  readonly records: DnsRecord[]
  readonly special: SpecialAnswer[]
  /** An entry with an error yields nothing else. Line and column from 1. */
  readonly errors: ZoneError[]
}

export interface SpecialAnswer {
  readonly name: string
  readonly type: RecordType
  readonly word: SpecialWord
  readonly line: number
}

export interface ZoneError {
  readonly line: number
  readonly column: number
  readonly message: string
}

export const specialWords = ['timeout', 'servfail', 'refused', 'nxdomain', 'nodata', 'none', 'malformed'] as const
export type SpecialWord = (typeof specialWords)[number]

export interface ZoneOptions {
  /** What relative names are relative to, until an $ORIGIN; with '' (the default) every name is absolute. */
  readonly origin?: string
  /** Seconds, for entries before the first TTL or $TTL; 3600 unless told. */
  readonly defaultTtl?: number
}

/** Errors after which a text is no master file, and is read no further: nobody mends a thousand lines one by one. */
export const maxZoneErrors = 1000

/** Reads a master file (an octet string, one character an octet). Never throws. The class is read (IN or CH) and not kept. */
export function parseZone(text: string, options: ZoneOptions = {}): Zone {
  const zone: Zone = { records: [], special: [], errors: [] }
  const state: State = { origin: options.origin ?? '', owner: null, ttl: options.defaultTtl ?? 3600, ttlByDirective: false }
  for (const entry of readEntries(text)) {
    try {
      if (entry.error) throw entry.error
      const [first] = entry.fields
      if (first?.text.startsWith('$') && !first.quoted && !entry.indented) obey(entry.fields, state)
      else readRecord(entry.fields, entry.indented, state, zone)
    } catch (error) {
      if (!(error instanceof RecordSyntaxError)) throw error
      zone.errors.push({ line: error.line, column: error.column, message: error.message })
      if (zone.errors.length < maxZoneErrors) continue
      zone.errors.push({ line: error.line, column: 1, message: `nothing below is read: there are ${maxZoneErrors} errors up to here` })
      break
    }
  }
  return zone
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
}

/** `$ORIGIN` and `$TTL`. Further directives get their case here. */
function obey([directive, argument, surplus]: readonly Field[], state: State): void {
  if (!directive) return
  const name = directive.text.toUpperCase()
  if (name !== '$ORIGIN' && name !== '$TTL') fail(directive, `${directive.text} is not read here`)
  if (!argument) fail(directive, `${name} needs a value`)
  if (surplus) fail(surplus, `${name} takes one value`)
  if (name === '$ORIGIN') state.origin = nameFrom(argument, state)
  else {
    state.ttl = parseTtl(argument.text) ?? fail(argument, 'expected a TTL')
    state.ttlByDirective = true
  }
}

function readRecord(fields: readonly Field[], indented: boolean, state: State, zone: Zone): void {
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
    if (ttl === null && /^\d/.test(text)) ttl = parseTtl(text) ?? fail(fields[next] ?? first, 'expected a TTL')
    else if (!classRead && /^(?:IN|CH)$/i.test(text)) classRead = true
    else break
  }
  const typeField = fields[next]
  if (!typeField) fail(fields.at(-1) ?? first, 'the record type is missing')
  const number = typeField.quoted ? null : typeNumber(typeField.text)
  if (number === null) fail(typeField, `${typeField.text.slice(0, 40)} is no record type that is known here`)
  const type = recordType(number)
  const data = fields.slice(next + 1)
  const word = specialWords.find(special => special === data[0]?.text)
  if (word && data.length === 1 && data[0]?.enclosed) {
    zone.special.push({ name: owner, type, word, line: typeField.line })
    return
  }
  if (data.length === 0) fail(typeField, `the data of this ${typeField.text} record is missing`)
  zone.records.push(makeRecord(owner, type, ttl ?? state.ttl, parseFields(type, data, state.origin)))
  if (ttl !== null && !state.ttlByDirective) state.ttl = ttl
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
