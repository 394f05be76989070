/** Works out what the planned records mean for senders and receivers, from both reports and what differs in the DNS. */
import { formatRange, sizeOf, union, type AddressSet, type Family } from '../evaluate/address-set.ts'
import { compareSpf, type SpfChange } from '../evaluate/spf-compare.ts'
import type { SpfSets } from '../evaluate/spf-set.ts'
import { senderStates } from '../report/alignment.ts'
import type { Report } from '../report/report.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'
import { isSpf, parseSpf } from '../syntax/spf.ts'
import type { Difference } from './difference.ts'
import type { AddressesChanged, AlignmentMeaning, DanglingMeaning, PlanMeaning, SelectorMeaning, SpfMeaning, UncoveredMeaning } from './meaning.ts'
import type { Change, PlannedPlace } from './plan.ts'
import type { Ask } from './settle.ts'

export interface MeaningInput {
  readonly domain: string
  readonly before: Report
  readonly after: Report
  readonly changes: readonly Change[]
  readonly differences: readonly Difference[]
  readonly spf: { readonly before: SpfSets; readonly after: SpfSets; readonly causes: readonly PlannedPlace[] } | null
  /** Every record that was seen with the plan in place. */
  readonly seen: readonly DnsRecord[]
  readonly askBefore: Ask
  readonly askAfter: Ask
}

export async function meaningOf(input: MeaningInput): Promise<PlanMeaning> {
  return {
    spf: input.spf && spfMeaning(input.spf),
    alignment: alignmentMeaning(input),
    uncovered: uncoveredMeaning(input),
    selectors: selectorMeaning(input),
    dangling: await danglingMeaning(input),
  }
}

function spfMeaning({ before, after, causes }: NonNullable<MeaningInput['spf']>): SpfMeaning | null {
  const changes = compareSpf(before, after)
  const gained = changes.filter(({ to }) => to === 'pass')
  const lost = changes.filter(({ from }) => from === 'pass')
  const old = new Set([...before.problems, ...before.apart.map(saying)])
  const doubts = [...after.problems, ...after.apart.map(saying), ...after.cut === null ? [] : [after.cut]].filter(text => !old.has(text))
  if (gained.length + lost.length + doubts.length === 0) return null
  return { gained: sidesOf(gained), lost: sidesOf(lost), doubts: [...new Set(doubts)], causes }
}

function saying({ domain, term, on }: SpfSets['apart'][number]): string {
  return `${term}${domain === null ? '' : ` in ${domain}`} depends on ${on}`
}

function sidesOf(changes: readonly SpfChange[]): SpfMeaning['gained'] {
  const side = (family: Family): AddressesChanged => {
    const set: AddressSet = union(...changes.map(({ sets }) => sets[family]))
    return { addresses: String(sizeOf(set)), ranges: set.map(range => formatRange(range, family)) }
  }
  return { ipv4: side(4), ipv6: side(6) }
}

function alignmentMeaning({ domain, before, after, differences }: MeaningInput): AlignmentMeaning[] {
  const old = new Map(senderStates(domain, before).map(state => [state.sender, state]))
  const causes = differences.filter(({ type }) => type === 'TXT').flatMap(({ places }) => places)
  return senderStates(domain, after).flatMap(({ sender, aligned, because }): AlignmentMeaning[] => {
    const was = old.get(sender)
    return was && was.aligned !== aligned ? [{ sender, before: was.aligned, after: aligned, because, causes }] : []
  })
}

const coverage: Readonly<Record<string, UncoveredMeaning['by']>> = {
  'mta-sts/mx-covered': 'mta-sts', 'dane/tlsa-matches': 'tlsa', 'dane/every-host-covered': 'tlsa',
}

