/**
 * The DNS tree walk (RFC 9989 §4.10): from a domain upwards, one question for a policy at each name, at most eight in all.
 * What it finds says which record applies to mail from the domain, and which names belong to the same organization. The walk
 * is made of answers that are there already; who asks for them, one by one or all at once, is not said here.
 */
import type { Answer, Failure, Outcome } from '../network/network.ts'
import { isDmarc, parseDmarc, type DmarcRecord } from '../syntax/dmarc.ts'
import { formatLabels, labelsOf, maxName, wireLength } from '../syntax/name.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'

/** A name that was asked for a policy, and what it said. */
export interface DmarcLookup {
  readonly domain: string
  /** `_dmarc.example.com` */
  readonly name: string
  readonly answer: Outcome<Answer<'TXT'>>
}

/** The one policy record at a name. */
export interface DmarcFind {
  readonly lookup: DmarcLookup
  readonly published: DnsRecord<'TXT'>
  readonly record: DmarcRecord
}

/** RFC 9989 §4.10: "Author Domains with more than eight labels do not result in more than eight DNS queries". */
export const longestWalk = 8

/** The domains of a full walk, in the order in which they are asked for (§4.10, steps 1, 3, 4 and 7). */
export function walkTargets(domain: string): string[] {
  const labels = labelsOf(domain)
  const above = labels.slice(Math.max(1, labels.length - (longestWalk - 1)))
  return labels.length === 0 ? [] : [domain, ...above.map((_, i) => formatLabels(above.slice(i)))]
}

/** Where the policy of a domain stands; null when the name would be longer than a name can be (RFC 1035 §2.3.4). */
export function policyName(domain: string): string | null {
  const name = `_dmarc.${domain}`
  return wireLength(name) <= maxName ? name : null
}

/** The TXT records that are DMARC records (§4.10, step 2); none when the lookup failed. */
export function dmarcRecords({ answer }: DmarcLookup): DnsRecord<'TXT'>[] {
  return 'value' in answer ? answer.value.records.filter(record => isDmarc(joinedText(record))) : []
}

/** "If multiple DMARC Policy Records are returned for a single target, they are all discarded" (§4.10, step 2). */
export function recordAt(lookup: DmarcLookup): DmarcFind | null {
  const [published, second] = dmarcRecords(lookup)
  return published && !second ? { lookup, published, record: parseDmarc(joinedText(published)) } : null
}

/** "If a single record remains and it contains a psd=n or psd=y tag, stop" (§4.10, steps 2 and 6). */
export function endsWalk(lookup: DmarcLookup): boolean {
  const { psd } = recordAt(lookup)?.record ?? { psd: 'u' }
  return psd !== 'u'
}

export interface DmarcWalk {
  readonly domain: string
  /** As far as the walk goes. */
  readonly lookups: readonly DmarcLookup[]
  /** The first lookup that failed, or was not made: it may hide where the walk would have ended. */
  readonly problem: Failure | null
}

/** The walk from `domain` over the answers in `asked`, which may be those to other names as well. */
export function walkFrom(domain: string, asked: readonly DmarcLookup[]): DmarcWalk {
  const lookups: DmarcLookup[] = []
  for (const target of walkTargets(domain)) {
    if (policyName(target) === null) continue
    const lookup = asked.find(one => one.domain === target)
    if (!lookup) return { domain, lookups, problem: { event: 'unavailable', reason: 'deadline-spent', detail: `${target} was not asked for a policy` } }
    lookups.push(lookup)
    if (endsWalk(lookup)) break
  }
  const problem = lookups.map(({ answer }) => answer).find(answer => 'problem' in answer)
  return { domain, lookups, problem: problem && 'problem' in problem ? problem.problem : null }
}

/** RFC 9989 §4.10.2: the name at the top of what is under one administration with the walk's domain. */
export function organizationOf({ domain, lookups, problem }: DmarcWalk): Outcome<string> {
  if (problem) return { problem }
  const found = lookups.flatMap(lookup => recordAt(lookup) ?? []) // from the longest name to the shortest
  for (const { lookup, record: { psd } } of found) {
    if (psd === 'n') return { value: lookup.domain }
    if (psd === 'y' && lookup.domain !== domain) return { value: oneBelow(lookup.domain, domain) }
  }
  return { value: found.at(-1)?.lookup.domain ?? domain }
}

/** The ancestor of `domain`, or the domain itself, that is one label longer than `above`. */
function oneBelow(above: string, domain: string): string {
  return formatLabels(labelsOf(domain).slice(-1 - labelsOf(above).length))
}
