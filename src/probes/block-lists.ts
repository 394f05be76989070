/**
 * DNS block lists (RFC 5782): an A record under the list's zone, at the address backwards or at the domain, says that it is
 * listed, and a TXT record there why. Whether a list is to be believed its test points tell (§5), and they are asked first.
 */
import { loadBlockLists, type BlockList } from '../data/lists.ts'
import { loadProviders, providersOf } from '../data/providers.ts'
import { healthOf, readListing, type TestPoints } from '../evaluate/block-list.ts'
import { outcome, type Answer, type Network, type Outcome, type Question } from '../network/network.ts'
import { isIPv6 } from 'node:net'
import { reversedLabels } from '../syntax/reverse-name.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { SendingAddress } from './senders.ts'

/** A list that is asked: one of those that come along, or one of the configuration's. */
export interface AskedList extends Pick<BlockList, 'id' | 'name' | 'kind' | 'families' | 'codes' | 'bits' | 'ignored' | 'refusals' | 'tested' | 'page'> {
  /** With `***` in place of a key. */
  readonly zone: string
  readonly tests: { readonly v4?: TestPoints; readonly v6?: TestPoints; readonly domain?: TestPoints }
}

export interface Listing {
  readonly list: AskedList
  readonly answer: Outcome<Answer<'A'>>
  /** Asked where something is listed. */
  readonly reasons: Outcome<Answer<'TXT'>> | null
}

export interface AddressListings extends Subject {
  /** The mail provider whose customers share the address; null where it is nobody’s that is known. */
  readonly provider: string | null
  readonly listings: readonly Listing[]
}

/** What is asked of a list, its key kept apart. */
interface Source { readonly list: Omit<AskedList, 'tests'>; readonly secret?: string }

export async function probeBlockLists(context: ProbeContext): Promise<readonly AskedList[]> {
  const { network } = context
  return Promise.all((await sourcesOf(context)).map(async source => {
    const { list } = source
    const test = async (listed: readonly string[], unlisted: string): Promise<TestPoints> => {
      const [none, ...some] = await Promise.all([unlisted, ...listed].map(label => outcome(network.query(question(source, label, 'A')))))
      return { listed: some, unlisted: none as Outcome<Answer<'A'>> }
    }
    const families = list.families ?? [4]
    const [v4, v6, domain] = await Promise.all([
      list.kind === 'address' && families.includes(4) ? test([reversedLabels('127.0.0.2') ?? ''], reversedLabels('127.0.0.1') ?? '') : null,
      list.kind === 'address' && families.includes(6) ? test([reversedLabels('::ffff:127.0.0.2') ?? ''], reversedLabels('::ffff:127.0.0.1') ?? '') : null,
      list.kind === 'domain' ? test(['test', ...list.tested ?? []], 'invalid') : null,
    ])
    return { ...list, tests: { ...(v4 ? { v4 } : {}), ...(v6 ? { v6 } : {}), ...(domain ? { domain } : {}) } }
  }))
}

export async function probeAddressListings(context: ProbeContext, { name: address, host }: SendingAddress): Promise<AddressListings> {
  const [lists, { providers }] = await Promise.all([context.facts.get('blockLists'), loadProviders()])
  const [provider] = providersOf(providers, { mx: host === null ? [] : [host], spf: [] })
  const family = isIPv6(address) ? 'v6' : 'v4'
  const labels = reversedLabels(address)
  const usable = labels === null || provider ? [] : lists.filter(({ tests }) => tests[family])
  return { name: address, provider: provider?.name ?? null, listings: await ask(context, usable, family, labels ?? '') }
}

export async function probeDomainListings(context: ProbeContext): Promise<readonly Listing[]> {
  const [lists, { organizationalDomain }] = await Promise.all([context.facts.get('blockLists'), import('../syntax/organizational-domain.ts')])
  return ask(context, lists.filter(({ tests }) => tests.domain), 'domain', organizationalDomain(context.scope.domain))
}

/** Only lists that pass their test are asked: of the others the answer would say nothing. */
async function ask(context: ProbeContext, lists: readonly AskedList[], kind: keyof AskedList['tests'], labels: string): Promise<readonly Listing[]> {
  const sources = await sourcesOf(context)
  return Promise.all(lists.flatMap(list => {
    const tests = list.tests[kind]
    const source = sources.find(one => one.list.id === list.id)
    return tests && source && healthOf(list, tests).state === 'healthy' ? [look(context.network, list, source, labels)] : []
  }))
}

async function look(network: Network, list: AskedList, source: Source, labels: string): Promise<Listing> {
  const answer = await outcome(network.query(question(source, labels, 'A')))
  const listed = 'value' in answer && readListing(list, answer.value).listed.length > 0
  return { list, answer, reasons: listed ? await outcome(network.query(question(source, labels, 'TXT'))) : null }
}

function question<T extends 'A' | 'TXT'>({ list, secret }: Source, labels: string, type: T): Question<T> {
  return { name: `${labels}.${list.zone}`, type, ...(secret === undefined ? {} : { secret }) }
}

async function sourcesOf({ scope }: ProbeContext): Promise<readonly Source[]> {
  const settings = new Map((scope.lists ?? []).map(setting => [setting.id, setting]))
  const { lists } = await loadBlockLists()
  const shipped = lists.flatMap((list): Source[] => {
    const setting = settings.get(list.id)
    if (setting ? setting.off : !list.enabled) return []
    const { keyZone } = list
    const secret = setting?.key?.()
    return [secret !== undefined && keyZone !== undefined ? { list: { ...list, zone: keyZone.replace('KEY', '***') }, secret } : { list }]
  })
  const own = (scope.lists ?? []).flatMap(({ id, off, zone, key, ...rest }): Source[] => {
    if (off || zone === undefined || lists.some(list => list.id === id)) return []
    const { kind = 'address', families = [4, 6], codes = {}, page = '' } = rest
    const secret = key?.()
    const masked = secret === undefined ? zone : zone.replace('KEY', '***')
    return [{ list: { id, name: id, zone: masked, kind, families, codes, page }, ...(secret === undefined ? {} : { secret }) }]
  })
  return [...shipped, ...own]
}
