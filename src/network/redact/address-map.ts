/**
 * Addresses renamed so that prefixes stay prefixes: two addresses that agree in their first n bits agree in as many afterwards, and
 * an SPF range still holds what it held. Each bit is turned or not, by a coin that is tossed once for everything before it, except
 * where that would move an address into or out of a block of special purpose: what is private stays private, what is public public.
 */
import { addressOctets, canonicalIpv6, formatAddress, samePrefix } from '../../syntax/address.ts'
import { specialPurposeBlocks } from '../../syntax/special-purpose.ts'

const mostRounds = 300

interface Block { readonly octets: Uint8Array; readonly bits: number }

const block = (prefix: string, bits: number): Block => ({ octets: addressOctets(prefix) ?? new Uint8Array(), bits })
/** IPv6 prefixes with an IPv4 address behind them, which is renamed as such. */
const carriers = [block('::ffff:0:0', 96), block('64:ff9b::', 96), block('2002::', 16)]
const special = [...specialPurposeBlocks.map(([prefix, bits]) => block(prefix, bits)), ...carriers]
/** What means the same to everybody. */
const common = [block('0.0.0.0', 8), block('127.0.0.0', 8), block('224.0.0.0', 4), block('240.0.0.0', 4), block('::', 96), block('ff00::', 8)]

export class AddressMap {
  readonly #coin: () => boolean
  readonly #turned = new Map<string, boolean>()
  readonly #known = new Map<string, Uint8Array>()

  constructor(coin: () => boolean) {
    this.#coin = coin
  }

  /** Of an address, or of the first `bits` of one: what comes after them stays. */
  octets(octets: Uint8Array, bits = 8 * octets.length): Uint8Array {
    const key = `${Buffer.from(octets).toString('hex')}/${bits}`
    const known = this.#known.get(key) ?? this.#make(octets, bits)
    this.#known.set(key, known)
    return known
  }

  /** Tosses again until the addresses of each set sort, as text, as they did; what cannot be brought into order is left. */
  bringInOrder(sets: readonly (readonly string[])[]): void {
    for (let round = 0; round < mostRounds; round++) {
      const astray = sets.flatMap(set => {
        const sorted = set.toSorted()
        const at = sorted.findIndex((address, i) => i > 0 && (this.text(sorted[i - 1] ?? '') ?? '') > (this.text(address) ?? ''))
        return at < 0 ? [] : [[sorted[at - 1] ?? '', sorted[at] ?? '']]
      })
      if (astray.length === 0) return
      for (const pair of astray) {
        const [a, b] = pair.map(address => addressOctets(address))
        if (!a || !b) continue
        for (let at = 0; at < 8 * a.length; at++) {
          if (!samePrefix(a, b, at + 1)) for (const octets of [a, b]) this.#turned.delete(prefixKey(octets, at))
        }
      }
      this.#known.clear()
    }
  }

  /** Text for text, in one spelling; null for what is no address. */
  text(address: string, bits?: number): string | null {
    const octets = addressOctets(address.includes(':') ? canonicalIpv6(address) ?? '' : address)
    return octets && formatAddress(this.octets(octets, bits ?? 8 * octets.length))
  }

  #make(octets: Uint8Array, bits: number): Uint8Array {
    const within = (one: Block): boolean => one.octets.length === octets.length && samePrefix(one.octets, octets, one.bits)
    if (common.some(within)) return octets
    const carrier = carriers.find(within)
    if (!carrier) return this.#turn(octets, bits)
    const at = carrier.bits / 8
    const inner = this.octets(octets.subarray(at, at + 4), Math.max(0, Math.min(32, bits - carrier.bits)))
    const made = Uint8Array.from(octets)
    made.set(inner, at)
    return made
  }

  #turn(octets: Uint8Array, bits: number): Uint8Array {
    const made = Uint8Array.from(octets)
    const whole = 8 * octets.length
    const blocks = special.filter(one => one.octets.length === octets.length)
    for (let at = 0; at < bits; at++) {
      if (blocks.some(one => one.bits > at && samePrefix(one.octets, octets, at))) continue
      const key = prefixKey(octets, at)
      const turned = at === whole - 1 || (this.#turned.get(key) ?? this.#coin()) // the last one always, so that none stays what it is
      this.#turned.set(key, turned)
      if (turned) made[at >> 3] = (made[at >> 3] ?? 0) ^ (0x80 >> (at & 7))
    }
    return made
  }
}

function prefixKey(octets: Uint8Array, bits: number): string {
  const part = Uint8Array.from(octets.subarray(0, (bits >> 3) + 1))
  const last = part.length - 1
  part[last] = (part[last] ?? 0) & ~(0xff >> (bits & 7))
  return `${octets.length}:${bits}:${Buffer.from(part).toString('hex')}`
}
