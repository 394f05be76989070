/** What changes when one SPF record takes the place of another: for which addresses, and from which result to which. */
import { intersect, type AddressSet, type Family } from './address-set.ts'
import type { SetResult, SpfSets } from './spf-set.ts'

export interface SpfChange {
  readonly from: SetResult
  readonly to: SetResult
  readonly sets: Readonly<Record<Family, AddressSet>>
}

/** Every pair of different results that some address gets; whom the record comes to pass first, then whom it ceases to. */
export function compareSpf(before: SpfSets, after: SpfSets): SpfChange[] {
  const changes: SpfChange[] = []
  for (const from of resultsOf(before)) {
    for (const to of resultsOf(after)) {
      if (from === to) continue
      const both = (family: Family): AddressSet => intersect(before.results[family].get(from) ?? [], after.results[family].get(to) ?? [])
      const sets = { 4: both(4), 6: both(6) }
      if (sets[4].length + sets[6].length > 0) changes.push({ from, to, sets })
    }
  }
  const rank = ({ from, to }: SpfChange): number => to === 'pass' ? 0 : from === 'pass' ? 1 : 2
  return changes.toSorted((a, b) => rank(a) - rank(b))
}

function resultsOf({ results }: SpfSets): SetResult[] {
  return [...new Set([...results[4].keys(), ...results[6].keys()])]
}
