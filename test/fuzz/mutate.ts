/** Hostile inputs by the million, each of them again from its number: what a seed becomes depends on nothing else. */

/** Octets that parsers trip over. */
const nasty = [
  '', '\0', '\n', '\r\n', '\r', '\t', ' ', ';', ':', '=', '"', '\\', '%', '%{', '%{i', '%{s1r-}', '(', ')', '<', '>', '[', ']', '{', '}', '@', '.', '..', '*', '/', '//', ',', '!', '|', '#', '$', '&',
  '0', '-1', '255', '256', '65535', '65536', '2147483648', '4294967296', '99999999999999999999', '1e9', '0x', '\xff', '\xfe', '\x80', '\xc3', '\xc3\xa9', '\xed\xa0\x80', '\xf4\x90\x80\x80',
  '\xef\xbb\xbf', '\xe2\x80\xae', '\x1b[31m', '\\000', '\\255', '\\256', '\\"', '$ORIGIN ', '$TTL ', 'IN ', '\\# 4 00', '__proto__', 'constructor', 'xn--', 'xn--a', '::', '::ffff:1.2.3.4',
]

/** A generator of numbers (mulberry32). */
export class Dice {
  #state: number

  constructor(seed: number, round: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b)) >>> 0
  }

  /** A whole number from 0 to `sides` - 1. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000 * sides)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.roll(list.length)] as T
  }
}

/** What no parser has to read more of: a TXT record, a policy file, a DNS message. */
const longest = 65_535

/** Input number `round`: mostly a seed with a few mutations, now and then something else entirely, rarely something huge. */
export function makeInput(seeds: readonly Buffer[], words: readonly string[], seed: number, round: number): Buffer {
  const dice = new Dice(seed, round)
  const kind = dice.roll(2000)
  if (kind < 100) return randomOctets(dice, dice.roll(200))
  if (kind < 250) return randomWords(dice, words, 1 + dice.roll(30))
  if (kind < 252) return blownUp(dice, seeds, words)
  let octets = dice.pick(seeds)
  for (let left = 1 + dice.roll(6); left > 0; left--) octets = mutate(dice, octets, seeds, words)
  return octets.length > longest ? octets.subarray(0, longest) : octets
}

function mutate(dice: Dice, octets: Buffer, seeds: readonly Buffer[], words: readonly string[]): Buffer {
  const at = dice.roll(octets.length + 1)
  const end = Math.min(octets.length, at + dice.roll(12))
  switch (dice.roll(11)) {
    case 0:
      return changed(octets, at, octet => octet ^ (1 << dice.roll(8)))
    case 1:
      return changed(octets, at, () => dice.roll(256))
    case 2:
      return spliced(octets, at, at, randomOctets(dice, 1 + dice.roll(4)))
    case 3:
    case 4:
      return spliced(octets, at, at, Buffer.from(dice.pick(nasty), 'latin1'))
    case 5:
      return spliced(octets, at, end, Buffer.from(dice.pick(words), 'latin1'))
    case 6:
      return spliced(octets, at, end, Buffer.alloc(0))
    case 7:
      return spliced(octets, at, at, octets.subarray(at, end))
    case 8:
      return octets.subarray(0, at)
    case 9: {
      const other = dice.pick(seeds)
      return Buffer.concat([octets.subarray(0, at), other.subarray(dice.roll(other.length + 1))])
    }
    default:
      // A number elsewhere than where it counts: lengths, offsets and counts of binary formats.
      return changed(octets, at, () => dice.pick([0, 1, 0x7f, 0x80, 0xc0, 0xff]))
  }
}

/** One piece, over and over, up to the longest: what is quadratic in anything shows here. */
function blownUp(dice: Dice, seeds: readonly Buffer[], words: readonly string[]): Buffer {
  const head = dice.pick(seeds)
  const start = head.subarray(0, dice.roll(head.length + 1))
  const from = dice.roll(head.length)
  const piece = dice.pick([Buffer.from(dice.pick(nasty), 'latin1'), Buffer.from(dice.pick(words), 'latin1'), head.subarray(from, from + 1 + dice.roll(8)), head])
  const tail = dice.roll(2) === 0 ? Buffer.alloc(0) : head
  if (piece.length === 0) return start
  return Buffer.concat([start, Buffer.alloc(Math.max(0, longest - start.length - tail.length), piece), tail]).subarray(0, longest)
}

function randomOctets(dice: Dice, length: number): Buffer {
  const octets = Buffer.alloc(length)
  for (let i = 0; i < length; i++) octets[i] = dice.roll(256)
  return octets
}

function randomWords(dice: Dice, words: readonly string[], count: number): Buffer {
  let text = ''
  for (let i = 0; i < count; i++) text += dice.roll(4) === 0 ? dice.pick(nasty) : dice.pick(words)
  return Buffer.from(text, 'latin1')
}

function changed(octets: Buffer, at: number, change: (octet: number) => number): Buffer {
  if (at >= octets.length) return octets
  const copy = Buffer.from(octets)
  copy[at] = change(copy[at] ?? 0)
  return copy
}

function spliced(octets: Buffer, start: number, end: number, piece: Buffer): Buffer {
  return Buffer.concat([octets.subarray(0, start), piece, octets.subarray(end)])
}
