/**
 * The DNS of a few names as a file, in the notation of the openspf test suites: JSON or YAML, name -> list of entries in order.
 * An entry is `{TYPE: value}`, or a word: `TIMEOUT` (SERVFAIL, REFUSED, NXDOMAIN) answers for every type that has no entry
 * before it. As a value the word answers for that type alone. `SPF` values stand for TXT as well unless the name has a TXT
 * entry of its own; `TXT: NONE` is such an entry and no record. A text is one string or a list of them, a code point an
 * octet. `AD: true` marks the answers of a name as secure. Other types take the presentation format of zone files.
 */
import { isIPv4 } from 'node:net'
import { parse } from 'yaml'
import { canonicalIpv6 } from '../syntax/address.ts'
import { formatLabels, maxLabel, maxName, wireLength } from '../syntax/name.ts'
import { makeRecord, parseData, RecordSyntaxError, type DnsRecord, type RecordData, type RecordType } from '../syntax/record.ts'
import { recordType, typeNumber } from '../syntax/record-type.ts'

/** What a file may say in place of records. */
const dnsFileWords = ['TIMEOUT', 'SERVFAIL', 'REFUSED', 'NXDOMAIN'] as const
export type DnsFileWord = (typeof dnsFileWords)[number]

/** What a file says of one name. */
export interface DnsFileName {
  readonly answers: ReadonlyMap<RecordType, readonly DnsRecord[] | DnsFileWord>
  /** For the types that are not in `answers`. */
  readonly otherwise: DnsFileWord | null
  readonly secure: boolean
}

/** The file cannot be read as a whole; `message` says where and why, for people. */
export class DnsFileError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DnsFileError'
  }
}

/** Seconds; the notation has no TTL. */
const ttl = 3600

/** By folded name. @throws DnsFileError */
export function parseDnsFile(text: string): ReadonlyMap<string, DnsFileName> {
  const entries = new Map<string, unknown[]>()
  for (const [written, value] of Object.entries(readObject(text))) {
    const name = nameOf(written, written)
    entries.set(name, [...entries.get(name) ?? [], ...Array.isArray(value) ? value as unknown[] : [value]])
  }
  return new Map([...entries].map(([name, list]) => [name, readName(name, list)]))
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  const value = readValue(text.replace(/^\ufeff/, ''))
  if (value === null || value === undefined) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw new DnsFileError('expected names with a list of records each')
  return value as Record<string, unknown>
}

/** JSON is read by the faster reader; YAML's flow notation begins like it, and allows more. */
function readValue(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      // then it is YAML, or nothing
    }
  }
  try {
    return parse(text, { logLevel: 'error', schema: 'failsafe' }) // every scalar is the text that was written: a TXT of 1.0 is no number
  } catch (error) {
    throw new DnsFileError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))
  }
}

function readName(name: string, entries: readonly unknown[]): DnsFileName {
  const pairs = entries.flatMap((entry): (readonly [key: string | null, value: unknown])[] =>
    typeof entry === 'object' && entry !== null ? Object.entries(entry) : [[null, entry]])
  const mirrored = !pairs.some(([key]) => key?.toUpperCase() === 'TXT')
  const answers = new Map<RecordType, DnsRecord[] | DnsFileWord>()
  let otherwise: DnsFileWord | null = null
  let secure = false
  const add = (type: RecordType, value: unknown): void => {
    const known = answers.get(type)
    if (typeof known === 'string' || (known === undefined && otherwise !== null)) return // it is the first that counts
    const word = wordOf(value)
    if (word) answers.set(type, word)
    else answers.set(type, [...known ?? [], readRecord(name, type, value)])
  }
  for (const [key, value] of pairs) {
    const type = key?.toUpperCase()
    const word = wordOf(value)
    if (type === undefined && word) otherwise ??= word
    else if (type === undefined) throw new DnsFileError(`${name}: expected TYPE: value or one of ${dnsFileWords.join(', ')}, not ${shown(value)}`)
    else if (type === 'AD') secure = value === true || value === 'true'
    else if (!(type === 'TXT' && value === 'NONE')) {
      const number = typeNumber(type)
      if (number === null) throw new DnsFileError(`${name}: ${shown(type)} is no record type that is known here`)
      const known = recordType(number)
      add(known, value)
      if (known === 'SPF' && mirrored) add('TXT', value)
    }
  }
  return { answers, otherwise, secure }
}

function wordOf(value: unknown): DnsFileWord | undefined {
  return dnsFileWords.find(word => word === value)
}

function readRecord<T extends RecordType>(name: string, type: T, value: unknown): DnsRecord<T> {
  try {
    return makeRecord(name, type, ttl, readData(type, value, `${name} ${type}`) as RecordData[T])
  } catch (error) {
    if (error instanceof RecordSyntaxError) throw new DnsFileError(`${name} ${type}: ${error.message}: ${shown(value)}`)
    throw error
  }
}

function readData(type: RecordType, value: unknown, where: string): RecordData[RecordType] {
  const fields = (Array.isArray(value) ? value : [value]).map(field => textOf(field, where))
  const [text = ''] = fields
  switch (type) {
    case 'TXT':
    case 'SPF':
      return { strings: fields.flatMap(pieces) }
    case 'A':
      if (!isIPv4(text)) throw new DnsFileError(`${where}: ${shown(text)} is no IPv4 address`)
      return { address: text }
    case 'AAAA': {
      const address = canonicalIpv6(text)
      if (address === null) throw new DnsFileError(`${where}: ${shown(text)} is no IPv6 address`)
      return { address }
    }
    // Names are taken as they stand, so that a test can have any octet in them.
    case 'MX': {
      const [preference = '', exchange = ''] = fields.length > 1 ? fields : [...text.split(/\s+/), '']
      if (!/^\d{1,5}$/.test(preference)) throw new DnsFileError(`${where}: ${shown(preference)} is no preference`)
      return { preference: Number(preference), exchange: nameOf(exchange, where) }
    }
    case 'CNAME':
    case 'DNAME':
      return { target: nameOf(text, where) }
    case 'NS':
    case 'PTR':
      return { host: nameOf(text, where) }
    default:
      return parseData(type, fields.join(' '))
  }
}

/** RFC 1035 §3.3: no string of a TXT record is longer than 255 octets. */
function pieces(text: string): string[] {
  return text.length <= 255 ? [text] : Array.from({ length: Math.ceil(text.length / 255) }, (_, i) => text.slice(i * 255, (i + 1) * 255))
}

function textOf(value: unknown, where: string): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
  if (text === null) throw new DnsFileError(`${where}: expected a text or a list of texts, not ${shown(value)}`)
  if (/[^\0-\xff]/.test(text)) throw new DnsFileError(`${where}: ${shown(text)} holds what is no octet (U+0000 to U+00FF)`)
  return text
}

/** A name as it stands, without escapes: dots divide labels. */
function nameOf(written: string, where: string): string {
  const labels = written.replace(/\.$/, '').split('.')
  if (labels.length === 1 && labels[0] === '') return ''
  const name = formatLabels(labels)
  const fits = labels.every(label => label !== '' && label.length <= maxLabel && !/[^\0-\xff]/.test(label)) && wireLength(name) <= maxName
  if (!fits) throw new DnsFileError(`${where}: ${shown(written)} cannot be a domain name`)
  return name
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
