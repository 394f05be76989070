/**
 * SPF (RFC 7208): the record at the domain itself, and everything that its include and redirect terms lead to. A receiver
 * reads as much of this tree as it needs for one message; we read all of it, because some message will need the rest.
 */
import { NetworkFailure, type Answer } from '../network/network.ts'
import { walkSpf, type SpfNode } from '../evaluate/spf-tree.ts'
import { drive } from './drive.ts'
import type { ProbeContext } from './index.ts'

/** The tree of the domain's record; without the domain's own TXT answer there is no fact. */
export interface SpfFacts extends SpfNode {
  readonly answer: { readonly value: Answer<'TXT'> }
  /** By the Public Suffix List: what lies below it is the domain's own, the rest of the tree is others'. */
  readonly organizationalDomain: string
}

export async function probeSpf({ network, scope }: ProbeContext): Promise<SpfFacts> {
  // The list is large and takes a while to load: while the network is waited for, not at the start of the program.
  const [tree, { organizationalDomain }] = await Promise.all([drive(walkSpf(scope.domain), network), import('../syntax/organizational-domain.ts')])
  const { answer } = tree
  if ('problem' in answer) throw new NetworkFailure(answer.problem)
  return { ...tree, answer, organizationalDomain: organizationalDomain(scope.domain) }
}
