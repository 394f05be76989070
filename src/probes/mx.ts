/**
 * MX (RFC 5321 §5.1): which hosts take the domain's mail. No MX RRset makes the domain's own addresses the implicit MX;
 * a single "MX 0 ." says that it takes none (null MX, RFC 7505).
 */
import { NetworkFailure, type Answer } from '../network/network.ts'
import type { DnsRecord } from '../syntax/record.ts'
import { tooMany } from './addresses.ts'
import type { ProbeContext, Subject } from './index.ts'

export interface MxFacts {
  readonly answer: Answer<'MX'>
  /** Most preferred first, then by name. */
  readonly hosts: readonly MxHost[]
  /** Some exchange is "." (RFC 7505 §3). */
  readonly nullMx: boolean
  /** There is no MX RRset: the domain itself is the only host. */
  readonly implicit: boolean
}

export interface MxHost extends Subject {
  readonly name: string
  readonly preference: number
  /** Absent for the implicit MX. */
  readonly record?: DnsRecord<'MX'>
}

/** RFC 5321 §5.1 lets a sender try only some of them; nobody has so many. */
const mostHosts = 64

export async function probeMx({ network, scope }: ProbeContext): Promise<MxFacts> {
  const answer = await network.query({ name: scope.domain, type: 'MX' })
  const hosts = new Map<string, MxHost>()
  const ordered = answer.records.toSorted((a, b) =>
    a.data.preference - b.data.preference || (a.data.exchange < b.data.exchange ? -1 : 1))
  for (const record of ordered) {
    const { exchange, preference } = record.data
    if (exchange !== '' && !hosts.has(exchange)) hosts.set(exchange, { name: exchange, preference, record })
  }
  if (hosts.size > mostHosts) throw new NetworkFailure(tooMany(`${scope.domain} has ${hosts.size} MX hosts: of more than ${mostHosts} none is tried`))
  const implicit = answer.rcode === 'NOERROR' && answer.records.length === 0
  return {
    answer,
    hosts: implicit ? [{ name: scope.domain, preference: 0 }] : [...hosts.values()],
    nullMx: answer.records.some(({ data }) => data.exchange === ''),
    implicit,
  }
}
