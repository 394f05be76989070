/**
 * dns2's `Packet`, mended. It frames messages (header, sections, OPT, extended RCODE); replaced is what it loses or mistakes:
 * octets in TXT and CAA, names with escapes and hostile pointers, TLSA, DS, DNAME, RRSIG, and its bit-by-bit reader and writer.
 * Its tables are process-wide: no other module may touch them.
 */
import { Packet as Dns2Packet } from 'dns2'
import { namedTypes, numbers } from '../../syntax/record-type.ts'
import { readData, writeData } from './rdata.ts'
import { Reader, type Writer } from './wire.ts'

export type Section = 'questions' | 'answers' | 'authorities' | 'additionals'

/** What we use of dns2, whose own types leave out what is replaced here. */
interface Mended {
  new (): PacketValue
  parse(octets: Buffer): PacketValue
  Reader: typeof Reader
  TYPE: Record<string, number>
  TYPE_NAME: Record<number, string>
  Name: { decode(reader: Reader): string; encode(name: string, writer: Writer): void }
  Resource: Record<string, PacketCodec> & {
    EDNS: PacketCodec & {
      (options: readonly object[], settings: { udpPayloadSize: number; doFlag: boolean }): PacketRecord
      EDE(code: number, text: string): object
    }
  }
}

interface PacketValue {
  header: Record<string, number> & { id: number; opcode: number; rcode: number }
  questions: { name: string; type: number; class: number }[]
  answers: PacketRecord[]
  authorities: PacketRecord[]
  additionals: PacketRecord[]
  errors: { section: Section; cause: Error }[]
  toBuffer(writer: Writer): Buffer
}

export interface PacketRecord {
  name: string
  type: number
  class: number
  ttl: number
  /** Our `RecordData`, or the octets of a type that has no shape. */
  data?: unknown
  /** Ours: the data could not be read. */
  broken?: boolean
  version?: number
  doFlag?: boolean
  rdata?: { infoCode?: number; extraText?: string }[]
}

interface PacketCodec {
  decode: (this: PacketRecord, reader: Reader, length: number) => PacketRecord
  encode(record: PacketRecord, writer: Writer): void
}

export const Packet = mend(Dns2Packet as unknown as Mended)

function mend(packet: Mended): Mended {
  packet.Reader = Reader
  packet.Name = {
    decode(reader) {
      const found = reader.nameAt(reader.offset >>> 3)
      if (!found) throw new Error('a name cannot be read')
      reader.offset = found.end * 8
      return found.name
    },
    encode: (name, writer) => writer.name(name, true),
  }
  for (const type of namedTypes) {
    const number = numbers[type]
    packet.TYPE[type] = number
    packet.TYPE_NAME[number] = type
    packet.Resource[type] = {
      decode(reader, length) {
        const start = reader.offset >>> 3
        const data = readData(type, reader, start, start + length)
        if (data) this.data = data
        else this.broken = true // without throwing: a message can hold six thousand of these
        // RFC 2181 §8: a TTL with the highest bit set counts as zero; dns2 makes it the longest one.
        if (reader.buffer.readUInt8(start - 6) > 0x7f) this.ttl = 0
        reader.offset += length * 8
        return this
      },
      encode: (record, writer) => writeData(type, record.data as never, writer),
    }
  }
  const { decode } = packet.Resource.EDNS
  const seen = new WeakSet<Reader>()
  packet.Resource.EDNS.decode = function (reader, length) {
    const end = reader.offset + length * 8
    if (!seen.has(reader)) {
      seen.add(reader)
      try {
        decode.call(this, reader, length)
      } catch {
        this.broken = true
      }
    }
    reader.offset = end
    return this
  }
  return packet
}
