/** What the checks of SPF read: the one record of a node of the tree, and where to see it. */
import type { Answer, Outcome } from '../network/network.ts'
import type { SpfBranch, SpfNode } from '../evaluate/spf-tree.ts'
import { placesOf, type SpfPlace } from '../evaluate/spf-limits.ts'
import type { SpfFacts } from '../probes/spf.ts'
import { joinedText } from '../syntax/record.ts'
import { isSpf } from '../syntax/spf.ts'
import { skip, type Evidence, type Skip } from './define.ts'
import { absenceSeen, octetSeen, recordSeen } from './evidence.ts'

/** Why a check of the record's content has nothing to judge; null when there is one record. */
export function noRecord({ records }: SpfNode): Skip | null {
  if (records.length === 1) return null
  return skip(records.length === 0 ? 'the domain publishes no SPF record' : 'the domain publishes several SPF records, and there is no telling which counts')
}

/** The SPF records of a node as published; `at` points into the first. */
export function spfSeen({ answer }: SpfNode, at?: number): Evidence[] {
  const records = 'value' in answer ? answer.value.records.filter(record => isSpf(joinedText(record))) : []
  return records.map((record, i) => at !== undefined && i === 0 ? octetSeen(record, at) : recordSeen(record))
}

/** A term where it stands. */
export function placeSeen({ branch, node }: SpfPlace): Evidence[] {
  return spfSeen(node, branch.at)
}

/** What a term's question got, where that was nothing. */
export function nothingSeen({ node, mx, v4, v6 }: SpfBranch): Evidence[] {
  return [node?.answer, mx, v4, v6].flatMap((answer: Outcome<Answer> | undefined) =>
    answer && 'value' in answer && answer.value.records.length === 0 ? [absenceSeen(answer.value)] : [])
}

/** The term as the report names it: whose record it stands in is said when that is not the domain's own. */
export function termIn({ branch, node }: SpfPlace, domain: string): string {
  return termOf(branch.term, node, domain)
}

export function termOf(term: string, node: SpfNode, domain: string): string {
  return node.domain === domain ? term : `${term} (in the record of ${node.domain})`
}

/** Is this a name of the domain's owner, who alone can change what stands there? */
export function isOwn(name: string, { organizationalDomain }: Pick<SpfFacts, 'organizationalDomain'>): boolean {
  return name === organizationalDomain || name.endsWith(`.${organizationalDomain}`)
}

/** The records that the domain's owner answers for: its own, and those below its organizational domain that it leads to. */
export function ownRecords(spf: SpfFacts): SpfNode[] {
  const nodes = [spf, ...[...placesOf(spf)].flatMap(({ branch: { node } }) => node && isOwn(node.domain, spf) ? [node] : [])]
  return nodes.filter((node, i) => node.records.length === 1 && nodes.findIndex(({ domain }) => domain === node.domain) === i)
}

/** `items`, or the first of them and how many more there are. */
export function atMost(items: readonly string[], most = 20): readonly string[] {
  return items.length <= most ? items : [...items.slice(0, most), `and ${items.length - most} more`]
}
