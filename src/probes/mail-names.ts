/**
 * The names that mail rests on beside the domain itself, most of them with an underscore (RFC 8552), and what stands at them.
 * An alias (CNAME) must stand alone (RFC 1034 §3.6.2): beside other records it is chance which of them is found. A wildcard
 * (RFC 4592) answers for names that nobody wrote down: a label that nobody chose shows it.
 */
import { outcome, type Answer, type Network, type Outcome } from '../network/network.ts'
import { isWithin, parentName } from '../syntax/name.ts'
import type { DnsRecord } from '../syntax/record.ts'
import { unlikelyLabel } from '../syntax/unlikely-label.ts'
import type { ProbeContext, Subject } from './index.ts'
import { authorities } from './nameservers.ts'

/** Under the domain; the keys are below `_domainkey`. */
const labels = ['_dmarc', '_mta-sts', 'mta-sts', '_smtp._tls', 'autodiscover']
/** Names that are looked at, the domain and its fixed ones included. */
const mostNames = 32

export interface AliasedName extends Subject {
  readonly name: string
  readonly alias: Outcome<Answer<'CNAME'>>
  /** Where there is an alias: what else stands at this very name. */
  readonly beside: readonly DnsRecord[]
}

/** The names used for mail, and their aliases. */
export async function probeAliases(context: ProbeContext): Promise<readonly AliasedName[]> {
  const { network, facts, scope: { domain } } = context
  const [mx, dkim] = await Promise.all([outcome(facts.get('mx')), outcome(facts.get('dkim'))])
  const hosts = 'value' in mx ? mx.value.hosts.map(({ name }) => name) : []
  const selectors = 'value' in dkim ? dkim.value.selectors.filter(({ exists, source }) => exists || source === 'declared').map(({ name }) => name) : []
  const names = [...new Set([domain, ...labels.map(label => `${label}.${domain}`), ...hosts, ...selectors])].slice(0, mostNames)
  return Promise.all(names.map(async name => {
    const alias = await outcome(network.query({ name, type: 'CNAME' }))
    const aliased = 'value' in alias && alias.value.records.length > 0
    return { name, alias, beside: aliased ? await besides(context, name) : [] }
  }))
}

/** Asked of the resolver, which may have only the alias left in its cache, and of the zone's own server. */
async function besides({ network, facts }: ProbeContext, name: string): Promise<DnsRecord[]> {
  const nameservers = await outcome(facts.get('nameservers'))
  const server = 'value' in nameservers && isWithin(name, nameservers.value.zone)
    ? authorities(nameservers.value.hosts, nameservers.value.zone)[0]?.address : undefined
  const types = ['SOA', 'NS', 'A', 'AAAA', 'MX', 'TXT'] as const
  const answers = await Promise.all(types.flatMap(type => [
    outcome<Answer>(network.query({ name, type })), ...(server === undefined ? [] : [outcome<Answer>(network.query({ name, type, server }))]),
  ]))
  const records = answers.flatMap(answer => 'value' in answer && answer.value.aliases.length === 0 ? answer.value.records : [])
  return [...new Map(records.filter(record => record.name === name).map(record => [`${record.type} ${record.text}`, record])).values()]
}

export interface WildcardProbe extends Subject {
  /** The name that nobody chose. */
  readonly name: string
  readonly answer: Outcome<Answer<'TXT'>>
  /** The wildcard that answers, `*.example.com`; null when none does, or none can be found. */
  readonly wildcard: string | null
}

export async function probeWildcards({ network, scope: { domain } }: ProbeContext): Promise<readonly WildcardProbe[]> {
  return Promise.all(['_domainkey', '_dmarc', '_mta-sts', '_smtp._tls'].map(async label => {
    const name = `${unlikelyLabel(domain)}.${label}.${domain}`
    const answer = await outcome(network.query({ name, type: 'TXT' }))
    const answered = 'value' in answer && answer.value.records.length > 0 ? answer.value : null
    return { name, answer, wildcard: answered && await wildcardAbove(network, answered, domain) }
  }))
}

/**
 * A wildcard can be asked for by its own name (RFC 4592 §2.1.1). From the top, because one that stands higher answers for the
 * names of those below it, too.
 */
async function wildcardAbove(network: Network, { question, records, aliases }: Answer<'TXT'>, domain: string): Promise<string | null> {
  const parents: string[] = []
  for (let parent = parentName(question.name); isWithin(parent, domain); parent = parentName(parent)) parents.unshift(parent)
  for (const parent of parents) {
    const answer = await outcome(network.query({ name: `*.${parent}`, type: 'TXT' }))
    if ('value' in answer && saying(answer.value) === saying({ records, aliases })) return `*.${parent}`
  }
  return null
}

function saying({ records, aliases }: Pick<Answer, 'records' | 'aliases'>): string {
  return [...aliases, ...records].map(({ text }) => text).join('\n')
}
