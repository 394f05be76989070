/**
 * Two changes of one TXT record made into one: what either changes is changed, and where both change the same thing to
 * something else, nobody can tell which is meant. SPF is compared term by term, the others tag by tag.
 */
import { formatTags, parseTags, type Tag } from '../syntax/tags.ts'

/** Which kind of record a text is, of which a name has one: `spf1`, `dmarc1`, …; null for all others. */
export function kindOf(text: string): string | null {
  return /^v=([a-z0-9]+)(?=[\s;]|$)/i.exec(text)?.[1]?.toLowerCase() ?? null
}

/** Null where they contradict each other. All three are of the same kind. */
export function mergeTexts(base: string, one: string, other: string): string | null {
  if (one === other || other === base) return one
  if (one === base) return other
  return kindOf(base) === 'spf1' ? mergeTerms(base, one, other) : mergeTags(base, one, other)
}

function mergeTags(...texts: readonly [string, string, string]): string | null {
  const [base, one, other] = texts.map(text => parseTags(text).tags) as [readonly Tag[], readonly Tag[], readonly Tag[]]
  if ([base, one, other].some(tags => new Set(tags.map(nameOf)).size !== tags.length)) return null
  const value = (tags: readonly Tag[], name: string): string | undefined => tags.find(tag => nameOf(tag) === name)?.value
  const merged: { name: string; value: string }[] = []
  for (const name of new Set([...base, ...one, ...other].map(nameOf))) {
    const [was, a, b] = [value(base, name), value(one, name), value(other, name)]
    if (a !== b && a !== was && b !== was) return null
    const now = a === was ? b : a
    if (now !== undefined) merged.push({ name, value: now })
  }
  // RFC 9989 §4.7: the policy stands next to the version.
  const rank = ({ name }: { name: string }): number => (name === 'v' ? 0 : name === 'p' && kindOf(texts[0]) === 'dmarc1' ? 1 : 2)
  return formatTags(merged.toSorted((a, b) => rank(a) - rank(b)))
}

function nameOf({ name }: Pick<Tag, 'name'>): string {
  return name.toLowerCase()
}

/** More terms than this are compared by nobody. */
const most = 500

function mergeTerms(base: string, one: string, other: string): string | null {
  const [was, a, b] = [base, one, other].map(text => text.split(/ +/)) as [string[], string[], string[]]
  if (Math.max(was.length, a.length, b.length) > most) return null
  const [left, right] = [edits(was, a), edits(was, b)]
  const merged: string[] = []
  for (let i = 0; i <= was.length; i++) {
    const [mine, yours] = [left[i], right[i]]
    if (!mine || !yours) return null
    const [into, from] = [mine.before.join(' '), yours.before.join(' ')]
    // Both put something in the same place: side by side, unless one of them stands for the term that goes.
    if (into !== '' && from !== '' && into !== from && (mine.drops || yours.drops || left[i - 1]?.drops || right[i - 1]?.drops)) return null
    merged.push(...mine.before, ...(into === from ? [] : yours.before))
    const term = was[i]
    if (term !== undefined && !mine.drops && !yours.drops) merged.push(term)
  }
  return merged.join(' ')
}

interface Edit {
  /** Terms that come in before the term of the base. */
  readonly before: string[]
  /** The term of the base goes. */
  drops: boolean
}

/** One for each term of the base, and one for its end: along the longest sequence that both have. */
function edits(base: readonly string[], changed: readonly string[]): Edit[] {
  const lengths = Array.from({ length: base.length + 1 }, () => new Array<number>(changed.length + 1).fill(0))
  for (let i = base.length - 1; i >= 0; i--) {
    for (let j = changed.length - 1; j >= 0; j--) {
      const row = lengths[i]
      if (row) row[j] = base[i] === changed[j] ? (lengths[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(lengths[i + 1]?.[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  const result: Edit[] = Array.from({ length: base.length + 1 }, () => ({ before: [], drops: false }))
  let i = 0
  let j = 0
  while (i < base.length || j < changed.length) {
    const edit = result[i]
    const term = changed[j]
    if (!edit) break
    if (i < base.length && term === base[i]) {
      i++
      j++
    } else if (term !== undefined && (i === base.length || (lengths[i]?.[j + 1] ?? 0) >= (lengths[i + 1]?.[j] ?? 0))) {
      edit.before.push(term)
      j++
    } else {
      edit.drops = true
      i++
    }
  }
  return result
}
