/**
 * DKIM keys (RFC 6376 §3.6.2): TXT records at SELECTOR._domainkey.DOMAIN. DNS cannot be asked which selectors there are, so
 * those that the user declares are looked up, then those that signed mail which others reported, those that the mail providers in
 * MX and SPF are known to use, and only if nothing was found a few that are common. A wildcard answers every guess: a label that nobody chose shows it.
 */
import { NetworkFailure, outcome, type Answer, type Outcome } from '../network/network.ts'
import { loadProviders, providersOf, type SeenProvider } from '../data/providers.ts'
import { placesOf } from '../evaluate/spf-limits.ts'
import { resemblesDkim } from '../syntax/dkim.ts'
import { joinedText } from '../syntax/record.ts'
import { unlikelyLabel } from '../syntax/unlikely-label.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { ReportsFacts } from './reports.ts'

export interface DkimFacts {
  /** Every selector that was asked for: declared ones first, then in the order of asking. */
  readonly selectors: readonly Selector[]
  /** The mail providers seen, and by what. */
  readonly providers: readonly SeenProvider[]
  /** A label that nobody chose: what it answers, a wildcard answers. */
  readonly wildcard: { readonly name: string; readonly answer: Outcome<Answer<'TXT'>> }
}

export interface Selector extends Subject {
  /** `s1._domainkey.example.com` */
  readonly name: string
  readonly selector: string
  /** `declared`: by the user, or by reports of the last days. `reported`: by older reports. `provider`: one that a provider seen here uses. `common`: one that many use. */
  readonly source: 'declared' | 'reported' | 'provider' | 'common'
  /** Which provider. */
  readonly provider?: string
  readonly answer: Outcome<Answer<'TXT'>>
  /** Something was published under this very name: an alias, or for a guess what looks like a key and is not the wildcard's. */
  readonly exists: boolean
}

type Wanted = Pick<Selector, 'selector' | 'source' | 'provider'>

export async function probeDkim({ network, scope, facts }: ProbeContext): Promise<DkimFacts> {
  const at = (selector: string): string => `${selector}._domainkey.${scope.domain}`
  const lookUp = (name: string): Promise<Outcome<Answer<'TXT'>>> => outcome(network.query({ name, type: 'TXT' }))
  const probe = at(unlikelyLabel(scope.domain))
  const wildcard = lookUp(probe)
  const ask = async (wanted: Wanted): Promise<Selector> => {
    const name = at(wanted.selector)
    const [answer, everywhere] = await Promise.all([lookUp(name), wildcard])
    return { name, ...wanted, answer, exists: isPublished(wanted, answer, everywhere) }
  }

  const signing = signingSelectors(await facts.get('reports'), network.now())
  const inUse = [...new Set([...scope.selectors, ...signing.lately].map(selector => selector.toLowerCase()))]
  const declared = inUse.map(selector => ask({ selector, source: 'declared' }))
  const [{ providers, commonSelectors }, mx, spf] = await Promise.all([loadProviders(), outcome(facts.get('mx')), outcome(facts.get('spf'))])
  const seen = providersOf(providers, {
    mx: 'value' in mx ? mx.value.hosts.map(({ name }) => name) : [],
    spf: 'value' in spf ? [...placesOf(spf.value)].flatMap(({ branch: { kind, target } }) => target !== null && (kind === 'include' || kind === 'redirect') ? [target] : []) : [],
  })
  const asked = new Set(inUse)
  const fresh = ({ selector }: Wanted): boolean => !asked.has(selector) && Boolean(asked.add(selector))
  const guesses = [
    ...signing.before.map((selector): Wanted => ({ selector, source: 'reported' })),
    ...seen.flatMap(({ name, selectors }) => selectors.map((selector): Wanted => ({ selector, source: 'provider', provider: name }))),
  ]
  const selectors = await Promise.all([...declared, ...guesses.filter(fresh).map(ask)])
  if (!selectors.some(({ exists }) => exists)) {
    const common = commonSelectors.map((selector): Wanted => ({ selector, source: 'common' })).filter(fresh)
    selectors.push(...await Promise.all(common.map(ask)))
  }
  const everywhere = await wildcard
  // Nothing was declared and no guess was answered: then it is unknown, not absent, what is published.
  if (declared.length === 0 && 'problem' in everywhere && selectors.every(({ answer }) => 'problem' in answer)) throw new NetworkFailure(everywhere.problem)
  return { selectors, providers: seen, wildcard: { name: probe, answer: everywhere } }
}

/** Mail that was signed within so many milliseconds may still be under way. */
const lately = 8 * 86_400_000
const mostReported = 20

/** Whose signatures held, by what receivers report: in the days before now, and earlier. */
function signingSelectors(reports: ReportsFacts | null, now: Date): { lately: string[]; before: string[] } {
  const own = (reports?.selectors ?? []).filter(({ domain }) => domain === reports?.domain)
  const isLate = ({ last }: { readonly last: string }): boolean => now.getTime() - Date.parse(last) <= lately
  const names = (some: typeof own): string[] => some.slice(0, mostReported).map(({ selector }) => selector)
  return { lately: names(own.filter(isLate)), before: names(own.filter(one => !isLate(one))) }
}

function isPublished({ source }: Wanted, answer: Outcome<Answer<'TXT'>>, wildcard: Outcome<Answer<'TXT'>>): boolean {
  if ('problem' in answer) return false
  const texts = answer.value.records.map(joinedText)
  if (source === 'declared') return texts.length > 0 || answer.value.aliases.length > 0
  if ('value' in wildcard && fingerprint(wildcard.value) === fingerprint(answer.value)) return false
  return answer.value.aliases.length > 0 || texts.some(resemblesDkim)
}

/** What an answer says, whoever asked: for a wildcard the owner name changes with the question, the rest does not. */
function fingerprint({ records, aliases }: Answer<'TXT'>): string {
  return [...aliases.map(({ data }) => data.target), ...records.map(({ text }) => text).toSorted()].join('\n')
}
