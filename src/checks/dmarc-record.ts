/** What the checks of DMARC read: the record that applies to the domain, by RFC 9989 and by RFC 7489, and what it comes to. */
import {
  appliedPolicy, discoverByList, discoverByWalk, legacyPolicy, type AppliedPolicy, type Discovery, type DmarcDiscovered,
} from '../evaluate/dmarc-policy.ts'
import { organizationOf, walkFrom, type DmarcLookup } from '../evaluate/dmarc-walk.ts'
import type { Outcome } from '../network/network.ts'
import type { DmarcFacts, DmarcNames } from '../probes/dmarc.ts'
import type { MxFacts } from '../probes/mx.ts'
import type { DmarcRecord } from '../syntax/dmarc.ts'
import { joinedText } from '../syntax/record.ts'
import { skip, unknownBecause, type Evidence, type Remedy, type Skip, type Unknown } from './define.ts'
import { absenceSeen, octetSeen, recordSeen } from './evidence.ts'
import { txtLine } from './publish.ts'

export function byWalk({ domain, asked }: DmarcNames): Discovery {
  return discoverByWalk(domain, asked)
}

export function byList({ domain, organizationalDomain, asked }: DmarcNames): Discovery {
  return discoverByList(domain, organizationalDomain, asked)
}

export function organizationByWalk({ domain, asked }: DmarcNames): Outcome<string> {
  return organizationOf(walkFrom(domain, asked))
}

/** The record that applies by RFC 9989, or why a check of its content has nothing to judge. */
export function recordOf(dmarc: DmarcFacts): DmarcDiscovered | Skip | Unknown {
  const discovery = byWalk(dmarc)
  if (discovery.found === 'one') return discovery
  return discovery.found === 'unknown' ? unknownBecause(discovery.problem) : skip('no DMARC policy is published')
}

/** The same, when receivers make something of the record. */
export function policyOf(dmarc: DmarcFacts, mx?: Outcome<MxFacts>): (DmarcDiscovered & { readonly applied: AppliedPolicy }) | Skip | Unknown {
  const found = recordOf(dmarc)
  if ('verdict' in found) return found
  const applied = appliedPolicy(found.record, { inherited: found.inherited, exists: doesExist(mx) })
  return applied ? { ...found, applied } : skip('receivers make nothing of the record')
}

/** §3.2.13; behind an alias, NXDOMAIN speaks of the alias's target (RFC 6604 §3). */
function doesExist(mx: Outcome<MxFacts> | undefined): boolean {
  return !(mx && 'value' in mx && mx.value.answer.rcode === 'NXDOMAIN' && mx.value.answer.aliases.length === 0)
}

/** What receivers of RFC 7489 find: `reject`, or `no policy`. */
export function legacyWords(dmarc: DmarcFacts): string {
  const discovery = byList(dmarc)
  if (discovery.found === 'unknown') return 'what could not be found out'
  return (discovery.found === 'one' ? legacyPolicy(discovery.record, discovery.inherited)?.policy : undefined) ?? 'no policy'
}

/** The record, pointing at a tag of it. */
export function tagSeen({ published, record }: DmarcDiscovered, name: string | null): Evidence {
  const tag = record.tags.find(one => one.name === name)
  return tag ? octetSeen(published, tag.at) : recordSeen(published)
}

/** A name that has no policy: nothing at all, or TXT records that are none. */
export function noPolicySeen({ answer }: DmarcLookup): Evidence[] {
  if ('problem' in answer) return []
  const { records } = answer.value
  return records.length > 0 ? records.map(recordSeen) : [absenceSeen(answer.value)]
}

/** The tags as they would be written in one line, with some changed (a text) or left out (null). */
export function withTags(record: DmarcRecord, changes: Readonly<Record<string, string | null>>): string {
  const rest = new Map(Object.entries(changes))
  const kept = record.tags.flatMap(({ name, value }) => {
    const change = rest.get(name)
    rest.delete(name)
    if (change === null) return []
    return [`${name}=${name === 'v' ? 'DMARC1' : change ?? value}`]
  })
  const added = [...rest].flatMap(([name, value]) => value === null ? [] : [`${name}=${value}`])
  // RFC 7489 §6.3 wants p directly after v.
  const [first = 'v=DMARC1', ...others] = kept
  return [first, ...added.filter(tag => tag.startsWith('p=')), ...others, ...added.filter(tag => !tag.startsWith('p='))].join('; ')
}

/** The record with those tags in place of the one there is. */
export function republish({ lookup, published, record }: DmarcDiscovered, changes: Readonly<Record<string, string | null>>): NonNullable<Remedy['records']> {
  return { set: [txtLine(lookup.name, withTags(record, changes))], remove: [txtLine(lookup.name, joinedText(published))] }
}
