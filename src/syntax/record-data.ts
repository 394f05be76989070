/**
 * The presentation format of each record type's data (RFC 1035 §5.1 and the RFC of the type; RFC 3597 §5 for unknown types).
 * Written text has one spelling: names absolute, TXT quoted, hexadecimal in lower case.
 */
import { isIPv4 } from 'node:net'
import { canonicalIpv6 } from './address.ts'
import { readEntries, type Field } from './master-file.ts'
import { escapeOctet, parseName, readEscape } from './name.ts'
import type { RecordData, RecordType } from './record.ts'
import { RecordSyntaxError } from './record-syntax-error.ts'
import { typeMnemonic, typeNumber, type NamedType } from './record-type.ts'

/** Data as a zone file would say it, names with their final dot. */
export function formatData<T extends RecordType>(type: T, data: RecordData[T]): string {
  return formOf(type).format(data)
}

/**
 * Reads data as a zone file writes it; relative names get `origin` ('' makes every name absolute).
 * @throws RecordSyntaxError
 */
export function parseData<T extends RecordType>(type: T, text: string, origin = ''): RecordData[T] {
  const [entry, surplus] = readEntries(text)
  if (entry?.error) throw entry.error
  const after = surplus?.fields[0] ?? surplus?.error
  if (after) throw new RecordSyntaxError('the data ends here', after.column, after.line)
  return parseFields(type, entry?.fields ?? [], origin)
}

/**
 * The same from the fields of a master file, which are all the record's.
 * @throws RecordSyntaxError
 */
export function parseFields<T extends RecordType>(type: T, fields: readonly Field[], origin: string): RecordData[T] {
  const reader = new FieldReader(fields, origin)
  if (fields[0]?.text === '\\#' && !isGeneric(type)) reader.fail(`write ${type} data in its own format`)
  const data = formOf(type).parse(reader)
  reader.end()
  return data
}

/** Seconds; units as in `1h30m` are a widespread extension. Null when it is no TTL (RFC 2181 §8: 31 bits). */
export function parseTtl(text: string): number | null {
  if (!/^(?:\d{1,10}[smhdw])*(?:\d{1,10}[smhdw]?)$/i.test(text)) return null
  const unit = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
  let seconds = 0
  for (const [, digits = '', letter = ''] of text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)) {
    seconds += Number(digits) * unit[letter as keyof typeof unit]
  }
  return seconds <= 0x7fffffff ? seconds : null
}

interface Form<T extends RecordType> {
  parse(fields: FieldReader): RecordData[T]
  format(data: RecordData[T]): string
}

const oneName = <K extends string>(key: K) => ({
  parse: (fields: FieldReader) => ({ [key]: fields.name() }) as Record<K, string>,
  format: (data: Readonly<Record<K, string>>) => absolute(data[key]),
})

const strings = {
  parse: (fields: FieldReader) => ({ strings: fields.strings() }),
  format: (data: RecordData['TXT']) => data.strings.map(quote).join(' '),
}

