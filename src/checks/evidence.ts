/** Evidence: the value seen, and where it was seen, in the notation of the field. */
import type { Evidence } from './define.ts'
import type { Answer } from '../network/network.ts'
import type { DnsRecord } from '../syntax/record.ts'

/** More lines than these add nothing that a reader needs. */
const enough = 12

/** A record as a zone file would say it. */
export function recordSeen({ name, type, text, ttl }: DnsRecord): Evidence {
  return { from: 'dns', name, type, text, ttl }
}

/** The same, pointing at an octet of its text: `at` is the 0-based offset in the joined strings. */
export function octetSeen({ name, type, text, ttl }: DnsRecord<'TXT'>, at: number): Evidence {
  return { from: 'dns', name, type, text, ttl, at }
}

/** The question that nothing answers, with the negative TTL (RFC 2308 §5) when the answer tells it. */
export function absenceSeen(answer: Answer): Evidence {
  const { question: { name, type }, rcode, authority } = answer
  const soa = authority.find((record): record is DnsRecord<'SOA'> => record.type === 'SOA')
  return {
    from: 'dns', name, type, text: rcode === 'NXDOMAIN' ? '(nxdomain)' : '(nodata)',
    ttl: soa ? Math.min(soa.ttl, soa.data.minimum) : null,
  }
}

/** Lines of a dialogue, as received. */
export function linesSeen({ name }: { readonly name: string }, lines: readonly string[]): Evidence[] {
  return lines.slice(0, enough).map(line => ({ from: 'session', endpoint: name, line }))
}

/** What is seen at the first of many places: there may be a hundred thousand, and each may show the whole of a long record. */
export function someSeen<T>(places: readonly T[], see: (place: T) => readonly Evidence[]): Evidence[] {
  return places.slice(0, mostPlaces).flatMap(see)
}

const mostPlaces = 40

/** Something that happened in a session, rather than something said: `connect: refused`. */
export function eventSeen({ name }: { readonly name: string }, event: string): Evidence {
  return { from: 'session', endpoint: name, line: event }
}
