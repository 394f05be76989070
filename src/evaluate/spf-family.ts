/**
 * Whether an SPF record means to let anybody of an address family send. Many domains send over IPv4 alone and name hosts that
 * have no AAAA: what an IPv6 client gets of such a record concerns only strangers.
 */
import type { Answer, Outcome } from '../network/network.ts'
import { parseSpf } from '../syntax/spf.ts'
import { reachableTerms, type SpfBranch, type SpfNode } from './spf-tree.ts'

/** A and AAAA of a host. */
export interface HostAddresses {
  readonly name: string
  readonly v4: Outcome<Answer<'A'>>
  readonly v6: Outcome<Answer<'AAAA'>>
}

/** In doubt yes: a lookup that failed, or a term that depends on the message. `mxHosts`: those that mx terms lead to. */
export function letsFamilySend(node: SpfNode, family: 4 | 6, mxHosts: readonly HostAddresses[]): boolean {
  if ('problem' in node.answer) return true
  const branches = new Map(node.branches.map(branch => [branch.at, branch]))
  return node.records.some(record => reachableTerms(parseSpf(record).terms).some(term => {
    if ('qualifier' in term && term.qualifier !== '+') return false
    const branch = branches.get(term.at)
    switch (term.kind) {
      case 'all': return true
      case 'ip4': return family === 4
      case 'ip6': return family === 6
      default: return branch !== undefined && leadsToSome(branch, family, mxHosts)
    }
  }))
}

function leadsToSome(branch: SpfBranch, family: 4 | 6, mxHosts: readonly HostAddresses[]): boolean {
  const { kind, state, node, mx, v4, v6 } = branch
  if (state === 'malformed' || state === 'loop') return false
  if (state !== 'asked') return true
  if (node) return letsFamilySend(node, family, mxHosts)
  if (kind === 'a') return some(family === 4 ? v4 : v6)
  if (kind !== 'mx' || !mx || 'problem' in mx) return some(mx ?? v4)
  return mx.value.records.some(({ data: { exchange } }) => {
    const host = mxHosts.find(({ name }) => name === exchange)
    return exchange !== '' && some(family === 4 ? host?.v4 : host?.v6)
  })
}

function some(answer: Outcome<Answer> | undefined): boolean {
  return !answer || 'problem' in answer || answer.value.records.length > 0
}
