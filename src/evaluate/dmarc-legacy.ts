/**
 * The same message as receivers decide who still follow RFC 7489: one more name at most is asked for, organizational domains come
 * from the Public Suffix List, np, psd and t mean nothing, and pct does.
 */
import { authorDomains, domainName } from '../syntax/author.ts'
import { organizationalDomain } from '../syntax/organizational-domain.ts'
import { joinedText } from '../syntax/record.ts'
import type { Asking } from './asking.ts'
import { discoverByList, legacyPolicy } from './dmarc-policy.ts'
import {
  alignmentOf, conclude, undecided, withoutRecord, type Authentication, type DmarcLookups, type DmarcReading, type DmarcRequest, type Identifier,
} from './dmarc.ts'

export interface LegacyReading extends DmarcReading {
  /** The share of failing mail that `policy` is asked for, in percent; the rest gets the next weaker one (§6.6.4). */
  readonly pct: number
}

/** Null unless From has one domain. */
export function* evaluateLegacy({ from, spf, dkim }: DmarcRequest, lookups: DmarcLookups): Asking<LegacyReading | null> {
  const authors = authorDomains(from)
  const author = 'domains' in authors && authors.domains.length === 1 ? authors.domains[0] : undefined
  if (author === undefined) return null
  const orgDomain = organizationalDomain(author)
  const own = yield* lookups.at(author)
  let discovery = discoverByList(author, author, own ? [own] : [])
  if (discovery.found === 'none' && orgDomain !== author) {
    yield* lookups.at(orgDomain)
    discovery = discoverByList(author, orgDomain, lookups.all)
  }
  if (discovery.found !== 'one') return { ...withoutRecord(discovery, author), orgDomain, pct: 100 }
  const { record, inherited, lookup } = discovery
  const applied = legacyPolicy(record, inherited)
  if (!applied) return { ...undecided('none', `receivers make nothing of the record at ${lookup.name}`), orgDomain, pct: 100 }
  const identifiers = [...spf ? [['spf', spf, record.aspf] as const] : [], ...dkim.map(one => ['dkim', one, record.adkim] as const)]
    .map(([mechanism, authentication, mode]): Identifier => ({ mechanism, ...authentication, ...align(author, orgDomain, mode === 's', authentication) }))
  return {
    ...conclude(identifiers), ...applied, stated: applied.policy, orgDomain, policyDomain: lookup.domain, record: joinedText(discovery.published),
    alignment: alignmentOf(identifiers), identifiers, pct: record.pct ?? 100,
  }
}

/** §3.1. */
function align(author: string, orgDomain: string, strict: boolean, { domain, result }: Authentication): Pick<Identifier, 'orgDomain' | 'aligned' | 'because'> {
  const name = domainName(domain.slice(domain.lastIndexOf('@') + 1))
  if (name === null) return { aligned: false, orgDomain: null, because: 'this is no domain name' }
  const own = organizationalDomain(name)
  const related = strict ? name === author : own === orgDomain
  switch (result.toLowerCase()) {
    case 'pass': return { aligned: related, orgDomain: own, because: related ? `both belong to ${orgDomain}` : `it belongs to ${own}` }
    case 'temperror': return { aligned: related ? null : false, orgDomain: own, because: 'its result is not known yet' } // §6.6.2
    default: return { aligned: false, orgDomain: own, because: `its result is ${result}` }
  }
}
