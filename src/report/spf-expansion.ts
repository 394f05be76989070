/** The tree of an SPF record with what each branch costs and whom it passes, for people and for programs. */
import { sizeOf, union } from '../evaluate/address-set.ts'
import { countLookups, lookupLimit } from '../evaluate/spf-limits.ts'
import type { SpfSets } from '../evaluate/spf-set.ts'
import type { SpfBranch, SpfNode } from '../evaluate/spf-tree.ts'
import { parseSpf } from '../syntax/spf.ts'
import { painter, type Paint } from './paint.ts'
import { allSets, amount, apartJson, passing, plural, renderDoubts, renderSets, setsJson } from './spf-sets.ts'
import { visible } from './visible.ts'

export interface SpfExpansion {
  readonly tree: SpfNode
  readonly sets: SpfSets
  /** The provider to whom the target of an include belongs. */
  readonly providerOf: (target: string) => string | null
}

export function expansionJson({ tree, sets, providerOf }: SpfExpansion): object {
  const { count, atLeast } = countLookups(tree)
  const others = allSets(sets).filter(({ result }) => result !== 'pass')
  return {
    domain: tree.domain, record: tree.records.length === 1 ? tree.records[0] : null, lookups: count, lookupsAtLeast: atLeast,
    ...setsJson(passing(sets)),
    terms: sets.passes.map(({ term, at, sets: passed }) => ({ term, at, ...setsJson(passed) })),
    others: others.map(({ result, sets: left }) => ({ result, ipv4: String(sizeOf(left[4])), ipv6: String(sizeOf(left[6])) })),
    includes: branchesJson(tree, providerOf), apart: apartJson(sets), problems: sets.problems,
  }
}

function branchesJson({ branches }: SpfNode, providerOf: SpfExpansion['providerOf']): object[] {
  return branches.map(branch => ({
    term: branch.term, target: branch.target, state: branch.state, lookups: costOf(branch),
    ...(follows(branch) ? { provider: branch.target === null ? null : providerOf(branch.target), includes: branch.node ? branchesJson(branch.node, providerOf) : [] } : {}),
  }))
}

export function renderExpansion({ tree, sets, providerOf }: SpfExpansion, { colour }: { readonly colour: boolean }): string {
  const paint = painter(colour)
  const { count, atLeast } = countLookups(tree)
  const passed = passing(sets)
  if (tree.records.length !== 1) return `${renderNode(tree, null, providerOf, paint).join('\n')}\n`
  const lookups = `${atLeast ? 'at least ' : ''}${count} of at most ${lookupLimit} DNS lookups in the worst case`
  return [
    `${paint('bold', visible(tree.domain))} authorises ${amount(passed)}, with ${count > lookupLimit ? paint('red', lookups) : lookups}`,
    '',
    ...renderNode(tree, sets, providerOf, paint),
    '',
    ...renderSets('', passed, paint),
    '',
    ...allSets(sets).filter(({ result }) => result !== 'pass').map(({ result, sets: left }) => `${paint('bold', result)} for ${amount(left, true)}`),
    ...renderDoubts(sets, paint),
    '',
  ].join('\n')
}

function renderNode(node: SpfNode, sets: SpfSets | null, providerOf: SpfExpansion['providerOf'], paint: Paint): string[] {
  const [record, second] = node.records
  if (record === undefined || second !== undefined) {
    return [`${visible(node.domain)}: ${'problem' in node.answer ? visible(node.answer.problem.detail) : record === undefined ? 'no SPF record' : 'several SPF records'}`]
  }
  const networks = parseSpf(record).terms.filter(({ kind }) => kind === 'ip4' || kind === 'ip6')
  const passes = (place: (at: number) => boolean): string => {
    if (!sets) return ''
    const own = sets.passes.filter(({ at }) => place(at))
    return `, passes ${amount({ 4: union(...own.map(one => one.sets[4])), 6: union(...own.map(one => one.sets[6])) })}`
  }
  const rows: string[][] = node.branches.map(branch => [
    `${visible(branch.term)}${whose(branch, providerOf, paint)}: ${plural(costOf(branch), 'lookup')}${branch.state === 'runtime' ? '' : passes(at => at === branch.at)}${noteOf(branch)}`,
    ...branch.node ? renderNode(branch.node, null, providerOf, paint) : [],
  ])
  if (networks.length > 0) rows.unshift([`${plural(networks.length, 'network')} (ip4, ip6): no lookup${passes(at => networks.some(term => term.at === at))}`])
  return [`${visible(node.domain)}: ${visible(record)}`, ...rows.flatMap(([first = '', ...rest], i) => {
    const last = i === rows.length - 1
    return [`${last ? '└─' : '├─'} ${first}`, ...rest.map(line => `${last ? '  ' : '│ '} ${line}`)]
  })]
}

function whose(branch: SpfBranch, providerOf: SpfExpansion['providerOf'], paint: Paint): string {
  const provider = follows(branch) && branch.target !== null ? providerOf(branch.target) : null
  return provider === null ? '' : ` ${paint('cyan', `(${provider})`)}`
}

function noteOf({ state }: SpfBranch): string {
  switch (state) {
    case 'asked': return ''
    case 'runtime': return ', depends on the message'
    case 'malformed': return ', leads to no domain name'
    case 'loop': return ', leads back to a record above'
    case 'cut': return ', not followed'
  }
}

function follows({ kind }: SpfBranch): boolean {
  return kind === 'include' || kind === 'redirect'
}

function costOf({ node }: SpfBranch): number {
  return 1 + (node ? countLookups(node).count : 0)
}

