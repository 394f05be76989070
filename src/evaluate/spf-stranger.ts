/**
 * What SPF says of a stranger: a client that no particular term speaks of. Only what matches everybody can match it: "all", a
 * prefix of no bits, an exists without macros that resolves, an include whose record passes strangers. So the answer is how
 * a record ends, followed through include and redirect, and it is "pass" exactly when anybody may send as the domain.
 */
import type { Failure } from '../network/network.ts'
import { parseSpf, type Qualifier, type SpfTerm } from '../syntax/spf.ts'
import { reachableTerms, type SpfBranch, type SpfNode } from './spf-tree.ts'

/** RFC 7208 §2.6; `unknown` where a lookup failed or the target depends on the message. */
export type StrangerResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'permerror' | 'unknown'

export interface Stranger {
  /** Every result that is possible, given the lookups that failed; one when all is known. */
  readonly results: ReadonlySet<StrangerResult>
  /** The term that passes the stranger, as far down as the one that does so itself. */
  readonly passedBy: readonly SpfTerm[]
  /** The first failed lookup that the result hangs on. */
  readonly problem: Failure | null
}

const resultOf: Readonly<Record<Qualifier, StrangerResult>> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' }

/** `node` must have exactly one record; of an include without one §5.2 makes permerror, which here passes nobody and stops nothing. */
export function judgeStranger(node: SpfNode, family: 4 | 6): Stranger {
  const [record, second] = node.records
  if ('problem' in node.answer) return { results: new Set(['unknown']), passedBy: [], problem: node.answer.problem }
  if (record === undefined || second !== undefined) return { results: new Set(['permerror']), passedBy: [], problem: null }
  const results = new Set<StrangerResult>()
  let problem: Failure | null = null
  const branches = new Map(node.branches.map(branch => [branch.at, branch]))
  for (const term of reachableTerms(parseSpf(record).terms)) {
    const branch = branches.get(term.at)
    if (term.kind === 'redirect') {
      const beyond: Stranger = branch?.node ? judgeStranger(branch.node, family)
        : { results: new Set([branch?.state === 'runtime' ? 'unknown' : 'permerror']), passedBy: [], problem: null }
      return {
        results: new Set([...results, ...beyond.results]), problem: problem ?? beyond.problem,
        passedBy: beyond.passedBy.length > 0 ? [term, ...beyond.passedBy] : [],
      }
    }
    const match = matchesStranger(term, branch, family)
    problem ??= match.problem
    if (match.matches === 'no' || !('qualifier' in term)) continue
    const result = resultOf[term.qualifier]
    results.add(result)
    if (match.matches === 'yes') return { results, passedBy: result === 'pass' ? [term, ...match.by] : [], problem }
  }
  results.add('neutral') // §4.7
  return { results, passedBy: [], problem }
}

interface Match {
  readonly matches: 'yes' | 'no' | 'maybe'
  readonly by: readonly SpfTerm[]
  readonly problem: Failure | null
}
const yes: Match = { matches: 'yes', by: [], problem: null }
const no: Match = { matches: 'no', by: [], problem: null }

function matchesStranger(term: SpfTerm, branch: SpfBranch | undefined, family: 4 | 6): Match {
  switch (term.kind) {
    case 'all':
      return yes
    case 'ip4':
    case 'ip6':
      return term.prefix === 0 && (term.kind === 'ip4') === (family === 4) ? yes : no
    case 'a':
      if ((family === 4 ? term.prefix4 : term.prefix6) > 0) return no
      return answered(family === 4 ? branch?.v4 : branch?.v6)
    case 'mx':
      return (family === 4 ? term.prefix4 : term.prefix6) > 0 ? no : answered(branch?.mx)
    case 'exists':
      return answered(branch?.v4)
    case 'include': {
      if (!branch?.node) return no
      const { results, passedBy, problem } = judgeStranger(branch.node, family)
      if (results.size === 1 && results.has('pass')) return { matches: 'yes', by: passedBy, problem: null }
      return { matches: results.has('pass') || results.has('unknown') ? 'maybe' : 'no', by: [], problem }
    }
    case 'ptr':
    case 'redirect':
    case 'exp':
    case 'unknown':
      return no
  }
}

function answered(outcome: SpfBranch['v4'] | SpfBranch['v6'] | SpfBranch['mx']): Match {
  if (!outcome) return no
  if ('problem' in outcome) return { matches: 'maybe', by: [], problem: outcome.problem }
  return outcome.value.records.length > 0 ? yes : no
}
