/** The data of each record type on the wire (RFC 1035 §3.3 and the RFC of the type) <-> `RecordData`. */
import { addressOctets, formatAddress } from '../../syntax/address.ts'
import type { RecordData, RecordType } from '../../syntax/record.ts'
import { typeMnemonic, typeNumber, type NamedType } from '../../syntax/record-type.ts'
import type { Reader, Writer } from './wire.ts'

/** Reads the octets from `start` to `end`; null when they are not data of this type. Never throws. */
export function readData<T extends RecordType>(type: T, message: Reader, start: number, end: number): RecordData[T] | null {
  const cursor = new Cursor(message, start, end)
  const data = formatOf(type).read(cursor)
  return cursor.complete ? data : null
}

/** @throws RangeError for data that no message can carry. */
export function writeData<T extends RecordType>(type: T, data: RecordData[T], message: Writer): void {
  formatOf(type).write(data, message)
}

interface Format<T extends RecordType> {
  read(octets: Cursor): RecordData[T]
  write(data: RecordData[T], message: Writer): void
}

const oneName = <K extends string>(key: K, compress = true) => ({
  read: (octets: Cursor) => ({ [key]: octets.name() }) as Record<K, string>,
  write: (data: Readonly<Record<K, string>>, message: Writer) => message.name(data[key], compress),
})

const address = (length: 4 | 16) => ({
  read: (octets: Cursor) => ({ address: formatAddress(octets.take(length)) }),
  write(data: { readonly address: string }, message: Writer) {
    const octets = addressOctets(data.address)
    if (octets?.length !== length) throw new RangeError(`${data.address} is no address of this family`)
    message.octets(octets)
  },
})

/** RFC 1035 §3.3.14: one or more character-strings. */
const strings = {
  read(octets: Cursor) {
    const all = [octets.string()]
    while (octets.left > 0) all.push(octets.string())
    return { strings: all }
  },
  write: (data: RecordData['TXT'], message: Writer) => data.strings.forEach(text => writeString(text, message)),
}

const formats: { readonly [T in NamedType]: Format<T> } = {
  A: address(4),
  AAAA: address(16),
  NS: oneName('host'),
  CNAME: oneName('target'),
  DNAME: oneName('target', false),
  PTR: oneName('host'),
  SOA: {
    read: octets => ({
      primary: octets.name(), mailbox: octets.name(), serial: octets.number(4),
      refresh: octets.number(4), retry: octets.number(4), expire: octets.number(4), minimum: octets.number(4),
    }),
    write(data, message) {
      message.name(data.primary, true)
      message.name(data.mailbox, true)
      for (const value of [data.serial, data.refresh, data.retry, data.expire, data.minimum]) message.write(value, 32)
    },
  },
  MX: {
    read: octets => ({ preference: octets.number(2), exchange: octets.name() }),
    write(data, message) {
      message.write(data.preference, 16)
      message.name(data.exchange, true)
    },
  },
  TXT: strings,
  SPF: strings,
  SRV: {
    read: octets => ({ priority: octets.number(2), weight: octets.number(2), port: octets.number(2), target: octets.name() }),
    write(data, message) {
      for (const value of [data.priority, data.weight, data.port]) message.write(value, 16)
      message.name(data.target, false)
    },
  },
  TLSA: {
    read: octets => ({
      usage: octets.number(1), selector: octets.number(1), matching: octets.number(1), data: octets.rest('hex'),
    }),
    write(data, message) {
      for (const value of [data.usage, data.selector, data.matching]) message.write(value, 8)
      message.octets(Buffer.from(data.data, 'hex'))
    },
  },
  DS: {
    read: octets => ({
      keyTag: octets.number(2), algorithm: octets.number(1), digestType: octets.number(1), digest: octets.rest('hex'),
    }),
    write(data, message) {
      message.write(data.keyTag, 16)
      message.write(data.algorithm, 8)
      message.write(data.digestType, 8)
      message.octets(Buffer.from(data.digest, 'hex'))
    },
  },
  DNSKEY: {
    read: octets => ({
      flags: octets.number(2), protocol: octets.number(1), algorithm: octets.number(1), key: octets.rest('base64'),
    }),
    write(data, message) {
      message.write(data.flags, 16)
      message.write(data.protocol, 8)
      message.write(data.algorithm, 8)
      message.octets(Buffer.from(data.key, 'base64'))
    },
  },
  RRSIG: {
    read: octets => ({
      covers: typeMnemonic(octets.number(2)), algorithm: octets.number(1), labels: octets.number(1),
      originalTtl: octets.number(4), expiration: octets.number(4), inception: octets.number(4), keyTag: octets.number(2),
      signer: octets.name(), signature: octets.rest('base64'),
    }),
    write(data, message) {
      message.write(typeNumber(data.covers) ?? 0, 16)
      message.write(data.algorithm, 8)
      message.write(data.labels, 8)
      for (const value of [data.originalTtl, data.expiration, data.inception]) message.write(value, 32)
      message.write(data.keyTag, 16)
      message.name(data.signer, false)
      message.octets(Buffer.from(data.signature, 'base64'))
    },
  },
  CAA: {
    read: octets => ({ flags: octets.number(1), tag: octets.string(), value: octets.rest('latin1') }),
    write(data, message) {
      message.write(data.flags, 8)
      writeString(data.tag, message)
      message.octets(Buffer.from(data.value, 'latin1'))
    },
  },
}

const generic: Format<`TYPE${number}`> = {
  read: octets => ({ octets: octets.rest('hex') }),
  write: (data, message) => message.octets(Buffer.from(data.octets, 'hex')),
}

const byType = new Map<string, unknown>(Object.entries(formats))

function formatOf<T extends RecordType>(type: T): Format<T> {
  return (byType.get(type) ?? generic) as Format<T>
}

function writeString(text: string, message: Writer): void {
  if (text.length > 255) throw new RangeError('a character-string has at most 255 octets')
  message.write(text.length, 8)
  message.octets(Buffer.from(text, 'latin1'))
}

/** Reads forward within one RDATA. A read past its end yields emptiness and makes it incomplete, instead of throwing. */
class Cursor {
  readonly #message: Reader
  readonly #end: number
  #at: number
  #broken = false

  constructor(message: Reader, start: number, end: number) {
    this.#message = message
    this.#at = start
    this.#end = end
  }

  get left(): number {
    return this.#end - this.#at
  }

  /** Everything was there, and nothing is left over. */
  get complete(): boolean {
    return !this.#broken && this.left === 0
  }

  take(length: number): Buffer {
    if (length > this.left) {
      this.#broken = true
      this.#at = this.#end
      return Buffer.alloc(0)
    }
    this.#at += length
    return this.#message.buffer.subarray(this.#at - length, this.#at)
  }

  number(octets: 1 | 2 | 4): number {
    const taken = this.take(octets)
    return taken.length === 0 ? 0 : taken.readUIntBE(0, octets)
  }

  string(): string {
    return this.take(this.number(1)).toString('latin1')
  }

  rest(encoding: 'hex' | 'base64' | 'latin1'): string {
    return this.take(this.left).toString(encoding)
  }

  name(): string {
    const name = this.left > 0 ? this.#message.nameAt(this.#at) : null
    if (!name || name.end > this.#end) {
      this.#broken = true
      this.#at = this.#end
      return ''
    }
    this.#at = name.end
    return name.name
  }
}
