/**
 * The records that cure what fails, from the remedies of a report. A remedy speaks of the records that it changes; a server
 * holds RRsets. So each is laid over the RRset as it is, several of one RRset are made into one, and what contradicts is refused.
 */
import { rankOf, type ReportedFinding } from '../report/report.ts'
import { isWithin } from '../syntax/name.ts'
import { joinedText, makeRecord, type DnsRecord, type RecordType } from '../syntax/record.ts'
import { parseZone } from '../syntax/zone.ts'
import { kindOf, mergeTexts } from './merge-text.ts'

export interface Proposal {
  readonly finding: ReportedFinding
  readonly set: readonly DnsRecord[]
  readonly remove: readonly DnsRecord[]
}

/** A finding that has records to cure it, and why they are not among those to publish. */
export interface Refusal {
  readonly finding: ReportedFinding
  /** `contradicts`: what another remedy does. `elsewhere`: in a zone of somebody else. `unsettled`: see the words. */
  readonly kind: 'contradicts' | 'elsewhere' | 'unsettled'
  readonly because: string
  readonly proposal: Proposal | null
}

export interface FixedSet {
  readonly name: string
  readonly type: RecordType
  readonly ttl: number
  readonly before: readonly DnsRecord[]
  /** What the RRset is to hold; empty when it is to go. */
  readonly records: readonly DnsRecord[]
  readonly cures: readonly ReportedFinding[]
}

/** An RRset as it is, or why that is not known. */
export type LiveSet = { readonly records: readonly DnsRecord[]; readonly alias: boolean } | { readonly problem: string }

/** Records that only announce what has to be there before them. */
const needsFirst: Readonly<Record<string, string>> = Object.fromEntries(['record-exists', 'mx-covered', 'enforced', 'policy-valid'].map(claim =>
  [`mta-sts/${claim}`, 'the policy file comes first, and then the record that announces it']))

/** The remedies of what fails that are records of the domain; gravest first, because it has the first word. */
export function proposalsOf(findings: readonly ReportedFinding[], domain: string): { proposals: Proposal[]; refused: Refusal[] } {
  const proposals: Proposal[] = []
  const refused: Refusal[] = []
  const failed = findings.filter(({ verdict, remedy }) => verdict === 'fail' && remedy?.records)
  for (const finding of failed.toSorted((a, b) => rankOf(a.severity) - rankOf(b.severity))) {
    const set = read(finding.remedy?.records?.set)
    const remove = read(finding.remedy?.records?.remove)
    if (!set || !remove || set.length + remove.length === 0) continue
    const proposal = { finding, set, remove }
    const first = needsFirst[finding.check]
    if (first !== undefined) {
      refused.push({ finding, kind: 'unsettled', because: first, proposal })
      continue
    }
    const foreign = [...set, ...remove].find(({ name }) => !isWithin(name, domain))
    if (foreign) refused.push({ finding, kind: 'elsewhere', because: `${foreign.name} is not a name of ${domain}: whoever has that zone publishes it`, proposal })
    else proposals.push(proposal)
  }
  return { proposals, refused }
}

function read(lines: readonly string[] = []): DnsRecord[] | null {
  const zones = lines.map(line => parseZone(line))
  return zones.some(({ errors, records }) => errors.length > 0 || records.length !== 1) ? null : zones.flatMap(({ records }) => records)
}

export function setKey(name: string, type: RecordType): string {
  return `${name} ${type}`
}

/** Every RRset that a proposal is about. */
export function setsConcerned(proposals: readonly Proposal[]): { name: string; type: RecordType }[] {
  const all = new Map(proposals.flatMap(({ set, remove }) => [...set, ...remove]).map(({ name, type }) => [setKey(name, type), { name, type }]))
  return [...all.values()]
}

/** The RRsets as they are to be. `live` has an entry for each of `setsConcerned`. */
export function fixedSets(proposals: readonly Proposal[], live: ReadonlyMap<string, LiveSet>): { sets: FixedSet[]; refused: Refusal[] } {
  let left = proposals
  const refused: Refusal[] = []
  for (;;) {
    const attempt = layOver(left, live)
    if ('sets' in attempt) return { sets: attempt.sets.filter(changes), refused }
    refused.push(attempt)
    left = left.filter(({ finding }) => finding !== attempt.finding)
  }
}

function layOver(proposals: readonly Proposal[], live: ReadonlyMap<string, LiveSet>): { sets: FixedSet[] } | Refusal {
  const sets = new Map<string, Draft>()
  for (const proposal of proposals) {
    for (const { name, type } of setsConcerned([proposal])) {
      const key = setKey(name, type)
      const known = live.get(key)
      if (!known || 'problem' in known) return refuse(proposal, 'unsettled', `what stands at ${name} ${type} could not be asked: ${known?.problem ?? ''}`)
      if (known.alias) return refuse(proposal, 'unsettled', `${name} is an alias: the record belongs where it leads to`)
      const draft: Draft = sets.get(key) ?? { name, type, before: known.records, records: [...known.records], changed: new Map(), added: [], removed: new Set(), cures: [] }
      sets.set(key, draft)
      const rival = type === 'TXT' ? changeTexts(draft, proposal) : changeRecords(draft, proposal)
      if (rival !== null) return refuse(proposal, 'contradicts', rival)
      draft.cures.push(proposal.finding)
    }
  }
  return {
    sets: [...sets.values()].map(({ name, type, before, records, cures }) => ({ name, type, before, records, cures, ttl: before[0]?.ttl ?? 3600 })),
  }
}