const forms: { readonly [T in NamedType]: Form<T> } = {
  A: { parse: fields => ({ address: fields.ipv4() }), format: data => data.address },
  AAAA: { parse: fields => ({ address: fields.ipv6() }), format: data => data.address },
  NS: oneName('host'),
  CNAME: oneName('target'),
  DNAME: oneName('target'),
  PTR: oneName('host'),
  SOA: {
    parse: fields => ({
      primary: fields.name(), mailbox: fields.name(), serial: fields.number(0xffffffff), refresh: fields.time(),
      retry: fields.time(), expire: fields.time(), minimum: fields.time(),
    }),
    format: ({ primary, mailbox, serial, refresh, retry, expire, minimum }) =>
      `${absolute(primary)} ${absolute(mailbox)} ${serial} ${refresh} ${retry} ${expire} ${minimum}`,
  },
  MX: {
    parse: fields => ({ preference: fields.number(0xffff), exchange: fields.name() }),
    format: data => `${data.preference} ${absolute(data.exchange)}`,
  },
  TXT: strings,
  SPF: strings,
  /** RFC 2782. */
  SRV: {
    parse: fields => ({
      priority: fields.number(0xffff), weight: fields.number(0xffff), port: fields.number(0xffff), target: fields.name(),
    }),
    format: data => `${data.priority} ${data.weight} ${data.port} ${absolute(data.target)}`,
  },
  /** RFC 6698 §2.2. */
  TLSA: {
    parse: fields => ({
      usage: fields.number(0xff), selector: fields.number(0xff), matching: fields.number(0xff), data: fields.hexadecimal(),
    }),
    format: data => `${data.usage} ${data.selector} ${data.matching} ${data.data}`.trimEnd(),
  },
  /** RFC 4034 §5.3. */
  DS: {
    parse: fields => ({
      keyTag: fields.number(0xffff), algorithm: fields.number(0xff), digestType: fields.number(0xff), digest: fields.hexadecimal(),
    }),
    format: data => `${data.keyTag} ${data.algorithm} ${data.digestType} ${data.digest}`.trimEnd(),
  },
  /** RFC 4034 §2.2. */
  DNSKEY: {
    parse: fields => ({
      flags: fields.number(0xffff), protocol: fields.number(0xff), algorithm: fields.number(0xff), key: fields.base64(),
    }),
    format: data => `${data.flags} ${data.protocol} ${data.algorithm} ${data.key}`.trimEnd(),
  },
  /** RFC 4034 §3.2. */
  RRSIG: {
    parse: fields => ({
      covers: fields.type(), algorithm: fields.number(0xff), labels: fields.number(0xff), originalTtl: fields.time(),
      expiration: fields.date(), inception: fields.date(), keyTag: fields.number(0xffff), signer: fields.name(),
      signature: fields.base64(),
    }),
    format: data => [
      data.covers, data.algorithm, data.labels, data.originalTtl, formatDate(data.expiration), formatDate(data.inception),
      data.keyTag, absolute(data.signer), data.signature,
    ].join(' ').trimEnd(),
  },
  /** RFC 8659 §4.1.1. */
  CAA: {
    parse: fields => ({ flags: fields.number(0xff), tag: fields.string(), value: fields.string() }),
    format: data => `${data.flags} ${/^[a-z0-9]+$/i.test(data.tag) ? data.tag : quote(data.tag)} ${quote(data.value)}`,
  },
}

/** RFC 3597 §5: `\# 4 0a000001`. */
const generic: Form<`TYPE${number}`> = {
  parse(fields) {
    if (fields.take('\\# and a length').text !== '\\#') fields.fail('data of this type is written as \\# LENGTH HEXADECIMAL')
    const length = fields.number(0xffff)
    const octets = fields.hexadecimal()
    if (octets.length !== 2 * length) fields.fail(`the length says ${length} octets, the data has ${octets.length / 2}`)
    return { octets }
  },
  format: ({ octets }) => `\\# ${octets.length / 2} ${octets}`.trimEnd(),
}

const byType = new Map<string, unknown>(Object.entries(forms))

function isGeneric(type: RecordType): boolean {
  return !byType.has(type)
}

function formOf<T extends RecordType>(type: T): Form<T> {
  return (byType.get(type) ?? generic) as Form<T>
}

/** Takes the fields of one record one after the other; everything it cannot take is a RecordSyntaxError at its column. */
class FieldReader {
  readonly #fields: readonly Field[]
  readonly #origin: string
  #next = 0

  constructor(fields: readonly Field[], origin: string) {
    this.#fields = fields
    this.#origin = origin
  }

  /** Complains about the field taken last. */
  fail(message: string): never {
    const field = this.#fields[Math.max(0, Math.min(this.#next, this.#fields.length) - 1)]
    throw new RecordSyntaxError(message, field?.column ?? 1, field?.line ?? 1)
  }

  end(): void {
    if (this.#next < this.#fields.length) {
      this.#next++
      this.fail('the data ends before this')
    }
  }

