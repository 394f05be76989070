/**
 * The facts of a report as programs get them. A hostile zone can answer every question with the most that DNS allows, and the same
 * answer stands in many facts: written out, a run that took little becomes hundreds of megabytes. What goes beyond any honest
 * domain is left out, and says so.
 */

/** Entries of a list, or names of a dictionary. */
const mostEntries = 1000
/** Characters of a text: the octets of the largest DNS message. */
const longestText = 65_536
/** Values in all, a text counting one more for each 64 characters. Domains of a hundred endpoints have some ten thousand. */
const mostValues = 250_000

/** In place of what is left out: how many entries, or all of it. */
interface Omitted { readonly omitted: number | 'all' }

export function boundedFacts(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return new Copying().dictionary(Object.entries(facts))
}

class Copying {
  #left = mostValues

  dictionary(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
    const kept = entries.slice(0, mostEntries).map(([key, value]) => [key, this.value(value)] as const)
    const rest = entries.length - kept.length
    return Object.fromEntries(rest > 0 ? [...kept, ['omitted', rest]] : kept)
  }

  value(value: unknown): unknown {
    this.#left--
    if (typeof value === 'string') {
      this.#left -= value.length >> 6
      if (this.#left < 0) return ''
      return value.length > longestText ? `${value.slice(0, longestText)}… (${value.length} characters)` : value
    }
    if (typeof value !== 'object' || value === null) return value
    if (this.#left < 0) return { omitted: 'all' } satisfies Omitted
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.value((value as { toJSON(): unknown }).toJSON())
    if (Array.isArray(value) || value instanceof Set) return this.#list([...value as Iterable<unknown>])
    return this.dictionary(value instanceof Map ? [...value as Map<unknown, unknown>].map(([key, item]) => [String(key), item] as const) : Object.entries(value))
  }

  #list(items: readonly unknown[]): unknown[] {
    const kept = items.slice(0, mostEntries).map(item => this.value(item))
    return items.length > kept.length ? [...kept, { omitted: items.length - kept.length } satisfies Omitted] : kept
  }
}
