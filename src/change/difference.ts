/** RRset by RRset, what the plan changes: what is there now and for how long others may remember it, and what will be. */
import type { Outcome, Answer } from '../network/network.ts'
import type { DnsRecord, RecordType } from '../syntax/record.ts'
import type { PlannedPlace } from './plan.ts'
import type { Ask } from './settle.ts'

export interface Difference {
  readonly name: string
  readonly type: RecordType
  /** Null: not answered. */
  readonly before: readonly DnsRecord[] | null
  readonly after: readonly DnsRecord[] | null
  /** Seconds for which caches may hold what is there now, or that nothing is there. */
  readonly ttl: number
  readonly places: readonly PlannedPlace[]
}

/** Where nobody says how long. */
const usualTtl = 3600

/** `askZone` asks a name server of the zone itself, which shows whole TTLs; null where none is known. */
export async function differencesOf(
  keys: Iterable<string>, placesOf: (key: string) => readonly PlannedPlace[], askBefore: Ask, askAfter: Ask, askZone: Ask | null,
): Promise<Difference[]> {
  const all = await Promise.all([...new Set(keys)].map(async (key): Promise<Difference | null> => {
    const [name, type] = key.split(' ') as [string, RecordType]
    const [before, after, whole] = await Promise.all([askBefore({ name, type }), askAfter({ name, type }), askZone ? askZone({ name, type }) : null])
    const [was, will] = [recordsOf(before), recordsOf(after)]
    if (was && will && textsOf(was) === textsOf(will)) return null
    return { name, type, before: was, after: will, ttl: Math.max(ttlOf(before), whole ? ttlOf(whole) : 0) || usualTtl, places: placesOf(key) }
  }))
  return all.filter(one => one !== null)
}

function recordsOf(answer: Outcome<Answer>): readonly DnsRecord[] | null {
  return 'problem' in answer ? null : answer.value.aliases.length > 0 ? answer.value.aliases.slice(0, 1) : answer.value.records
}

function textsOf(records: readonly DnsRecord[]): string {
  return records.map(({ type, text }) => `${type} ${text}`).toSorted().join('\n')
}

/** Of a denial, the negative TTL (RFC 2308 §5). */
function ttlOf(answer: Outcome<Answer>): number {
  if ('problem' in answer) return 0
  const { records, aliases, authority } = answer.value
  const ttls = [...aliases, ...records].map(({ ttl }) => ttl)
  if (ttls.length > 0) return Math.max(...ttls)
  const soa = authority.find((record): record is DnsRecord<'SOA'> => record.type === 'SOA')
  return soa ? Math.min(soa.ttl, soa.data.minimum) : 0
}
