/** Which CAA records apply to a name: those of the nearest name, from itself upwards, that has any (RFC 8659 §3). */
import type { CaaLookup } from '../probes/caa.ts'
import type { DnsRecord } from '../syntax/record.ts'
import { unknownBecause, type Unknown } from './define.ts'

export interface RelevantCaa {
  readonly name: string
  readonly records: readonly DnsRecord<'CAA'>[]
}

/** Null when there are none up to the root. A lookup that failed on the way may have hidden the ones that apply. */
export function relevantCaa(lookups: readonly CaaLookup[]): RelevantCaa | Unknown | null {
  for (const { name, answer } of lookups) {
    if ('problem' in answer) return unknownBecause(answer.problem)
    if (answer.value.records.length > 0) return { name, records: answer.value.records }
  }
  return null
}
