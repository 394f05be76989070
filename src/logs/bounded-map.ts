/**
 * A map for what strangers name: it holds so many entries, and forgets the one that was not asked for longest. What it forgot
 * is counted, so that nobody takes its numbers for more than they are.
 */
export class BoundedMap<V> {
  readonly #entries = new Map<string, V>()
  readonly #most: number
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
    return this.#entries.get(key)
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
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
    if (!this.#entries.delete(key) && this.#entries.size >= this.#most) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest)
        this.forgotten++
        break
      }
    }
    this.#entries.set(own(key), value)
  }

  delete(key: string): boolean {
    return this.#entries.delete(key)
  }

  entries(): IterableIterator<[string, V]> {
    return this.#entries.entries()
  }

  values(): IterableIterator<V> {
    return this.#entries.values()
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
