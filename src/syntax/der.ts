/**
 * DER (X.690 §8.1): every value is a tag, a length and that many octets, and constructed values hold further values. This
 * reads just that, by views into one buffer: no copies, no recursion, nothing beyond the octets given. Lengths longer than
 * they need be (BER) are read too; indefinite lengths and high tag numbers, which X.509 never uses, are not.
 */

export interface DerValue {
  /** The identifier octet: 0x30 SEQUENCE, 0x31 SET, 0x02 INTEGER, 0x06 OBJECT IDENTIFIER, 0xa0 [0]… */
  readonly tag: number
  readonly content: Buffer
  /** Tag, length and content. */
  readonly whole: Buffer
}

export const SEQUENCE = 0x30
export const SET = 0x31

/** The values that fill `octets` one after the other; null unless they fill them exactly. */
export function readDer(octets: Buffer): DerValue[] | null {
  const values: DerValue[] = []
  for (let rest = octets; rest.length > 0;) {
    const value = readOne(rest)
    if (!value) return null
    values.push(value)
    rest = rest.subarray(value.whole.length)
  }
  return values
}

/** The same one by one, for what may hold a million; it ends early where they do not fill them exactly. */
export function* eachDer(octets: Buffer): Generator<DerValue> {
  for (let rest = octets; rest.length > 0;) {
    const value = readOne(rest)
    if (!value) return
    yield value
    rest = rest.subarray(value.whole.length)
  }
}

/** The values inside the one SEQUENCE (or other constructed value with `tag`) that `octets` are. */
export function readDerInside(octets: Buffer, tag = SEQUENCE): DerValue[] | null {
  const value = readOne(octets)
  return value?.tag === tag && value.whole.length === octets.length ? readDer(value.content) : null
}

function readOne(octets: Buffer): DerValue | null {
  const tag = octets[0]
  let length = octets[1]
  if (tag === undefined || length === undefined || (tag & 0x1f) === 0x1f) return null
  let start = 2
  if (length >= 0x80) {
    const count = length & 0x7f
    start += count
    if (count === 0 || count > 4 || start > octets.length) return null
    length = octets.readUIntBE(2, count)
  }
  const end = start + length
  return end > octets.length ? null : { tag, content: octets.subarray(start, end), whole: octets.subarray(0, end) }
}

/** `2.5.29.17`; null for what is no object identifier. */
export function readOid(content: Buffer): string | null {
  const last = content.at(-1)
  if (last === undefined || last >= 0x80 || content.length > 64) return null
  const arcs: number[] = []
  let arc = 0
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER / 128) return null
    if (octet >= 0x80) continue
    if (arcs.length === 0) {
      const top = Math.min(Math.floor(arc / 40), 2)
      arcs.push(top, arc - top * 40)
    } else {
      arcs.push(arc)
    }
    arc = 0
  }
  return arcs.join('.')
}
