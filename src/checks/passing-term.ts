/** Does an SPF record let anybody pass? A term says so in the record itself, or in one that it includes or leads to. */
import { reachableTerms, type SpfNode } from '../evaluate/spf-tree.ts'
import { parseSpf } from '../syntax/spf.ts'

export interface PassingTerm {
  readonly term: string
  /** The record that it stands in. */
  readonly node: SpfNode
}

/** The first term that can pass somebody; null when none does, as far as the records could be read. */
export function passingTermOf(node: SpfNode): PassingTerm | null {
  const [record, second] = node.records
  if (record === undefined || second !== undefined) return null
  for (const term of reachableTerms(parseSpf(record).terms)) {
    const leads = node.branches.find(({ at }) => at === term.at)?.node
    const passes = 'qualifier' in term && term.qualifier === '+'
    if (term.kind === 'redirect' || (term.kind === 'include' && passes)) {
      const beyond = leads ? passingTermOf(leads) : null
      if (beyond) return beyond
    } else if (passes) return { term: term.text, node }
  }
  return null
}
