/** The facts that a report holds, for whoever measures them. A failure may stand in the place of each. */
import type { DomainFacts } from '../probes/index.ts'
import type { Report } from '../report/report.ts'

/** A fact that this run gathered; undefined when it did not ask for it, or did not learn it. */
export function factOf<N extends keyof DomainFacts>({ facts }: Pick<Report, 'facts'>, name: N): DomainFacts[N] | undefined {
  const fact = facts[name]
  return typeof fact === 'object' && fact !== null && 'problem' in fact ? undefined : fact as DomainFacts[N] | undefined
}

/** The facts of this name that were gathered by subject. */
export function factsBySubject<F extends object>({ facts }: Pick<Report, 'facts'>, name: string): [subject: string, fact: F][] {
  const all = facts[name]
  if (typeof all !== 'object' || all === null) return []
  return Object.entries(all).filter((entry): entry is [string, F] => typeof entry[1] === 'object' && entry[1] !== null && !('problem' in entry[1]))
}