function refuse(proposal: Proposal, kind: Refusal['kind'], because: string): Refusal {
  return { finding: proposal.finding, kind, because, proposal }
}

function changes({ before, records }: FixedSet): boolean {
  return before.map(({ text }) => text).toSorted().join('\n') !== records.map(({ text }) => text).toSorted().join('\n')
}

interface Draft {
  readonly name: string
  readonly type: RecordType
  readonly before: readonly DnsRecord[]
  records: DnsRecord[]
  /** By the text of a live record: what it is to become, null when it is to go. */
  readonly changed: Map<string, string | null>
  /** Records that stand for none of the live ones. */
  readonly added: string[]
  readonly removed: Set<string>
  readonly cures: ReportedFinding[]
}

/** Null when it is done; else with what it contradicts. */
function changeTexts(draft: Draft, { set, remove }: Proposal): string | null {
  const own = (records: readonly DnsRecord[]): string[] => records.filter(({ name, type }) => name === draft.name && type === draft.type).map(record => joinedText(record as DnsRecord<'TXT'>))
  const present = draft.before.map(record => joinedText(record as DnsRecord<'TXT'>))
  const going = new Set(own(remove).filter(text => present.includes(text)))
  const changed = new Map(draft.changed)
  const added = [...draft.added]
  for (const text of own(set)) {
    const kind = kindOf(text)
    const kin = present.filter(other => kind !== null && kindOf(other) === kind)
    const replaced = kin.filter(other => going.has(other))
    const bases = replaced.length > 0 ? replaced : kin.filter(other => other !== text)
    const [base] = bases
    if (base === undefined) {
      if (present.includes(text) || added.includes(text)) continue
      if (kind !== null && added.some(other => kindOf(other) === kind)) return another(draft)
      added.push(text)
      continue
    }
    for (const other of bases) {
      going.delete(other)
      const before = changed.get(other)
      if (bases.length > 1) { // several become one: whoever wants one of them to be something else means something else
        if (before !== undefined) return another(draft)
        changed.set(other, other === base && !present.includes(text) ? text : null)
        continue
      }
      if (before === null) return another(draft)
      const merged = before === undefined ? text : mergeTexts(other, before, text)
      if (merged === null) return another(draft)
      changed.set(other, merged)
    }
  }
  for (const text of going) {
    if (changed.has(text) && changed.get(text) !== null) return another(draft)
    changed.set(text, null)
  }
  for (const [text, to] of changed) draft.changed.set(text, to)
  draft.added.splice(0, draft.added.length, ...added)
  const { name, before } = draft
  const ttl = before[0]?.ttl ?? 3600
  const text = (value: string): DnsRecord => makeRecord(name, 'TXT', ttl, { strings: value.match(/[^]{1,255}/g) ?? [''] })
  draft.records = [
    ...before.flatMap(record => {
      const to = draft.changed.get(joinedText(record as DnsRecord<'TXT'>))
      return to === undefined ? [record] : to === null ? [] : [text(to)]
    }), ...added.map(text),
  ].filter((record, i, all) => all.findIndex(other => other.text === record.text) === i)
  return null
}

function changeRecords(draft: Draft, { set, remove }: Proposal): string | null {
  const own = (records: readonly DnsRecord[]): DnsRecord[] => records.filter(({ name, type }) => name === draft.name && type === draft.type)
  const [adding, going] = [own(set), own(remove)]
  if (adding.some(({ text }) => draft.removed.has(text)) || going.some(({ text }) => draft.added.includes(text))) return another(draft)
  const alone = (records: readonly { text: string }[]): boolean => draft.type === 'CNAME' || (draft.type === 'MX' && records.some(({ text }) => /^\d+ \.$/.test(text)))
  const others = draft.added.filter(text => !adding.some(record => record.text === text))
  if (adding.length > 0 && others.length > 0 && (alone(adding) || alone(others.map(text => ({ text }))))) return another(draft)
  for (const { text } of going) draft.removed.add(text)
  for (const { text } of adding) if (!draft.added.includes(text)) draft.added.push(text)
  const ttl = draft.before[0]?.ttl ?? 3600
  const kept = adding.length > 0 && alone(adding) ? [] : draft.records.filter(({ text }) => !draft.removed.has(text))
  const fresh = adding.filter(({ text }) => !kept.some(record => record.text === text)).map(({ name, type, data }) => makeRecord(name, type, ttl, data))
  draft.records = [...kept, ...fresh]
  return null
}

function another({ name, type, cures }: Draft): string {
  return `it contradicts what cures ${cures.map(({ check }) => check).join(', ')} at ${name} ${type}`
}
