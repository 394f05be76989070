/**
 * Whom an SPF record authorises, as sets of addresses: check_host() (RFC 7208 §4) for every client at once. The first term
 * that matches decides, so each takes its addresses out of those that are left, and an include matches where its record
 * passes. What depends on the message or on the client's reverse DNS is set apart, and counts as if it matched nobody.
 */
import type { Answer, Outcome, Question } from '../network/network.ts'
import { addressOctets } from '../syntax/address.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'
import { cutName, expandMacros, type MacroLetter, type SpfDomain } from '../syntax/spf-macro.ts'
import {
  describeProblem, isSpf, parseSpf, type DomainModifier, type ExistsMechanism, type HostMechanism, type IncludeMechanism, type PtrMechanism,
  type Qualifier, type SpfTerm,
} from '../syntax/spf.ts'
import { everybody, networkOf, setOf, type AddressSet, type Family } from './address-set.ts'
import type { Asking } from './asking.ts'
import { tooManyLookups, tooManyVoids } from './spf-evaluation.ts'
import { addressesOf, after, count, goOn, groupsWith, match, stop, type Ended, type Group, type SetResult, type Step } from './spf-groups.ts'
import { publishingDomain } from './spf-identity.ts'
import { mxNameLimit } from './spf-limits.ts'
import { reachableTerms } from './spf-tree.ts'

export type { SetResult } from './spf-groups.ts'

type ByFamily<T> = Readonly<Record<Family, T>>

export interface SpfSets {
  /** Disjoint, and together every address; a result that nobody gets is not there. */
  readonly results: ByFamily<ReadonlyMap<SetResult, AddressSet>>
  /** The terms of the record itself that pass somebody, in order, with whom. */
  readonly passes: readonly { readonly term: string; readonly at: number; readonly sets: ByFamily<AddressSet> }[]
  /** Terms, here or further down, of which only a message tells whether they match. */
  readonly apart: readonly SpfApart[]
  /** Why anybody gets none, temperror or permerror. */
  readonly problems: readonly string[]
  /** Why the records were not followed to their end; null when they were. Whoever is left then gets `unknown`. */
  readonly cut: string | null
}

export interface SpfApart {
  /** In whose record it stands; null for a record without a domain. */
  readonly domain: string | null
  readonly term: string
  /** Ends the sentence "it depends on …". */
  readonly on: string
}

/** The record of a domain; or a record, and whose it is to be, if that is known. */
export type SpfSource = { readonly domain: string; readonly record?: string } | { readonly domain: null; readonly record: string }

/** Records that are read; a tree that branches with ill will could lead to a thousand. */
const recordLimit = 300
/** Ranges that are gone through: each term goes through all those left open, so what a few thousand terms take is no limit to anybody. */
const rangeLimit = 25_000_000

export function* spfSets(source: SpfSource): Asking<SpfSets> {
  const walk: Walk = { answers: new Map(), records: 0, ranges: 0, cut: null, apart: new Map(), problems: new Set(), passes: new Map() }
  const v4 = yield* walkFamily(walk, 4, source)
  const v6 = yield* walkFamily(walk, 6, source)
  return {
    results: { 4: v4, 6: v6 }, problems: [...walk.problems], cut: walk.cut, apart: [...walk.apart.values()],
    passes: [...walk.passes].map(([{ text, at }, sets]) => ({ term: text, at, sets })).toSorted((a, b) => a.at - b.at),
  }
}

interface Walk {
  readonly answers: Map<string, Outcome<Answer>>
  records: number
  ranges: number
  cut: string | null
  readonly apart: Map<string, SpfApart>
  readonly problems: Set<string>
  readonly passes: Map<{ readonly text: string; readonly at: number }, Record<Family, AddressSet>>
}

interface Place {
  readonly walk: Walk
  readonly family: Family
  /** Null when it is not known whose record this is. */
  readonly domain: SpfDomain | null
  /** Not the record that all begins with, but one that a term leads to. */
  readonly below: boolean
}

function* walkFamily(walk: Walk, family: Family, { domain: text, record }: SpfSource): Asking<Map<SetResult, AddressSet>> {
  walk.records = 0
  walk.ranges = 0
  const groups = [{ set: everybody(family), lookups: 0, voids: 0 }]
  const domain = text === null ? null : cutName(text)
  const place = { walk, family, domain, below: false }
  const ended = record === undefined ? yield* walkDomain(place, groups) : yield* walkRecord(place, groups, record)
  return new Map([...ended].map(([result, left]) => [result, addressesOf(left)]))
}

const resultOf: Readonly<Record<Qualifier, SetResult>> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' }

