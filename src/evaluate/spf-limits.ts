/**
 * What a receiver spends on an SPF record in the worst case (RFC 7208 §4.6.4): at most 10 terms that ask DNS, through all
 * includes, and at most 2 of them answered with nothing. The worst case is a client that no term matches: every term is
 * evaluated, in the record and in all that it includes, and at last the redirect.
 */
import type { Failure } from '../network/network.ts'
import type { SpfBranch, SpfNode } from './spf-tree.ts'

export const lookupLimit = 10
export const voidLimit = 2
/** MX names of one mx term (§4.6.4: more make it a permerror). */
export const mxNameLimit = 10

/** A branch and the record that it stands in. */
export interface SpfPlace {
  readonly branch: SpfBranch
  readonly node: SpfNode
}

/** Every term that asks DNS, depth first: in the order in which a receiver comes to them. */
export function* placesOf(node: SpfNode): Generator<SpfPlace> {
  for (const branch of node.branches) {
    yield { branch, node }
    if (branch.node) yield* placesOf(branch.node)
  }
}

export interface LookupCount {
  readonly count: number
  /** The tree goes on where it was not followed: the count is a lower bound. */
  readonly atLeast: boolean
  /** What each term of the domain's own record costs, itself included. */
  readonly terms: readonly { readonly branch: SpfBranch; readonly count: number }[]
  /** The first lookup that failed and could have led to more terms. */
  readonly problem: Failure | null
}

export function countLookups(node: SpfNode): LookupCount {
  const terms = node.branches.map(branch => ({ branch, count: 1 + (branch.node ? [...placesOf(branch.node)].length : 0) }))
  const places = [...placesOf(node)]
  const failed = places.map(({ branch }) => branch.node?.answer).find(answer => answer && 'problem' in answer)
  return {
    count: places.length,
    atLeast: places.some(({ branch: { state, kind } }) => state === 'loop' || (state === 'cut' && (kind === 'include' || kind === 'redirect'))),
    terms,
    problem: failed && 'problem' in failed ? failed.problem : null,
  }
}

/** The records of a loop, its first and last being the same; null when there is none. */
export function loopOf(node: SpfNode, above: readonly string[] = []): readonly string[] | null {
  const path = [...above, node.domain]
  for (const { state, target, node: child } of node.branches) {
    if (state === 'loop' && target !== null) return [...path.slice(path.indexOf(target)), target]
    const loop = child ? loopOf(child, path) : null
    if (loop) return loop
  }
  return null
}

/** The mx terms with more names than may be looked up, in the order of evaluation. */
export function crowdedMx(node: SpfNode): { readonly place: SpfPlace; readonly count: number }[] {
  return [...placesOf(node)].flatMap(place => {
    const { mx } = place.branch
    const count = mx && 'value' in mx ? mx.value.records.length : 0
    return count > mxNameLimit ? [{ place, count }] : []
  })
}

export interface VoidCount {
  readonly voids: readonly SpfPlace[]
  /** Lookups that failed or were not made, and might prove void. */
  readonly undecided: number
  readonly problem: Failure | null
}

/**
 * Terms answered with NXDOMAIN or with no record, for a client of that family: a asks for its addresses of that family, mx
 * for MX, exists always for A (§5.7), include and redirect for TXT. The addresses of MX names are no terms and do not count.
 */
export function countVoids(node: SpfNode, family: 4 | 6): VoidCount {
  const voids: SpfPlace[] = []
  let undecided = 0
  let problem: Failure | null = null
  for (const place of placesOf(node)) {
    const { branch } = place
    if (branch.state === 'cut') undecided++
    if (branch.state !== 'asked') continue
    const answer = branch.node?.answer ?? branch.mx ?? (family === 6 && branch.kind === 'a' ? branch.v6 : branch.v4)
    if (!answer) continue
    if ('problem' in answer) {
      undecided++
      problem ??= answer.problem
    } else if (answer.value.records.length === 0) voids.push(place)
  }
  return { voids, undecided, problem }
}
