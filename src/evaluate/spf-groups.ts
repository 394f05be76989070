/** Every client at once on its way through an SPF record: who is left, by what has been counted so far, and who has a result. */
import { intersect, subtract, union, type AddressSet } from './address-set.ts'
import { lookupLimit, voidLimit } from './spf-limits.ts'
import type { SpfResult } from './spf-trace.ts'

/** `unknown`: only the message tells. */
export type SetResult = SpfResult | 'unknown'

/** Addresses that have come the same way, as far as the limits go (RFC 7208 §4.6.4). */
export interface Group {
  readonly set: AddressSet
  readonly lookups: number
  readonly voids: number
}

export type Ended = ReadonlyMap<SetResult, readonly Group[]>

export interface Step {
  readonly ended: Ended
  /** For whom evaluation goes on. */
  readonly open: readonly Group[]
}

export function goOn(open: readonly Group[]): Step {
  return { ended: new Map(), open }
}

export function stop(groups: readonly Group[], result: SetResult): Step {
  return { ended: groups.length === 0 ? new Map() : new Map([[result, groups]]), open: [] }
}

/** The clients in `set` get the result, the others go on. */
export function match(groups: readonly Group[], set: AddressSet, result: SetResult): Step {
  const part = (divide: (a: AddressSet, b: AddressSet) => AddressSet): Group[] =>
    groups.map(group => ({ ...group, set: divide(group.set, set) })).filter(group => group.set.length > 0)
  return { ended: stop(part(intersect), result).ended, open: part(subtract) }
}

/** Counts a term that asks DNS (more than one with %{p} in it), or one that was answered with nothing; one too many is a permerror. */
export function count(groups: readonly Group[], what: 'lookups' | 'voids', by = 1): Step {
  const counted = groups.map(group => ({ ...group, [what]: group[what] + by }))
  const within = (group: Group): boolean => group[what] <= (what === 'lookups' ? lookupLimit : voidLimit)
  return { ended: stop(counted.filter(group => !within(group)), 'permerror').ended, open: counted.filter(within) }
}

/** What came of the first step, and of the next one for whom it left open. */
export function after(first: Step, next: Step): Step {
  const ended = new Map<SetResult, readonly Group[]>(first.ended)
  for (const [result, groups] of next.ended) ended.set(result, [...ended.get(result) ?? [], ...groups])
  return { ended, open: merge(next.open) }
}

export function groupsWith(ended: Ended, ...results: readonly SetResult[]): readonly Group[] {
  return results.flatMap(result => ended.get(result) ?? [])
}

export function addressesOf(groups: readonly Group[]): AddressSet {
  return union(...groups.map(({ set }) => set))
}

/** So that there are never more groups than there are counts. */
function merge(groups: readonly Group[]): readonly Group[] {
  if (groups.length < 2) return groups
  const byCount = new Map<string, Group>()
  for (const group of groups) {
    const key = `${group.lookups} ${group.voids}`
    const same = byCount.get(key)
    byCount.set(key, same ? { ...same, set: union(same.set, group.set) } : group)
  }
  return [...byCount.values()]
}