function uncoveredMeaning({ after, changes, differences }: MeaningInput): UncoveredMeaning[] {
  const hosts = new Set(mxHostsOf(after))
  const failing = changes.filter(({ kind, finding }) => kind === 'appeared' && finding.check in coverage).map(({ finding, causes }): UncoveredMeaning => (
    { host: finding.subject, by: coverage[finding.check] ?? 'tlsa', detail: finding.message, causes }))
  const stripped = differences.flatMap(({ name, type, before, after: will, places }): UncoveredMeaning[] => {
    const host = type === 'TLSA' ? /^_25\._tcp\.(.*)$/.exec(name)?.[1] : undefined
    if (host === undefined || !hosts.has(host) || !before || before.length === 0 || will?.length !== 0) return []
    return [{ host, by: 'tlsa', detail: `${host} loses its TLSA records: senders no longer insist on its certificate`, causes: places }]
  })
  return [...failing, ...stripped]
}

function mxHostsOf({ facts }: Report): string[] {
  const { mx } = facts as { mx?: { hosts?: readonly { name: string }[] } }
  return (mx?.hosts ?? []).map(({ name }) => name)
}

function selectorMeaning({ domain, differences }: MeaningInput): SelectorMeaning[] {
  const own = `._domainkey.${domain}`
  return differences.flatMap(({ name, type, before, after, places }): SelectorMeaning[] => {
    if (!name.endsWith(own) || (type !== 'TXT' && type !== 'CNAME') || !before || !after) return []
    const change = before.length === 0 ? 'appears' : after.length === 0 ? 'vanishes' : 'changes'
    return [{ name, change, causes: places }]
  })
}

/** Names that are looked up for this at most. */
const mostTargets = 200

async function danglingMeaning({ seen, differences, askBefore, askAfter }: MeaningInput): Promise<DanglingMeaning[]> {
  // Only what the plan takes something from can be left empty by it.
  const emptied = new Map(differences.filter(({ after }) => after?.length === 0).map(difference => [difference.name, difference]))
  if (emptied.size === 0) return []
  const pointers = [...new Map(seen.flatMap(pointersOf).filter(({ target }) => emptied.has(target)).map(pointer => [`${pointer.record.name} ${pointer.record.text} ${pointer.target}`, pointer])).values()]
  const found = await Promise.all(pointers.slice(0, mostTargets).map(async ({ record, target, types }): Promise<DanglingMeaning[]> => {
    const has = async (ask: Ask): Promise<boolean | null> => {
      const answers = await Promise.all(types.map(type => ask({ name: target, type })))
      if (answers.some(answer => 'value' in answer && answer.value.records.length > 0)) return true
      return answers.some(answer => 'problem' in answer) ? null : false
    }
    if (await has(askBefore) !== true || await has(askAfter) !== false) return []
    return [{ name: record.name, type: record.type, text: record.text, target, causes: emptied.get(target)?.places ?? [] }]
  }))
  return found.flat().toSorted((a, b) => (`${a.name} ${a.text}` < `${b.name} ${b.text}` ? -1 : 1))
}

interface Pointer {
  readonly record: DnsRecord
  readonly target: string
  /** What has to be there. */
  readonly types: readonly ('A' | 'AAAA' | 'TXT' | 'MX')[]
}

function pointersOf(record: DnsRecord): Pointer[] {
  const to = (target: string, types: Pointer['types'] = ['A', 'AAAA']): Pointer => ({ record, target: target.toLowerCase(), types })
  switch (record.type) {
    case 'MX': return [to((record as DnsRecord<'MX'>).data.exchange)]
    case 'SRV': return [to((record as DnsRecord<'SRV'>).data.target)]
    case 'NS': return [to((record as DnsRecord<'NS'>).data.host)]
    case 'CNAME': return [to((record as DnsRecord<'CNAME'>).data.target, record.name.includes('_') ? ['TXT'] : ['A', 'AAAA'])]
    case 'TXT': {
      const text = joinedText(record as DnsRecord<'TXT'>)
      if (!isSpf(text)) return []
      return parseSpf(text).terms.flatMap(({ text: term }): Pointer[] => {
        const [, kind = '', name = ''] = /^[+?~-]?(include|redirect|a|mx)[:=]([^/%]+)/i.exec(term) ?? []
        if (name === '') return []
        return [to(name.replace(/\.$/, ''), kind.toLowerCase() === 'a' ? ['A', 'AAAA'] : kind.toLowerCase() === 'mx' ? ['MX'] : ['TXT'])]
      })
    }
    default: return []
  }
}
