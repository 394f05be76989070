/**
 * Octets of a DNS message (RFC 1035 §4). Reader and Writer stand in for those of dns2, which go bit by bit: the same methods,
 * counted in bits, at the speed of octets. Names are read once for each place, whatever a hostile message points at.
 */
import { formatLabels, labelsOf, maxLabel, maxName } from '../../syntax/name.ts'

interface NameAt {
  readonly name: string
  /** Length on the wire without compression. */
  readonly length: number
  /** The octet after the name's last one here. */
  readonly end: number
}

/** No name has more labels than this, so no honest one has more pointers. */
const maxPointers = 127

export class Reader {
  readonly buffer: Buffer
  /** In bits. */
  offset: number
  readonly #names = new Map<number, NameAt>()

  constructor(buffer: Buffer, offset = 0) {
    this.buffer = buffer
    this.offset = offset
  }

  /** @throws RangeError past the end of the message. */
  read(bits: number): number {
    if (bits > this.remaining()) throw new RangeError('the message ends too early')
    const at = this.offset >>> 3
    const shift = this.offset & 7
    this.offset += bits
    if (bits < 8) return ((this.buffer.readUInt8(at) << shift) & 0xff) >>> (8 - bits)
    return this.buffer.readUIntBE(at, bits >>> 3)
  }

  remaining(): number {
    return Math.max(0, this.buffer.length * 8 - this.offset)
  }

  /** The name at this octet, in our spelling; null when it is malformed (RFC 1035 §4.1.4: pointers go back). */
  nameAt(start: number): NameAt | null {
    const { buffer } = this
    const passed: number[] = []
    let at = start
    let segment = start
    let length = 1
    let pointers = 0
    while (!this.#names.has(at)) {
      const octet = buffer[at]
      if (octet === undefined) return null
      if (octet === 0) {
        this.#names.set(at, { name: '', length: 1, end: at + 1 })
        break
      }
      passed.push(at)
      if (octet >= 0xc0) {
        const low = buffer[at + 1]
        const target = ((octet & 0x3f) << 8) | (low ?? 0)
        if (low === undefined || target >= segment || ++pointers > maxPointers) return null
        at = segment = target
      } else {
        length += octet + 1
        if (octet > maxLabel || length > maxName) return null
        at += octet + 1
      }
    }
    // Back to the front, remembering every suffix, so that no place is read twice.
    let name = this.#names.get(at) ?? null
    for (const place of passed.reverse()) {
      if (name) name = this.#before(place, name)
      if (!name) return null
      this.#names.set(place, name)
    }
    return name
  }

  /** The name that begins with the label or pointer at `place` and goes on with `rest`. */
  #before(place: number, rest: NameAt): NameAt | null {
    const octet = this.buffer[place] ?? 0
    if (octet >= 0xc0) return { ...rest, end: place + 2 }
    const length = rest.length + octet + 1
    if (length > maxName) return null
    const label = formatLabels([this.buffer.toString('latin1', place + 1, place + 1 + octet)])
    return { name: rest.name === '' ? label : `${label}.${rest.name}`, length, end: rest.end }
  }
}

/** Grows as needed; what dns2 writes bit by bit arrives here a field at a time. */
export class Writer {
  /** Where each name suffix stands, for compression; dns2 sets it. */
  names?: Map<string, number>
  #buffer = Buffer.alloc(512)
  #length = 0
  /** Bits of the octet being put together: the flags of the header come one by one. */
  #partial = 0
  #partialBits = 0

  write(value: number, bits: number): void {
    if (bits % 8 === 0 && this.#partialBits === 0) {
      this.#reserve(bits >>> 3)
      this.#length = this.#buffer.writeUIntBE(value >>> 0, this.#length, bits >>> 3)
      return
    }
    for (let bit = bits - 1; bit >= 0; bit--) {
      this.#partial = (this.#partial << 1) | ((value >>> bit) & 1)
      if (++this.#partialBits < 8) continue
      this.#reserve(1)
      this.#buffer[this.#length++] = this.#partial
      this.#partial = this.#partialBits = 0
    }
  }

  octets(octets: Uint8Array): void {
    this.#reserve(octets.length)
    this.#buffer.set(octets, this.#length)
    this.#length += octets.length
  }

  /** A name in our spelling. Compressed only where old resolvers understand it (RFC 3597 §4). @throws RangeError when it cannot be sent. */
  name(name: string, compress: boolean): void {
    const labels = labelsOf(name)
    if (labels.reduce((sum, label) => sum + label.length + 1, 1) > maxName) throw new RangeError(`the name ${name} is too long`)
    for (const [index, label] of labels.entries()) {
      if (label.length === 0 || label.length > maxLabel) throw new RangeError(`the name ${name} has an empty or overlong label`)
      const suffix = formatLabels(labels.slice(index))
      const known = this.names?.get(suffix)
      if (known !== undefined && compress) {
        this.write(0xc000 | known, 16)
        return
      }
      if (known === undefined && this.#length < 0x4000) this.names?.set(suffix, this.#length)
      this.write(label.length, 8)
      this.octets(Buffer.from(label, 'latin1'))
    }
    this.write(0, 8)
  }

  writeBuffer(other: Writer): void {
    this.octets(other.toBuffer())
  }

  bitLength(): number {
    return this.#length * 8
  }

  byteLength(): number {
    return this.#length
  }

  patch(bit: number, value: number, bits: number): void {
    this.#buffer.writeUIntBE(value, bit >>> 3, bits >>> 3)
  }

  /** A view, not a copy: dns2 asks for it after every record. */
  toBuffer(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  #reserve(octets: number): void {
    if (this.#length + octets <= this.#buffer.length) return
    const larger = Buffer.alloc(Math.max(this.#buffer.length * 2, this.#length + octets))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}