/** §4.3 to §4.5 */
function* walkDomain(place: Place, groups: readonly Group[]): Asking<Ended> {
  const { walk, domain, below } = place
  if (domain === null || publishingDomain(domain.text) === null) return problem(walk, groups, 'none', 'a record is looked for at a single label')
  if (++walk.records > recordLimit) return cut(walk, groups, 'the records branch too often to be followed')
  const [outcome] = yield* lookUp(walk, [domain.name], 'TXT')
  if (!outcome || 'problem' in outcome) return problem(walk, groups, 'temperror', outcome?.problem.detail ?? '')
  const { records } = outcome.value
  const [record, second] = records.map(joinedText).filter(isSpf)
  if (record !== undefined && second === undefined) return yield* walkRecord(place, groups, record)
  const counted = below && records.length === 0 ? groups.map(group => ({ ...group, voids: group.voids + 1 })) : groups
  return record === undefined ? problem(walk, counted, 'none', `${domain.text} has no SPF record`)
    : problem(walk, counted, 'permerror', `${domain.text} has several SPF records`)
}

/** §4.6, §4.7 */
function* walkRecord(place: Place, groups: readonly Group[], record: string): Asking<Ended> {
  const { walk, domain, family, below } = place
  const { terms, problems: [wrong] } = parseSpf(record)
  if (wrong) return problem(walk, groups, 'permerror', `${domain ? `${domain.text}: ` : ''}${describeProblem(wrong)}`)
  let way: Step = goOn(groups)
  for (const term of reachableTerms(terms)) {
    if (way.open.length === 0) break
    walk.ranges += way.open.reduce((sum, { set }) => sum + set.length, way.ended.get('pass')?.length ?? 0)
    if (walk.ranges > rangeLimit) return after(way, { ended: cut(walk, way.open, 'the records name too many networks to be added up'), open: [] }).ended
    const step = yield* walkTerm(place, way.open, term)
    const passed = addressesOf(groupsWith(step.ended, 'pass'))
    if (!below && passed.length > 0) notePass(walk, term, family, passed)
    way = after(way, step)
  }
  return after(way, stop(way.open, 'neutral')).ended
}

function notePass({ passes }: Walk, { text, at }: SpfTerm, family: Family, set: AddressSet): void {
  const known = [...passes.keys()].find(term => term.at === at)
  const sets = (known && passes.get(known)) ?? { 4: [], 6: [] }
  sets[family] = set
  passes.set(known ?? { text, at }, sets)
}

function* walkTerm(place: Place, groups: readonly Group[], term: SpfTerm): Asking<Step> {
  const { walk, family, domain } = place
  switch (term.kind) {
    case 'exp':
    case 'unknown':
      return goOn(groups)
    case 'all':
      return stop(groups, resultOf[term.qualifier])
    case 'ip4':
    case 'ip6': {
      const own = (term.kind === 'ip4') === (family === 4)
      return match(groups, own ? [networkOf(term.octets, term.prefix)] : [], resultOf[term.qualifier])
    }
  }
  const target = resolve(term, place)
  const counted = count(groups, 'lookups', 'apart' in target ? target.lookups : 1)
  if (counted.ended.size > 0) walk.problems.add(tooManyLookups)
  if (counted.open.length === 0) return counted
  if (!('apart' in target)) return after(counted, yield* walkLookup(place, counted.open, term, target.domain))
  walk.apart.set(`${domain?.name ?? ''} ${term.at}`, { domain: domain?.text ?? null, term: term.text, on: target.apart })
  return term.kind === 'redirect' ? after(counted, stop(counted.open, 'unknown')) : counted
}

/** The terms that ask DNS (§4.6.4). */
type LookupTerm = IncludeMechanism | HostMechanism | PtrMechanism | ExistsMechanism | DomainModifier

/** What is known of a term's target without a message: the name, null where it is none, or what it depends on. */
type Target = { readonly domain: SpfDomain | null } | { readonly apart: string; readonly lookups: number }

const dependence: Readonly<Partial<Record<MacroLetter, string>>> = {
  s: 'the sender', l: 'the sender', o: 'the sender', h: 'the HELO name', i: 'the client’s address', p: 'the client’s reverse DNS',
}

function resolve(term: LookupTerm, { domain, family }: Place): Target {
  if (term.kind === 'ptr') return { apart: 'the client’s reverse DNS', lookups: term.domain?.some(part => 'letter' in part && part.letter === 'p') ? 2 : 1 }
  const letters = (term.domain ?? []).flatMap(part => 'letter' in part ? [part.letter] : [])
  const apart = new Set(letters.map(letter => dependence[letter]).filter(on => on !== undefined))
  if (domain === null && (term.domain === null || letters.includes('d'))) apart.add('whose record it is')
  if (apart.size > 0) return { apart: [...apart].join(' and '), lookups: letters.includes('p') ? 2 : 1 }
  if (term.domain === null) return { domain }
  return { domain: cutName(expandMacros(term.domain, { d: domain?.text ?? '', v: family === 4 ? 'in-addr' : 'ip6' }) ?? '') }
}

