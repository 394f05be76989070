/** The engine, twice: over the DNS as it is, and over the same answers and dialogues with the planned records in place. */
import { causesIn } from '../change/causes.ts'
import { compareReports } from '../change/compare.ts'
import { differencesOf } from '../change/difference.ts'
import { meaningOf } from '../change/meaning-of.ts'
import { stepsOf } from '../change/order.ts'
import type { PlanReport } from '../change/plan.ts'
import type { Ask, Plan } from '../change/settle.ts'
import type { Config } from '../config.ts'
import { spfSets } from '../evaluate/spf-set.ts'
import { check, createSessions, drive, makeScope, type Check, type RunEvent, type Report, type ScopeFlags } from '../index.ts'
import { limit } from '../network/limit.ts'
import type { Network } from '../network/network.ts'
import { overlay } from '../network/overlay.ts'
import type { Scope } from '../scope.ts'
import { isWithin } from '../syntax/name.ts'
import type { DnsRecord } from '../syntax/record.ts'
import { asking } from './planned-records.ts'

export interface PlanOptions {
  /** The live network, which remembers its answers. */
  readonly network: Network
  /** Of a scope, what is to be checked: as it was recorded, say. */
  readonly scoped?: (scope: Scope) => Scope
  readonly checks: readonly Check[]
  readonly config: Config | null
  readonly flags: ScopeFlags
  readonly signal?: AbortSignal
  /** Milliseconds for the checks; what comes after them mostly knows already what it asks. */
  readonly deadline: number
  readonly onEvent?: (event: RunEvent) => void
}

/** What is looked at beside what the run itself came across. */
const mostLookups = 300

export async function makePlan(input: { readonly domain: string; readonly shownAs: string }, plan: Plan, options: PlanOptions): Promise<PlanReport> {
  const { network, scoped = (scope: Scope) => scope, checks, config, flags, signal, deadline, onEvent } = options
  const { domain } = input
  const changed = new Set<string>()
  const seen: DnsRecord[] = []
  const after = noticing(overlay(network, plan, (name, type) => changed.add(`${name} ${type}`)), records => seen.push(...records))
  const sessions = createSessions()
  const selectors = selectorsIn(plan, domain)
  const own = scoped(makeScope(flags, config, input))
  const withSelectors = (planned: readonly string[]): Scope => ({ ...own, selectors: [...new Set([...own.selectors, ...planned])] })
  const run = (live: Network, planned: readonly string[]): Promise<Report> =>
    check(withSelectors(planned), {
      network: live, sessions, checks, deadline, ...signal ? { signal } : {}, ...onEvent ? { onEvent } : {},
    })
  const present = await presentSelectors(selectors, network, domain)
  const [before, then] = await Promise.all([run(network, present.filter(name => selectors.get(name) !== 'removed')), run(after, [...selectors].filter(([, fate]) => fate === 'set').map(([name]) => name))])

  const bounded = { deadline: Math.min(deadline, 20_000), ...signal ? { signal } : {} }
  const [askBefore, askAfter] = [asking(limit(network, bounded)), asking(limit(after, bounded))]
  const causesOf = causesIn(plan, changed, plan.complete && plan.complete.length > 0 ? absentPlace(plan) : null)
  const { changes, undecided } = compareReports(before, then, causesOf)
  const keys = [...changed, ...keysOfMail(plan, domain), ...selectorKeys(before)].slice(0, mostLookups)
  const differences = await differencesOf(keys, key => {
    const [name = '', type = ''] = key.split(' ')
    return plan.places.get(key) ?? (plan.complete?.some(zone => isWithin(name, zone)) ? [{ ...absentPlace(plan), name, type }] : [])
  }, askBefore, askAfter, zoneAsk(before, network))
  const spf = await spfBoth(domain, network, after, bounded)
  const meaning = await meaningOf({
    domain, before, after: then, changes, differences, seen, askBefore, askAfter,
    spf: spf && { ...spf, causes: differences.filter(({ name, type }) => spf.asked.has(`${name} ${type}`)).flatMap(({ places }) => places) },
  })
  const idle = changed.size + differences.length + changes.length + undecided.length === 0 ? idleBecause(plan, domain) : null
  const notes = idle === null ? plan.notes : [...plan.notes, { place: { ...absentPlace(plan), name: domain }, message: idle }]
  return { domain, before, after: then, changes, undecided, meaning, steps: stepsOf({ domain, before, differences, spf: meaning.spf }), sources: plan.sources, notes, idle }
}