  take(what: string): Field {
    const field = this.#fields[this.#next]
    if (field) {
      this.#next++
      return field
    }
    const last = this.#fields.at(-1)
    throw new RecordSyntaxError(`${what} is missing`, last ? last.column + last.text.length : 1, last?.line ?? 1)
  }

  number(max: number): number {
    const { text } = this.take('a number')
    if (!/^\d{1,10}$/.test(text) || Number(text) > max) this.fail(`expected a number from 0 to ${max}`)
    return Number(text)
  }

  /** Seconds, in 32 bits: plain, or a TTL with units. */
  time(): number {
    const { text } = this.take('a time in seconds')
    const seconds = /^\d{1,10}$/.test(text) ? Number(text) : parseTtl(text)
    if (seconds === null || seconds > 0xffffffff) this.fail('expected a time in seconds')
    return seconds
  }

  /** YYYYMMDDHHmmSS in UTC, or seconds since 1970 (RFC 4034 §3.2). */
  date(): number {
    const { text } = this.take('a date')
    const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
    if (!parts) {
      if (!/^\d{1,10}$/.test(text) || Number(text) > 0xffffffff) this.fail('expected a date as YYYYMMDDHHmmSS')
      return Number(text)
    }
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number)
    const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000
    if (seconds < 0 || seconds > 0xffffffff || formatDate(seconds) !== text) this.fail('there is no such date')
    return seconds
  }

  name(): string {
    const { text, quoted, column, line } = this.take('a name')
    if (quoted) this.fail('a name is not quoted')
    try {
      return parseName(text, this.#origin, column)
    } catch (error) {
      if (error instanceof RecordSyntaxError) throw new RecordSyntaxError(error.message, error.column, line)
      throw error
    }
  }

  type(): string {
    const number = typeNumber(this.take('a record type').text)
    if (number === null) this.fail('expected a record type')
    return typeMnemonic(number)
  }

  ipv4(): string {
    const { text } = this.take('an IPv4 address')
    if (!isIPv4(text)) this.fail('expected an IPv4 address')
    return text
  }

  ipv6(): string {
    const address = canonicalIpv6(this.take('an IPv6 address').text)
    if (address === null) this.fail('expected an IPv6 address')
    return address
  }

  /** A character-string (RFC 1035 §3.3), escapes resolved. */
  string(): string {
    const { text, column, quoted } = this.take('a string')
    if (!text.includes('\\')) return text.length > 255 ? this.fail('a string has at most 255 octets') : text
    let octets = ''
    for (let at = 0; at < text.length; at++) {
      if (text.charAt(at) === '\\') {
        const escape = readEscape(text, at, column + Number(quoted))
        octets += escape.octet
        at += escape.length - 1
      } else octets += text.charAt(at)
    }
    return octets.length > 255 ? this.fail('a string has at most 255 octets') : octets
  }

  /** One or more (RFC 1035 §3.3.14). */
  strings(): string[] {
    const all = [this.string()]
    while (this.#next < this.#fields.length) all.push(this.string())
    return all
  }

  /** All that is left; blanks may divide it. */
  hexadecimal(): string {
    const digits = this.#rest()
    if (!/^[0-9a-f]*$/i.test(digits)) this.fail('expected hexadecimal digits')
    if (digits.length % 2 === 1) this.fail('the number of hexadecimal digits is odd')
    return digits.toLowerCase()
  }

  /** All that is left; blanks may divide it. */
  base64(): string {
    const text = this.#rest()
    const octets = Buffer.from(text, 'base64')
    if (octets.toString('base64') !== text) this.fail('expected base64')
    return text
  }

  #rest(): string {
    const rest = this.#fields.slice(this.#next)
    this.#next = this.#fields.length
    return rest.map(field => field.text).join('')
  }
}

function absolute(name: string): string {
  return `${name}.`
}

/** Quoted, with `"`, `\` and all that does not print escaped. */
function quote(text: string): string {
  return `"${text.replace(/["\\]|[^ -~]/g, octet => octet === '"' || octet === '\\' ? `\\${octet}` : escapeOctet(octet))}"`
}

function formatDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace(/\D/g, '')
}
