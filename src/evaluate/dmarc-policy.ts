/**
 * Which DMARC record applies to a domain, and what it asks for: by RFC 9989 (§4.10.1), which walks up the DNS, and by RFC 7489
 * (§6.6.3), which asks the domain and the organizational domain of the Public Suffix List, and which many receivers still
 * follow. Both are readings of the same answers.
 */
import type { Failure } from '../network/network.ts'
import type { DmarcRecord, Policy } from '../syntax/dmarc.ts'
import type { DnsRecord } from '../syntax/record.ts'
import { dmarcRecords, organizationOf, recordAt, walkFrom, type DmarcFind, type DmarcLookup } from './dmarc-walk.ts'

/** One record applies; `inherited` when it stands above the domain. */
export interface DmarcDiscovered extends DmarcFind {
  readonly found: 'one'
  readonly inherited: boolean
}

export type Discovery =
  | DmarcDiscovered
  /** RFC 7489 alone: several records at a name end the search. */
  | { readonly found: 'several'; readonly lookup: DmarcLookup; readonly published: readonly DnsRecord<'TXT'>[] }
  | { readonly found: 'none' }
  | { readonly found: 'unknown'; readonly problem: Failure }

/**
 * RFC 9989 §4.10.1: the record of the domain, else that of its organizational domain, else that of its public suffix domain.
 * `asked` holds the answers of the walk.
 */
export function discoverByWalk(domain: string, asked: readonly DmarcLookup[]): Discovery {
  const walk = walkFrom(domain, asked)
  const [own] = walk.lookups
  if (own?.domain === domain) {
    if ('problem' in own.answer) return { found: 'unknown', problem: own.answer.problem }
    const find = recordAt(own)
    if (find) return { found: 'one', ...find, inherited: false }
  }
  const organization = organizationOf(walk)
  if ('problem' in organization) return { found: 'unknown', problem: organization.problem }
  const finds = walk.lookups.flatMap(lookup => recordAt(lookup) ?? [])
  const above = finds.find(({ lookup }) => lookup.domain === organization.value) ?? finds.find(({ record }) => record.psd === 'y')
  return above ? { found: 'one', ...above, inherited: true } : { found: 'none' }
}

/**
 * RFC 7489 §6.6.3: the record of the domain; when it has none, that of `organization`, its organizational domain by the Public
 * Suffix List.
 */
export function discoverByList(domain: string, organization: string, asked: readonly DmarcLookup[]): Discovery {
  for (const target of new Set([domain, organization])) {
    const lookup = asked.find(one => one.domain === target)
    if (!lookup) continue
    if ('problem' in lookup.answer) return { found: 'unknown', problem: lookup.answer.problem }
    const published = dmarcRecords(lookup)
    const find = recordAt(lookup)
    if (find) return { found: 'one', ...find, inherited: target !== domain }
    if (published.length > 0) return { found: 'several', lookup, published }
  }
  return { found: 'none' }
}

export interface AppliedPolicy {
  readonly policy: Policy
  /** The tag that it comes from; null when the record only counts as p=none. */
  readonly tag: 'p' | 'sp' | 'np' | null
}

/**
 * What RFC 9989 §4.10.1 makes of the record; null when that is nothing. A domain that inherits takes sp, or np when it does not
 * exist; what is not stated is taken from the more general tag.
 */
export function appliedPolicy(record: DmarcRecord, { inherited, exists = true }: { readonly inherited: boolean; readonly exists?: boolean }): AppliedPolicy | null {
  if (record.counts === 'ignored') return null
  if (record.counts === 'none' || record.p === null) return { policy: 'none', tag: null }
  if (inherited && !exists && record.np !== null) return { policy: record.np, tag: 'np' }
  return inherited && record.sp !== null ? { policy: record.sp, tag: 'sp' } : { policy: record.p, tag: 'p' }
}

/** The same by RFC 7489 §6.6.3, which knows no np. */
export function legacyPolicy(record: DmarcRecord, inherited: boolean): AppliedPolicy | null {
  return appliedPolicy({ ...record, counts: record.legacyCounts }, { inherited })
}

/** Does it matter to the policy whether the domain exists? */
export function dependsOnExistence(record: DmarcRecord, inherited: boolean): boolean {
  return appliedPolicy(record, { inherited, exists: false })?.policy !== appliedPolicy(record, { inherited })?.policy
}

const oneLevelBelow: Readonly<Record<Policy, Policy>> = { reject: 'quarantine', quarantine: 'none', none: 'none' }

/** What is asked of receivers when a policy is tested (RFC 9989 §4.7, t) or sampled (RFC 7489 §6.6.4, pct). */
export function lowered(policy: Policy): Policy {
  return oneLevelBelow[policy]
}