/** An empty file, or one of another domain, is a mistake that must not look like a change without consequences. */
function idleBecause({ sets, sources, complete }: Plan, domain: string): string {
  const files = sources.map(({ file }) => file).join(', ')
  if (sets.length === 0 && !complete?.length) return `the plan changes nothing: there is no record in ${files}`
  if (!sets.some(({ name }) => isWithin(name, domain))) return `the plan changes nothing: ${files} has no record of ${domain}, and nothing that was asked depends on the others`
  return `the plan changes nothing that was looked at: what ${files} says of ${domain} is there already, or no check asked for it`
}

/** Of selectors that the plan speaks of, which it sets and which it removes. */
function selectorsIn({ sets }: Plan, domain: string): Map<string, 'set' | 'removed'> {
  const own = `._domainkey.${domain}`
  return new Map(sets.filter(({ name, type }) => name.endsWith(own) && (type === 'TXT' || type === 'CNAME'))
    .map(({ name, records }) => [name.slice(0, -own.length), records?.length === 0 ? 'removed' : 'set']))
}

/** A selector that the plan brings is not missing before it. */
async function presentSelectors(selectors: ReadonlyMap<string, unknown>, network: Network, domain: string): Promise<string[]> {
  const ask = asking(network)
  const found = await Promise.all([...selectors.keys()].slice(0, mostLookups).map(async selector => {
    const answer = await ask({ name: `${selector}._domainkey.${domain}`, type: 'TXT' })
    return 'value' in answer && answer.value.records.length > 0 ? [selector] : []
  }))
  return found.flat()
}

/** RRsets of the plan that a run may not have come across, and that say something of mail all the same. */
function keysOfMail({ sets }: Plan, domain: string): string[] {
  return sets.filter(({ name, type, records }) => isWithin(name, domain) && (records?.length === 0 || type === 'TLSA' || type === 'MX' || type === 'DS' || name.includes('_domainkey') || name.startsWith('_dmarc.') || name.startsWith('_mta-sts.')))
    .map(({ name, type }) => `${name} ${type}`)
}

/** Selectors that were found in use: a whole zone may lack them. */
function selectorKeys({ facts }: Report): string[] {
  const { dkim } = facts as { dkim?: { selectors?: readonly { name: string; exists: boolean }[] } }
  return (dkim?.selectors ?? []).filter(({ exists }) => exists).map(({ name }) => `${name} TXT`)
}

/** A name server of the domain's zone that answered in this run. */
function zoneAsk({ facts }: Report, network: Network): Ask | null {
  const { nameservers } = facts as { nameservers?: { zone?: string; hosts?: readonly { servers: readonly { address: string; soa: object }[] }[] } }
  const server = nameservers?.hosts?.flatMap(({ servers }) => servers).find(({ soa }) => 'value' in soa)?.address
  const zone = nameservers?.zone
  if (server === undefined || zone === undefined) return null
  const ask = asking(network)
  return question => isWithin(question.name, zone) ? ask({ ...question, server })
    : Promise.resolve({ problem: { event: 'unavailable', reason: 'not-recorded', detail: `${question.name} is not in ${zone}` } })
}

async function spfBoth(domain: string, live: Network, planned: Network, bounds: Parameters<typeof limit>[1]) {
  const asked = new Set<string>()
  const [before, after] = await Promise.all([live, planned].map(network => {
    const bounded = limit(network, bounds)
    const noting: Network = { ...bounded, query: question => (asked.add(`${question.name} ${question.type}`), bounded.query(question)) }
    return drive(spfSets({ domain }), noting)
  }))
  return before && after ? { before, after, asked } : null
}

function absentPlace({ sources, places }: Plan): { file: string; line: number; column: number; name: string; type: string } {
  const [file = ''] = sources.map(source => source.file)
  const first = [...places.values()].flat().find(place => place.file === file)
  return { file, line: first?.line ?? 1, column: first?.column ?? 1, name: '', type: '' }
}

/** Network -> Network that hands over every record that was answered. */
function noticing(network: Network, onRecords: (records: readonly DnsRecord[]) => void): Network {
  return {
    ...network,
    query: async question => {
      const answer = await network.query(question)
      onRecords([...answer.aliases, ...answer.records])
      return answer
    },
  }
}
