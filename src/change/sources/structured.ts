/** Records from programs that hold them field by field, or as text of one kind or another. */
import { parseName } from '../../syntax/name.ts'
import { makeRecord, parseData, RecordSyntaxError, type DnsRecord, type RecordData, type RecordType } from '../../syntax/record.ts'
import { recordType, typeNumber } from '../../syntax/record-type.ts'

/** Why a value is no record; where it stands is for the reader of the file to add. */
export class SourceValueError extends Error {}

/** The type that a source means, as records have it; null for one that is not a type of the DNS, or has no data format here. */
export function plannedType(text: unknown): RecordType | null {
  const number = typeof text === 'string' ? typeNumber(text) : null
  const type = number === null ? null : recordType(number)
  return type === null || type.startsWith('TYPE') ? null : type
}

/** Data as a zone file has it. @throws SourceValueError */
export function fromText(name: string, type: RecordType, ttl: number, text: string, origin: string): DnsRecord {
  try {
    return makeRecord(name, type, ttl, parseData(type, text, origin))
  } catch (error) {
    if (error instanceof RecordSyntaxError) throw new SourceValueError(`${type} ${JSON.stringify(text.slice(0, 80))}: ${error.message}`)
    throw error
  }
}

/** Data from its fields in the order of a zone file, none of which may hold blanks. @throws SourceValueError */
export function fromFields(name: string, type: RecordType, ttl: number, fields: readonly unknown[], origin: string): DnsRecord {
  const words = fields.map(field => {
    const word = typeof field === 'number' ? String(field) : typeof field === 'string' ? octets(field.trim()) : ''
    if (word === '' || /[\s"();]/.test(word)) throw new SourceValueError(`${type}: ${JSON.stringify(field ?? null).slice(0, 80)} is no value for it`)
    return word
  })
  return fromText(name, type, ttl, words.join(' '), origin)
}

/** A TXT record that says `text`, in strings of at most 255 octets. */
export function fromSaying(name: string, type: 'TXT' | 'SPF', ttl: number, text: string): DnsRecord {
  const all = octets(text)
  const strings: string[] = []
  for (let at = 0; at < all.length || at === 0; at += 255) strings.push(all.slice(at, at + 255))
  return makeRecord(name, type, ttl, { strings })
}

export function fromStrings(name: string, type: 'TXT' | 'SPF', ttl: number, strings: readonly string[]): DnsRecord {
  if (strings.length === 0) throw new SourceValueError(`${type}: there is no text`)
  if (strings.some(string => octets(string).length > 255)) return fromSaying(name, type, ttl, strings.join(''))
  return makeRecord(name, type, ttl, { strings: strings.map(octets) })
}

/** A CAA record: its value may hold blanks. */
export function caaFrom(name: string, ttl: number, { flags, tag, value }: { flags: unknown; tag: unknown; value: unknown }): DnsRecord {
  const data: RecordData['CAA'] = { flags: Number(flags ?? 0), tag: String(tag), value: octets(String(value)) }
  const valid = Number.isInteger(data.flags) && data.flags >= 0 && data.flags <= 255 && /^[a-z0-9]{1,15}$/i.test(data.tag) && typeof value === 'string'
  if (!valid) throw new SourceValueError(`CAA: ${JSON.stringify([flags, tag, value]).slice(0, 80)} is no flags, tag and value`)
  return makeRecord(name, 'CAA', ttl, data)
}

/** @throws SourceValueError */
export function nameFrom(text: unknown, origin: string): string {
  if (typeof text !== 'string') throw new SourceValueError(`${JSON.stringify(text ?? null).slice(0, 80)} is no name`)
  try {
    return text === '' ? origin : parseName(text, origin)
  } catch (error) {
    if (error instanceof RecordSyntaxError) throw new SourceValueError(`${JSON.stringify(text.slice(0, 80))}: ${error.message}`)
    throw error
  }
}

/** Seconds. @throws SourceValueError */
export function ttlFrom(value: unknown, otherwise: number): number {
  if (value === undefined || value === null) return otherwise
  const ttl = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof ttl === 'number' && Number.isInteger(ttl) && ttl >= 0 && ttl <= 0x7fffffff) return ttl
  throw new SourceValueError(`a TTL is a number of seconds up to 2147483647 (RFC 2181 §8), not ${JSON.stringify(value).slice(0, 40)}`)
}

/** Text as the DNS carries it: the octets of its UTF-8, one character an octet. */
export function octets(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1')
}

/** What an octet string says, where it is UTF-8. */
export function textOf(octetString: string): string {
  return Buffer.from(octetString, 'latin1').toString()
}
