/** When the signatures on the records of mail end. Between two servers, or two keys, the one that ends first counts. */
import type { Answer, Failure, Outcome } from '../network/network.ts'
import type { DnssecFacts, MailZone } from '../probes/dnssec.ts'
import type { ServedRecords } from '../probes/served-records.ts'
import type { DnsRecord } from '../syntax/record.ts'
import { skip, unknown, unknownBecause, type Skip, type Unknown } from './define.ts'

export interface EarliestSignature {
  readonly record: DnsRecord<'RRSIG'>
  readonly type: string
  /** Milliseconds since 1970. */
  readonly ends: number
  /** Milliseconds from its beginning to its end. */
  readonly validity: number
}

/** The types that mail needs, and those that hold the zone together. */
const types: ReadonlySet<string> = new Set(['SOA', 'MX', 'TXT', 'TLSA', 'DNSKEY'])

/** The signature that ends first, or why there is none to look at. */
export function earliestSignature(
  { name: zone, holdsDomain }: MailZone, { ds, answers }: DnssecFacts, served: Outcome<readonly ServedRecords[]>,
): EarliestSignature | Skip | Unknown {
  if ('problem' in ds) return unknownBecause(ds.problem)
  if (ds.value.records.length === 0) return skip('the zone is not signed')
  const told = answers.filter(({ type }) => types.has(type)).map(({ answer, unchecked }) => unchecked && 'value' in unchecked ? unchecked : answer)
  // A cache may hold older signatures than those that are given out now: where a server was asked itself, its word counts.
  const direct = holdsDomain && 'value' in served ? served.value.flatMap(({ soa, mx, txt, dmarc }): Outcome<Answer>[] => [soa, mx, txt, dmarc]) : []
  const known = new Set(direct.flatMap(answer => 'value' in answer && answer.value.signatures.length > 0 ? [key(answer.value)] : []))
  const cached = told.filter(answer => 'problem' in answer || !known.has(key(answer.value)))
  const latest = new Map<string, DnsRecord<'RRSIG'>>()
  for (const answer of [...direct, ...cached]) {
    if ('problem' in answer) continue
    for (const record of answer.value.signatures.filter(({ data }) => data.signer === zone && types.has(data.covers))) {
      // What one server gives of one set by one algorithm: the old ones among them harm nobody.
      const of = `${answer.value.resolver} ${record.name} ${record.data.covers} ${record.data.algorithm}`
      const before = latest.get(of)
      if (!before || before.data.expiration < record.data.expiration) latest.set(of, record)
    }
  }
  const [record] = [...latest.values()].toSorted((a, b) => a.data.expiration - b.data.expiration)
  const problem = cached.map(answer => 'problem' in answer ? answer.problem : null).find((failure): failure is Failure => failure !== null)
  if (!record) return problem ? unknownBecause(problem) : unknown('ad-untrusted', 'the resolver hands no signatures over')
  const { covers, expiration, inception } = record.data
  return { record, type: covers, ends: expiration * 1000, validity: (expiration - inception) * 1000 }
}

function key({ question: { name, type } }: Answer): string {
  return `${name} ${type}`
}

export const day = 86_400_000
