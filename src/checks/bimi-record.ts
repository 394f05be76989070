/** The BIMI record that applies to the domain, or why a check of what it names has nothing to judge. */
import type { BimiFacts } from '../probes/bimi.ts'
import { parseBimi, type BimiRecord } from '../syntax/bimi.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'
import { skip, unknownBecause, type Skip, type Unknown } from './define.ts'

export interface FoundBimi {
  readonly published: DnsRecord<'TXT'>
  readonly record: BimiRecord
}

export function bimiRecord({ asked, records }: BimiFacts): FoundBimi | Skip | Unknown {
  const [published, second] = records
  if (published === undefined) {
    const failed = asked.find(({ answer }) => 'problem' in answer)
    return failed && 'problem' in failed.answer ? unknownBecause(failed.answer.problem) : skip('no BIMI record is published')
  }
  return second === undefined ? { published, record: parseBimi(joinedText(published)) } : skip('several BIMI records are published, so none counts')
}

/** The same, where the domain does not decline. */
export function logoRecord(facts: BimiFacts): FoundBimi | Skip | Unknown {
  const found = bimiRecord(facts)
  if ('verdict' in found) return found
  if (found.record.declined) return skip('the BIMI record declines')
  return found.record.location === '' ? skip('the BIMI record names no logo') : found
}
