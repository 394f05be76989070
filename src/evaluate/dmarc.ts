/**
 * DMARC for one message, as its receiver evaluates it (RFC 9989 §5.3): is the domain in From confirmed by an SPF or DKIM result
 * whose domain belongs to the same organization, and if not, what does the domain's owner ask for? It yields the questions that
 * it has and is handed their answers, so it runs over a network and over a file alike.
 */
import type { Answer, Outcome } from '../network/network.ts'
import { authorDomains, domainName } from '../syntax/author.ts'
import type { Policy } from '../syntax/dmarc.ts'
import { joinedText } from '../syntax/record.ts'
import { ask, type Asked, type Asking } from './asking.ts'
import { appliedPolicy, dependsOnExistence, discoverByWalk, lowered, type AppliedPolicy, type Discovery } from './dmarc-policy.ts'
import { endsWalk, organizationOf, policyName, walkFrom, walkTargets, type DmarcLookup } from './dmarc-walk.ts'

/** A result of SPF for MAIL FROM, or of the verification of one DKIM signature (RFC 8601 §2.7). */
export interface Authentication {
  /** Of MAIL FROM, or the d tag of the signature. */
  readonly domain: string
  /** `pass` is what counts, and `temperror` leaves it open. */
  readonly result: string
}

export interface DmarcRequest {
  /** The From field, an address in it, or a domain by itself. */
  readonly from: string
  readonly spf: Authentication | null
  readonly dkim: readonly Authentication[]
}

export type DmarcResult = 'pass' | 'fail' | 'none' | 'temperror' | 'permerror'

/** What one identifier comes to. */
export interface Identifier extends Authentication {
  readonly mechanism: 'spf' | 'dkim'
  /** Null when it was not needed, or could not be found out. */
  readonly orgDomain: string | null
  /** Null when that could not be found out. */
  readonly aligned: boolean | null
  /** Why, in words. */
  readonly because: string
}

/** How receivers of one standard decide. */
export interface DmarcReading {
  readonly result: DmarcResult
  /** What is asked for mail of this domain that fails, all tags considered; null without a record that counts. */
  readonly policy: Policy | null
  /** The same before t (RFC 9989 §4.7) lowers it. */
  readonly stated: Policy | null
  /** The tag that it comes from; null also where a record without a policy counts as p=none. */
  readonly tag: AppliedPolicy['tag']
  readonly orgDomain: string | null
  /** The domain at which the record stands. */
  readonly policyDomain: string | null
  readonly record: string | null
  readonly alignment: { readonly spf: boolean; readonly dkim: boolean }
  readonly identifiers: readonly Identifier[]
  /** Why it comes to this result, in words. */
  readonly because: string
}

export interface DmarcVerdict extends DmarcReading {
  /** Null when there is not exactly one. */
  readonly authorDomain: string | null
  /** The names that were asked for TXT, in order, each once. */
  readonly queries: readonly string[]
  readonly asked: readonly Asked[]
}

/** The lookups of an evaluation: every name is asked for once. */
export class DmarcLookups {
  readonly asked: Asked[] = []
  readonly #known = new Map<string, DmarcLookup>()

