/** Which selectors the checks of DKIM keys judge, and what stands at them. */
import type { DkimFacts, Selector } from '../probes/dkim.ts'
import { parseDkim, resemblesDkim, type DkimRecord } from '../syntax/dkim.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'
import { formatTags } from '../syntax/tags.ts'
import { skip, unknownBecause, type Evidence, type Remedy, type Skip, type Unknown } from './define.ts'
import { octetSeen, recordSeen } from './evidence.ts'
import { txtLine } from './publish.ts'

/** Declared selectors, whose keys are in use, and guessed ones at which a key was found. Nothing else is anybody's promise. */
export function keySelectors({ dkim }: { readonly dkim: DkimFacts }): readonly Selector[] {
  return dkim.selectors.filter(({ source, exists, answer }) =>
    source === 'declared' ? 'problem' in answer || answer.value.records.length > 0 : exists && keyRecords(answer).length > 0)
}

export const noKey = 'no DKIM key is known'

/** What a selector publishes, aliases followed. */
export function keyRecords(answer: Selector['answer']): readonly DnsRecord<'TXT'>[] {
  return 'value' in answer ? answer.value.records : []
}

/** The one key record of a selector, or why there is none to judge. */
export function keyOf({ answer }: Selector): { readonly key: DkimRecord; readonly text: string; readonly seen: (at?: number) => Evidence } | Skip | Unknown {
  if ('problem' in answer) return unknownBecause(answer.problem)
  const records = keyRecords(answer)
  const [record, second] = records
  if (record === undefined) return skip('there is no key')
  if (second !== undefined) return skip('there are several records, and no telling which is the key')
  const text = joinedText(record)
  return { key: parseDkim(text), text, seen: at => at === undefined ? recordSeen(record) : octetSeen(record, at) }
}

/** A tag of the key record, pointed at; the record, when the tag is not there. */
export function tagSeen({ key, seen }: { readonly key: DkimRecord; readonly seen: (at?: number) => Evidence }, name: string): Evidence {
  return seen(key.tags.find(tag => tag.name === name)?.at)
}

/** The records that give a selector's key other tags; none behind an alias, where somebody else publishes. */
export function withTags(selector: Selector, change: (tags: DkimRecord['tags']) => readonly Pick<DkimRecord['tags'][number], 'name' | 'value'>[]): Pick<Remedy, 'records'> {
  const { name, answer } = selector
  const published = keyOf(selector)
  if ('verdict' in published || ('value' in answer && answer.value.aliases.length > 0)) return {}
  const { key, text } = published
  return { records: { set: [txtLine(name, formatTags(change(key.tags)))], remove: [txtLine(name, text)] } }
}

/** The selector's RSA key, or why there is none to measure. */
export function rsaKeyOf(selector: Selector): { readonly bits: number; readonly seen: Evidence } | Skip | Unknown {
  const published = keyOf(selector)
  if ('verdict' in published) return published
  const { key: { key }, seen } = published
  return key?.type === 'rsa' ? { bits: key.bits, seen: seen() } : skip('there is no RSA key')
}

/** Is a key published there that could verify something: not revoked, and not merely a broken alias? */
export function isLive({ exists, answer }: Selector): boolean {
  return exists && keyRecords(answer).some(record => {
    const text = joinedText(record)
    return resemblesDkim(text) && !parseDkim(text).revoked
  })
}
