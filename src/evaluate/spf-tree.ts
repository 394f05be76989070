/**
 * The tree of SPF records that a check of one domain may come to read: its own, and those of include and redirect, with what
 * the other terms ask DNS. A generator: it yields the questions of one level together and is handed their answers, so the
 * round trips are as many as the records are deep. What depends on a message (macros, ptr) is marked and not asked.
 */
import type { Answer, Outcome, Question } from '../network/network.ts'
import { joinedText } from '../syntax/record.ts'
import { targetName, type MacroString } from '../syntax/spf-macro.ts'
import { isSpf, parseSpf, type SpfTerm } from '../syntax/spf.ts'

/** A record of the tree: the domain's own, or that of an include or redirect. */
export interface SpfNode {
  readonly domain: string
  /** TXT of the domain. */
  readonly answer: Outcome<Answer<'TXT'>>
  /** The SPF records among them, strings joined. Exactly one is the rule; none and several give permerror to who includes it. */
  readonly records: readonly string[]
  /** The terms that ask DNS and can be reached, in the order of evaluation; empty unless there is one record. */
  readonly branches: readonly SpfBranch[]
}

/** A term that asks DNS (RFC 7208 §4.6.4). */
export interface SpfBranch {
  readonly kind: LookupKind
  /** As written, and its 0-based offset in the record. */
  readonly term: string
  readonly at: number
  /** The name it asks for; null when there is no telling. */
  readonly target: string | null
  /**
   * `asked`: what came back is here. `runtime`: it depends on the message. `malformed`: the target is no name that can be
   * asked for. `loop`: the target is a record that leads here. `cut`: not asked, the tree is too large.
   */
  readonly state: 'asked' | 'runtime' | 'malformed' | 'loop' | 'cut'
  /** Include and redirect. */
  readonly node?: SpfNode
  /** For a and exists: what an IPv4 client makes us ask, and for a what an IPv6 client does. */
  readonly v4?: Outcome<Answer<'A'>>
  readonly v6?: Outcome<Answer<'AAAA'>>
  readonly mx?: Outcome<Answer<'MX'>>
}

export const lookupKinds = ['include', 'a', 'mx', 'ptr', 'exists', 'redirect'] as const
export type LookupKind = (typeof lookupKinds)[number]

export interface SpfBounds {
  /** Terms that are asked; the limit that receivers enforce is 10. */
  readonly terms: number
  /** Records between the domain's own and the deepest. */
  readonly depth: number
}
/** Well past what any receiver evaluates, so that a count over the limit is still a count. */
export const usualBounds: SpfBounds = { terms: 40, depth: 12 }

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface Draft {
  readonly node: Mutable<SpfNode>
  /** The records that led here, this one last. */
  readonly path: readonly string[]
}

/** Returns the tree of `domain`'s record. Failed lookups stand in their places: they say nothing about the others. */
export function* walkSpf(
  domain: string, bounds: SpfBounds = usualBounds,
): Generator<readonly Question[], SpfNode, readonly Outcome<Answer>[]> {
  const answers = new Map<string, Outcome<Answer>>()
  const root = draft(domain, [])
  let remaining = bounds.terms
  let records: Draft[] = [root]
  let leaves: Mutable<SpfBranch>[] = []
  while (records.length > 0 || leaves.length > 0) {
    const wanted = [...records.map(({ node }) => ask(node.domain, 'TXT')), ...leaves.flatMap(questionsOf)]
    const open = [...new Map(wanted.map(question => [key(question), question])).values()].filter(question => !answers.has(key(question)))
    if (open.length > 0) {
      const told = yield open
      for (const [i, question] of open.entries()) {
        const answer = told[i]
        if (answer) answers.set(key(question), answer)
      }
    }
    for (const leaf of leaves) fill(leaf, answers)
    leaves = []
    const next: Draft[] = []
    for (const { node, path } of records) {
      node.answer = answerTo(answers, ask(node.domain, 'TXT'))
      node.records = 'value' in node.answer ? node.answer.value.records.map(joinedText).filter(isSpf) : []
      const [record, second] = node.records
      if (record === undefined || second !== undefined) continue
      node.branches = reachableTerms(parseSpf(record).terms).flatMap(term => {
        const branch = branchOf(term, node.domain, path)
        if (!branch) return []
        if (branch.state !== 'asked') return [branch]
        if (remaining === 0 || (follows(branch) && path.length > bounds.depth)) return [{ ...branch, state: 'cut' as const }]
        remaining--
        if (follows(branch)) {
          const child = draft(branch.target ?? '', path)
          branch.node = child.node
          next.push(child)
        } else leaves.push(branch)
        return [branch]
      })
    }
    records = next
  }
  return root.node
}