  get all(): readonly DmarcLookup[] {
    return [...this.#known.values()]
  }

  /** Null when there can be no such name. */
  * at(domain: string): Asking<DmarcLookup | null> {
    const known = this.#known.get(domain)
    const name = policyName(domain)
    if (known || name === null) return known ?? null
    const answer: Outcome<Answer<'TXT'>> = yield* ask(this.asked, name, 'TXT')
    const lookup = { domain, name, answer }
    this.#known.set(domain, lookup)
    return lookup
  }

  /** RFC 9989 §4.10; a lookup that fails ends it, because nobody knows whether the walk would go on. */
  * walk(domain: string): Asking<void> {
    for (const target of walkTargets(domain)) {
      const lookup = yield* this.at(target)
      if (lookup && ('problem' in lookup.answer || endsWalk(lookup))) return
    }
  }
}

/** `lookups` can be shared with another reading of the same message. */
export function* evaluateDmarc({ from, spf, dkim }: DmarcRequest, lookups = new DmarcLookups()): Asking<DmarcVerdict> {
  const authors = authorDomains(from)
  const author = 'domains' in authors && authors.domains.length === 1 ? authors.domains[0] : undefined
  const told = (reading: DmarcReading): DmarcVerdict => ({
    ...reading, authorDomain: author ?? null, asked: lookups.asked,
    queries: lookups.asked.filter(({ type }) => type === 'TXT').map(({ name }) => name),
  })
  if (author === undefined) return told(undecided('permerror', authorFault(authors))) // §5.3.1

  yield* lookups.walk(author)
  const organization = organizationOf(walkFrom(author, lookups.all))
  const orgDomain = 'value' in organization ? organization.value : null
  const discovery = discoverByWalk(author, lookups.all)
  if (discovery.found !== 'one') return told({ ...withoutRecord(discovery, author), orgDomain })
  const { record, inherited } = discovery
  const found = { orgDomain, policyDomain: discovery.lookup.domain, record: joinedText(discovery.published) }
  const exists = dependsOnExistence(record, inherited) ? yield* isThere(lookups.asked, author) : { value: true }
  const applied = appliedPolicy(record, { inherited, exists: 'value' in exists ? exists.value : true })
  // §4.10.1: "applies no DMARC processing to this message"
  if (!applied) return told({ ...undecided('none', `receivers make nothing of the record at ${discovery.lookup.name}`), orgDomain })

  const identifiers: Identifier[] = []
  for (const [mechanism, authentication] of [...spf ? [['spf', spf] as const] : [], ...dkim.map(one => ['dkim', one] as const)]) {
    const strict = (mechanism === 'spf' ? record.aspf : record.adkim) === 's'
    identifiers.push({ mechanism, ...authentication, ...yield* align(lookups, { author, organization, strict }, authentication) })
  }
  const policy = 'problem' in exists ? { policy: null, stated: null, tag: null }
    : { policy: record.t ? lowered(applied.policy) : applied.policy, stated: applied.policy, tag: applied.tag }
  const decided = conclude(identifiers)
  const open = decided.result === 'fail' && 'problem' in exists
  return told({
    ...found, ...policy, alignment: alignmentOf(identifiers), identifiers,
    ...(open ? { result: 'temperror', because: `${author} takes another policy if it does not exist: ${exists.problem.detail}` } : decided),
  })
}

/** §3.2.13, A.4: only NXDOMAIN for the name itself says that it does not exist; what it has does not matter, and A is asked most. */
function* isThere(asked: Asked[], domain: string): Asking<Outcome<boolean>> {
  const answer = yield* ask(asked, domain, 'A')
  return 'problem' in answer ? answer : { value: answer.value.rcode !== 'NXDOMAIN' || answer.value.aliases.length > 0 } // RFC 6604 §3
}

interface Author {
  readonly author: string
  readonly organization: Outcome<string>
  readonly strict: boolean
}

type Aligned = Pick<Identifier, 'orgDomain' | 'aligned' | 'because'>

/** §4.4, §4.10.2. */
function* align(lookups: DmarcLookups, { author, organization, strict }: Author, { domain, result }: Authentication): Asking<Aligned> {
  const name = domainName(domain.slice(domain.lastIndexOf('@') + 1))
  const told = (aligned: boolean | null, because: string, orgDomain: string | null = null): Aligned => ({ aligned, because, orgDomain })
  if (name === null) return told(false, 'this is no domain name')
  const passed = result.toLowerCase() === 'pass'
  if (!passed && result.toLowerCase() !== 'temperror') return told(false, `its result is ${result}`)
  if (!passed) {
    // No result yet, and it matters only if the identifier may be aligned.
    const top = strict ? author : 'value' in organization ? organization.value : author
    return name === author || (!strict && isWithin(name, top)) ? told(null, 'its result is not known yet') : told(false, 'it would not be aligned')
  }
  if (name === author) return told(true, `it is ${author} itself`)
  if (strict) return told(false, `the record asks for strict alignment: only ${author} itself will do`)
  yield* lookups.walk(name)
  const own = organizationOf(walkFrom(name, lookups.all))
  if ('problem' in own) return told(null, `its organizational domain could not be found out: ${own.problem.detail}`)
  if ('problem' in organization) return told(null, `the organizational domain of ${author} could not be found out: ${organization.problem.detail}`, own.value)
  return own.value === organization.value ? told(true, `both belong to ${own.value}`, own.value)
    : told(false, `it belongs to ${own.value}, and ${author} to ${organization.value}`, own.value)
}

export function isWithin(name: string, top: string): boolean {
  return name === top || name.endsWith(`.${top}`)
}

/** §5.3.5, §5.3.6: one that is aligned is enough; a lookup that failed leaves it open whether there is one. */
export function conclude(identifiers: readonly Identifier[]): Pick<DmarcReading, 'result' | 'because'> {
  const aligned = identifiers.find(one => one.aligned === true)
  if (aligned) return { result: 'pass', because: `${namedIdentifier(aligned)} is aligned` }
  const open = identifiers.find(one => one.aligned === null)
  if (open) return { result: 'temperror', because: `${namedIdentifier(open)}: ${open.because}` }
  return { result: 'fail', because: identifiers.length === 0 ? 'neither SPF nor DKIM has any result' : 'nothing that passed is aligned' }
}

export function alignmentOf(identifiers: readonly Identifier[]): DmarcReading['alignment'] {
  const aligned = (wanted: string): boolean => identifiers.some(one => one.mechanism === wanted && one.aligned === true)
  return { spf: aligned('spf'), dkim: aligned('dkim') }
}

/** No record applies. */
export function withoutRecord(discovery: Exclude<Discovery, { found: 'one' }>, author: string): DmarcReading {
  switch (discovery.found) {
    case 'unknown': return undecided('temperror', discovery.problem.detail)
    case 'several': return undecided('none', `there are several records at ${discovery.lookup.name}`)
    case 'none': return undecided('none', `no policy is published for ${author}`)
  }
}

export function undecided(result: DmarcResult, because: string): DmarcReading {
  return {
    result, because, policy: null, stated: null, tag: null, orgDomain: null, policyDomain: null, record: null,
    alignment: { spf: false, dkim: false }, identifiers: [],
  }
}

function authorFault(authors: ReturnType<typeof authorDomains>): string {
  if ('error' in authors) return authors.error
  const { domains } = authors
  return domains.length === 0 ? 'From has no address' : `From has several domains: ${domains.slice(0, 5).join(', ')}`
}

function namedIdentifier({ mechanism, domain }: Identifier): string {
  return `${mechanism.toUpperCase()} for ${domain}`
}
