/**
 * ARC header fields (RFC 8617 §4): what a forwarder saw, kept for who comes after it. Each that takes part adds one set with the
 * same instance number: ARC-Authentication-Results (its verdicts), ARC-Message-Signature (a signature as of DKIM, over the
 * message as it left) and ARC-Seal (a signature over all the sets so far, with cv=, its verdict on them).
 */
import { fieldsNamed, type HeaderField } from './message.ts'
import { parseTags, tagOf, type TagList } from './tags.ts'

export interface ArcSet {
  readonly instance: number
  readonly results: ArcField
  readonly message: ArcField
  readonly seal: ArcField
}

export interface ArcField {
  readonly field: HeaderField
  /** Empty for the results, which are no tag list. */
  readonly tags: ReadonlyMap<string, string>
}

/** RFC 8617 §4.2.1. */
const mostInstances = 50

const names = ['ARC-Authentication-Results', 'ARC-Message-Signature', 'ARC-Seal'] as const

/** The sets in order of their instances; none where the header has none. `error`: why they are no chain. */
export function arcSets(fields: readonly HeaderField[]): { readonly sets: readonly ArcSet[] } | { readonly error: string } {
  const found = names.map(name => fieldsNamed(fields, name))
  if (found.every(({ length }) => length === 0)) return { sets: [] }
  if (found.some(({ length }) => length > mostInstances)) return { error: `there are more than ${mostInstances} sets` }
  const byInstance = new Map<number, Map<string, ArcField>>()
  for (const [kind, same] of found.entries()) {
    const name = names[kind] ?? ''
    for (const field of same) {
      const list = kind === 0 ? null : parseTags(field.value)
      const instance = instanceOf(kind === 0 ? /^\s*i\s*=\s*(\d+)\s*;/.exec(field.value.slice(0, 1000).replace(/\([^()]*\)/g, ''))?.[1] : list ? tagOf(list, 'i')?.value : undefined)
      if (instance === null) return { error: `the ${name} of line ${field.line} has no instance number` }
      const set = byInstance.get(instance) ?? new Map<string, ArcField>()
      if (set.has(name)) return { error: `there are two ${name} of instance ${instance}` }
      byInstance.set(instance, set.set(name, { field, tags: list ? mapOf(list) : new Map() }))
    }
  }
  const sets: ArcSet[] = []
  for (let instance = 1; instance <= byInstance.size; instance++) {
    const set = byInstance.get(instance)
    const [results, message, seal] = names.map(name => set?.get(name))
    if (!results || !message || !seal) {
      const missing = names.filter(name => !set?.has(name))
      return { error: set ? `set ${instance} lacks ${missing.join(' and ')}` : `there is no set ${instance}` }
    }
    sets.push({ instance, results, message, seal })
  }
  return { sets }
}

function instanceOf(text: string | undefined): number | null {
  const value = text !== undefined && /^\d{1,2}$/.test(text) ? Number(text) : 0
  return value >= 1 && value <= mostInstances ? value : null
}

/** A tag that stands twice makes a list that says nothing (RFC 6376 §3.2). */
function mapOf({ tags, problems }: TagList): ReadonlyMap<string, string> {
  if (problems.some(({ code }) => code === 'duplicate-tag' || code === 'malformed-tag' || code === 'too-long')) return new Map()
  return new Map(tags.map(({ name, value }) => [name, value]))
}