/** §5.2 to §5.4, §5.7, §6.1 */
function* walkLookup(place: Place, groups: readonly Group[], term: LookupTerm, target: SpfDomain | null): Asking<Step> {
  const { walk, family } = place
  const follows = term.kind === 'include' || term.kind === 'redirect'
  if (target === null) return follows ? { ended: problem(walk, groups, 'permerror', `${term.text} leads to no domain name`), open: [] } : goOn(groups)
  switch (term.kind) {
    case 'include': {
      const ended = yield* walkDomain({ ...place, domain: target, below: true }, groups)
      return [
        stop(groupsWith(ended, 'pass'), resultOf[term.qualifier]), stop(groupsWith(ended, 'permerror', 'none'), 'permerror'),
        stop(groupsWith(ended, 'temperror'), 'temperror'), stop(groupsWith(ended, 'unknown'), 'unknown'),
        goOn(groupsWith(ended, 'fail', 'softfail', 'neutral')),
      ].reduce(after)
    }
    case 'redirect': {
      const ended = yield* walkDomain({ ...place, domain: target, below: true }, groups)
      const left = new Map(ended)
      left.delete('none')
      return after({ ended: left, open: [] }, stop(groupsWith(ended, 'none'), 'permerror'))
    }
    case 'ptr':
    case 'exp':
      return goOn(groups)
    case 'mx':
      return yield* walkMx(place, groups, term, target)
    case 'a':
    case 'exists': {
      const [outcome] = yield* lookUp(walk, [target.name], term.kind === 'a' && family === 6 ? 'AAAA' : 'A')
      if (!outcome || 'problem' in outcome) return { ended: problem(walk, groups, 'temperror', outcome?.problem.detail ?? ''), open: [] }
      const { records } = outcome.value
      if (records.length === 0) return nothing(walk, groups)
      return match(groups, term.kind === 'exists' ? everybody(family) : hostsOf(term, records), resultOf[term.qualifier])
    }
  }
}

/** §5.4 */
function* walkMx(place: Place, groups: readonly Group[], term: HostMechanism, target: SpfDomain): Asking<Step> {
  const { walk, family } = place
  const [outcome] = yield* lookUp(walk, [target.name], 'MX')
  if (!outcome || 'problem' in outcome) return { ended: problem(walk, groups, 'temperror', outcome?.problem.detail ?? ''), open: [] }
  const { records } = outcome.value
  if (records.length === 0) return nothing(walk, groups)
  if (records.length > mxNameLimit) return { ended: problem(walk, groups, 'permerror', `${target.text} has more than ${mxNameLimit} MX records`), open: [] }
  const hosts = records.toSorted((a, b) => a.data.preference - b.data.preference).map(({ data }) => data.exchange).filter(host => host !== '')
  let way: Step = goOn(groups)
  for (const found of yield* lookUp(walk, hosts, family === 4 ? 'A' : 'AAAA')) {
    if ('problem' in found) return after(way, { ended: problem(walk, way.open, 'temperror', found.problem.detail), open: [] })
    way = after(way, match(way.open, hostsOf(term, found.value.records), resultOf[term.qualifier]))
  }
  return way
}

function hostsOf({ prefix4, prefix6 }: HostMechanism, records: readonly DnsRecord<'A' | 'AAAA'>[]): AddressSet {
  return setOf(records.flatMap(({ data }) => {
    const octets = addressOctets(data.address)
    return octets ? [networkOf(octets, octets.length === 4 ? prefix4 : prefix6)] : []
  }))
}

/** §4.6.4 */
function nothing(walk: Walk, groups: readonly Group[]): Step {
  const counted = count(groups, 'voids')
  if (counted.ended.size > 0) walk.problems.add(tooManyVoids)
  return counted
}

function problem({ problems }: Walk, groups: readonly Group[], result: SetResult, because: string): Ended {
  if (groups.length > 0) problems.add(because)
  return stop(groups, result).ended
}

function cut(walk: Walk, groups: readonly Group[], because: string): Ended {
  walk.cut ??= because
  return problem(walk, groups, 'unknown', because)
}

/** Asks for what is not known yet, all at once. */
function* lookUp<T extends 'TXT' | 'A' | 'AAAA' | 'MX'>({ answers }: Walk, names: readonly string[], type: T): Asking<Outcome<Answer<T>>[]> {
  const open = [...new Set(names)].filter(name => !answers.has(`${name} ${type}`)).map((name): Question<T> => ({ name, type }))
  if (open.length > 0) {
    const outcomes = yield open
    for (const [i, { name }] of open.entries()) {
      const outcome = outcomes[i]
      if (outcome) answers.set(`${name} ${type}`, outcome)
    }
  }
  return names.map(name => (answers.get(`${name} ${type}`) ?? unanswered) as Outcome<Answer<T>>)
}

const unanswered: Outcome<never> = { problem: { event: 'unavailable', reason: 'not-recorded', detail: 'no answer was handed over' } }
