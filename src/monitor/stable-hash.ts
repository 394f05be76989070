/** A number that a name always has, on every machine and in every version: for shares of the work, and for times of day. */
import { createHash } from 'node:crypto'

/** From 0 up to, and without, 1. */
export function stableFraction(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32
}

/** Which of several processes looks after a domain: the `index`th (from 1) of `count`. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** `2/5`; null for what is none. */
export function parseShard(text: string): Shard | null {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  const shard = { index: Number(index), count: Number(count) }
  return shard.index >= 1 && shard.index <= shard.count ? shard : null
}

/** Every domain belongs to exactly one of them; when their number changes, few others move. */
export function belongsTo({ index, count }: Shard, domain: string): boolean {
  // Rendezvous hashing: the process whose number and the domain together give the greatest hash.
  let best = 1
  let greatest = -1
  for (let candidate = 1; candidate <= count; candidate++) {
    const hash = stableFraction(`${candidate} ${domain}`)
    if (hash > greatest) [best, greatest] = [candidate, hash]
  }
  return best === index
}