/** RFC 7208 §5.1, §6.1: nothing after "all" is reached, and "all" anywhere switches "redirect" off, which else comes last. */
export function reachableTerms(terms: readonly SpfTerm[]): SpfTerm[] {
  const all = terms.findIndex(({ kind }) => kind === 'all')
  const mechanisms = (all < 0 ? terms : terms.slice(0, all + 1)).filter(({ kind }) => kind !== 'redirect' && kind !== 'exp' && kind !== 'unknown')
  const redirect = all < 0 ? terms.find(({ kind }) => kind === 'redirect') : undefined
  return redirect ? [...mechanisms, redirect] : mechanisms
}

function draft(domain: string, above: readonly string[]): Draft {
  return { node: { domain, answer: unasked, records: [], branches: [] }, path: [...above, domain] }
}

const unasked: Outcome<never> = { problem: { event: 'unavailable', reason: 'deadline-spent', detail: 'not asked' } }

function branchOf(term: SpfTerm, domain: string, path: readonly string[]): Mutable<SpfBranch> | null {
  const { kind, text, at } = term
  if (kind !== 'include' && kind !== 'a' && kind !== 'mx' && kind !== 'ptr' && kind !== 'exists' && kind !== 'redirect') return null
  const branch = (state: SpfBranch['state'], target: string | null): Mutable<SpfBranch> => ({ kind, term: text, at, target, state })
  if (kind === 'ptr') return branch('runtime', null) // §5.5: it asks for the client's address
  const target = nameOf(term.domain, domain)
  if (!('name' in target)) return branch('runtime' in target ? 'runtime' : 'malformed', 'runtime' in target ? null : target.malformed)
  if ((kind === 'include' || kind === 'redirect') && path.includes(target.name)) return branch('loop', target.name)
  return branch('asked', target.name)
}

/** §7.2: of the macros only %{d}, the domain whose record this is, is known without a message. */
function nameOf(spec: MacroString | null, domain: string): ReturnType<typeof targetName> {
  return spec === null ? { name: domain } : targetName(spec, { d: domain })
}

function follows({ kind }: SpfBranch): boolean {
  return kind === 'include' || kind === 'redirect'
}

function questionsOf({ kind, target }: SpfBranch): Question[] {
  if (target === null) return []
  if (kind === 'mx') return [ask(target, 'MX')]
  return kind === 'a' ? [ask(target, 'A'), ask(target, 'AAAA')] : [ask(target, 'A')] // §5.7: exists asks for A, whatever the client
}

function fill(branch: Mutable<SpfBranch>, answers: ReadonlyMap<string, Outcome<Answer>>): void {
  const { kind, target } = branch
  if (target === null) return
  if (kind === 'mx') branch.mx = answerTo(answers, ask(target, 'MX'))
  else branch.v4 = answerTo(answers, ask(target, 'A'))
  if (kind === 'a') branch.v6 = answerTo(answers, ask(target, 'AAAA'))
}

function ask<T extends Question['type']>(name: string, type: T): Question<T> {
  return { name, type }
}

function answerTo<T extends Question['type']>(answers: ReadonlyMap<string, Outcome<Answer>>, question: Question<T>): Outcome<Answer<T>> {
  return (answers.get(key(question)) ?? unasked) as Outcome<Answer<T>>
}

function key({ name, type }: Question): string {
  return `${name} ${type}`
}
