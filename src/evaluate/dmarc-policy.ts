/**
 * Which DMARC record applies to a domain, and what it asks for. RFC 7489 §6.6.3: the domain's own record, else that of its
 * organizational domain, and several at one name are none. What RFC 9989 §4.10 finds instead is a second reading of the same
 * answers: it drops several records at a name, and walks on.
 */
import type { Answer, Failure, Outcome } from '../network/network.ts'
import { isDmarc, parseDmarc, type DmarcRecord, type Policy } from '../syntax/dmarc.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'

/** A name that was asked for a policy, and what it said. */
export interface DmarcLookup {
  readonly domain: string
  /** `_dmarc.example.com` */
  readonly name: string
  readonly answer: Outcome<Answer<'TXT'>>
}

export type Discovery =
  /** The record at `lookup` applies; `inherited` when it stands above the domain. */
  | { readonly found: 'one'; readonly lookup: DmarcLookup; readonly published: DnsRecord<'TXT'>; readonly record: DmarcRecord; readonly inherited: boolean }
  | { readonly found: 'several'; readonly lookup: DmarcLookup; readonly published: readonly DnsRecord<'TXT'>[] }
  | { readonly found: 'none' }
  | { readonly found: 'unknown'; readonly problem: Failure }

/** The TXT records that are DMARC records (RFC 9989 §4.10 step 2); none when the lookup failed. */
export function dmarcRecords({ answer }: DmarcLookup): DnsRecord<'TXT'>[] {
  return 'value' in answer ? answer.value.records.filter(record => isDmarc(joinedText(record))) : []
}

/** RFC 7489 §6.6.3, over the names from the domain upwards. */
export function discoverByList(domain: string, asked: readonly DmarcLookup[]): Discovery {
  for (const lookup of asked) {
    const discovery = at(domain, lookup)
    if (discovery.found !== 'none') return discovery
  }
  return { found: 'none' }
}

/** RFC 9989 §4.10 as far as these names go: a name with several records has none. */
export function discoverByWalk(domain: string, asked: readonly DmarcLookup[]): Discovery {
  for (const lookup of asked) {
    const discovery = at(domain, lookup)
    if (discovery.found === 'one' || discovery.found === 'unknown') return discovery
  }
  return { found: 'none' }
}

export interface AppliedPolicy {
  readonly policy: Policy
  /** The tag that it comes from; null when the record only counts as p=none. */
  readonly tag: 'p' | 'sp' | null
}

/** Null when receivers make nothing of the record (RFC 9989 §4.10.1). A domain that inherits takes sp, then p. */
export function appliedPolicy(record: DmarcRecord, inherited: boolean): AppliedPolicy | null {
  if (record.counts === 'ignored') return null
  if (record.counts === 'none' || record.p === null) return { policy: 'none', tag: null }
  return inherited && record.sp !== null ? { policy: record.sp, tag: 'sp' } : { policy: record.p, tag: 'p' }
}

function at(domain: string, lookup: DmarcLookup): Discovery {
  if ('problem' in lookup.answer) return { found: 'unknown', problem: lookup.answer.problem }
  const records = dmarcRecords(lookup)
  const [published, second] = records
  if (published === undefined) return { found: 'none' }
  if (second !== undefined) return { found: 'several', lookup, published: records }
  return { found: 'one', lookup, published, record: parseDmarc(joinedText(published)), inherited: lookup.domain !== domain }
}
