/** The domains in the form of Prometheus HTTP service discovery: for a scrape of /probe for each of them. */
import type { Service } from './service.ts'

export interface DiscoveryGroup {
  readonly targets: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

/** One group for each set of labels. */
export function discoveryGroups(service: Pick<Service, 'targets'>): DiscoveryGroup[] {
  const groups = new Map<string, { targets: string[]; labels: Readonly<Record<string, string>> }>()
  for (const { domain, labels = {} } of service.targets.domains()) {
    const key = JSON.stringify(Object.entries(labels).toSorted())
    const group = groups.get(key) ?? { targets: [], labels }
    group.targets.push(domain)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ targets, labels }) => ({ targets: targets.toSorted(), labels }))
}
