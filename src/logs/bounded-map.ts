/**
 * A map for what strangers name: it holds so many entries, and forgets the one that was not asked for longest. What it forgot
 * is counted, so that nobody takes its numbers for more than they are. The order is kept beside the map: to find the oldest
 * key of a map that keys are always taken out of, the engine passes by all that were there before it.
 */
export class BoundedMap<V> {
  readonly #entries = new Map<string, Entry<V>>()
  readonly #most: number
  /** A ring: before it the newest entry, behind it the oldest. */
  readonly #ring = new Entry<V>('', undefined as V)
  /** Entries that were forgotten. */
  forgotten = 0

  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#entries.size
  }

  /** Does not count as asking. */
  peek(key: string): V | undefined {
    return this.#entries.get(key)?.value
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    entry.leave()
    entry.enter(this.#ring)
    return entry.value
  }

  /** What is there, or what `make` gives. */
  touch(key: string, make: () => V): V {
    const known = this.get(key)
    if (known !== undefined) return known
    const value = make()
    this.set(key, value)
    return value
  }

  set(key: string, value: V): void {
    if (!this.delete(key) && this.#entries.size >= this.#most) {
      this.delete(this.#ring.next.key)
      this.forgotten++
    }
    const entry = new Entry(own(key), value)
    this.#entries.set(entry.key, entry)
    entry.enter(this.#ring)
  }

  delete(key: string): boolean {
    this.#entries.get(key)?.leave()
    return this.#entries.delete(key)
  }

  /** The one that was not asked for longest comes first. */
  * entries(): IterableIterator<[string, V]> {
    for (let entry = this.#ring.next; entry !== this.#ring; entry = entry.next) yield [entry.key, entry.value]
  }

  * values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value
  }
}

class Entry<V> {
  readonly key: string
  readonly value: V
  next: Entry<V> = this
  #before: Entry<V> = this

  constructor(key: string, value: V) {
    this.key = key
    this.value = value
  }

  leave(): void {
    this.#before.next = this.next
    this.next.#before = this.#before
  }

  /** As the newest. */
  enter(ring: Entry<V>): void {
    this.next = ring
    this.#before = ring.#before
    ring.#before.next = this
    ring.#before = this
  }
}

/** The same text without the line that it is a part of: a slice keeps all of what it was cut from in memory. */
export function own(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'latin1').toString('latin1')
}

/** Different things, counted as far as it matters. */
export class Distinct {
  readonly #seen = new Set<string>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  /** At the most as many as it may hold. */
  get size(): number {
    return this.#seen.size
  }

  get full(): boolean {
    return this.#seen.size >= this.#most
  }

  add(value: string): void {
    if (!this.full && !this.#seen.has(value)) this.#seen.add(own(value))
  }

  has(value: string): boolean {
    return this.#seen.has(value)
  }

  values(): string[] {
    return [...this.#seen]
  }
}
