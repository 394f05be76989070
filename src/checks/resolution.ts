/** A host's addresses, both families together: what was found, what is known to be absent, what could not be asked. */
import type { AddressFacts } from '../probes/addresses.ts'
import type { Answer, Failure } from '../network/network.ts'
import type { DnsRecord } from '../syntax/record.ts'
import type { Evidence } from './define.ts'
import { absenceSeen, recordSeen } from './evidence.ts'

export interface Resolution {
  readonly records: readonly DnsRecord<'A' | 'AAAA'>[]
  readonly addresses: readonly string[]
  /** The CNAME records passed on the way, in order. */
  readonly aliases: readonly DnsRecord<'CNAME'>[]
  /** Of the family that could not be asked; null when both answered. */
  readonly problem: Failure | null
  /** Evidence of what there is, or of its absence. */
  readonly evidence: readonly Evidence[]
}

export function resolutionOf({ v4, v6 }: AddressFacts): Resolution {
  const answers: Answer<'A' | 'AAAA'>[] = []
  if ('value' in v4) answers.push(v4.value)
  if ('value' in v6) answers.push(v6.value)
  const records = answers.flatMap(answer => answer.records)
  const aliases = answers.find(answer => answer.aliases.length > 0)?.aliases ?? []
  return {
    records,
    addresses: records.map(({ data }) => data.address),
    aliases,
    problem: 'problem' in v4 ? v4.problem : 'problem' in v6 ? v6.problem : null,
    evidence: [...aliases, ...records].map(recordSeen)
      .concat(answers.filter(answer => answer.records.length === 0).map(absenceSeen)),
  }
}
