/** What the answer of one name server, asked directly, says about it. */
import type { Answer, Failure, Outcome } from '../network/network.ts'

export type ServerState =
  | { readonly state: 'authoritative' }
  /** It answers, but is no authority for the zone. */
  | { readonly state: 'lame'; readonly rcode: string }
  /** Nothing answers at its port. */
  | { readonly state: 'silent'; readonly how: 'refused' | 'timed-out' }
  | { readonly state: 'undecided'; readonly problem: Failure }

/** Is this the answer of a server that is responsible for the zone? */
export function knowsZone(soa: Outcome<Answer<'SOA'>>, zone: string): boolean {
  return 'value' in soa && soa.value.authoritative && soa.value.records.some(({ name }) => name === zone)
}

/**
 * Silence is the server's own only when another server was heard over the same family: else it may be this network that lets
 * no question out.
 */
export function stateOf(soa: Outcome<Answer<'SOA'>>, zone: string, heard: boolean): ServerState {
  if ('value' in soa) return knowsZone(soa, zone) ? { state: 'authoritative' } : { state: 'lame', rcode: soa.value.rcode }
  const { problem } = soa
  if (problem.event === 'rcode') return { state: 'lame', rcode: rcodeOf(problem) }
  if (problem.event === 'refused') return { state: 'silent', how: 'refused' }
  if (problem.event === 'timeout' && heard) return { state: 'silent', how: 'timed-out' }
  return { state: 'undecided', problem }
}

/** What the server said, from the words of the failure: of the codes only SERVFAIL has a reason of its own. */
function rcodeOf({ reason, detail }: Failure): string {
  return reason === 'dns-servfail' ? 'SERVFAIL' : /\b(?:RCODE\d+|[A-Z]{6,})\b/.exec(detail)?.[0] ?? 'REFUSED'
}
