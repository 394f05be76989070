/**
 * DANE as a sender sees it (RFC 7672 §2.2): TLSA records count only where the host's addresses and the records themselves are
 * secure. Insecure records are inert; a lookup that fails in a signed zone keeps senders away. Whether an answer is secure, only
 * a resolver whose AD bit counts can tell.
 */
import type { MxHostTlsa, TlsaLookup } from '../probes/tlsa.ts'
import type { Answer, Failure } from '../network/network.ts'
import type { DnsRecord } from '../syntax/record.ts'
import { formatTlsa, type TlsaData } from '../syntax/tlsa.ts'
import { skip, unknown, unknownBecause, type Skip, type Unknown } from './define.ts'

export type Dane =
  /** Nothing is published. */
  | { readonly state: 'none' }
  /** In force, under the TLSA base domain. */
  | { readonly state: 'secure'; readonly base: string; readonly records: readonly DnsRecord<'TLSA'>[] }
  /** Published, but `unsigned` is not secure. */
  | { readonly state: 'inert'; readonly unsigned: string; readonly records: readonly DnsRecord<'TLSA'>[] }
  /** Not answered; it matters where the host is secure. */
  | { readonly state: 'unanswered'; readonly name: string; readonly problem: Failure }
  | { readonly state: 'undecided'; readonly because: Unknown }

export function daneOf(host: MxHostTlsa): Dane {
  const trust = securityOf(host)
  const published = host.lookups.find(({ answer }) => 'value' in answer && answer.value.records.length > 0)
  if (trust === 'insecure') return published ? { state: 'inert', unsigned: host.name, records: recordsOf(published) } : { state: 'none' }
  const failed = host.lookups.find(({ answer }) => 'problem' in answer)
  if (typeof trust !== 'string' && (published || failed)) return { state: 'undecided', because: trust }
  for (const lookup of candidates(host)) {
    const { answer, base, name } = lookup
    if ('problem' in answer) return { state: 'unanswered', name, problem: answer.problem }
    if (answer.value.records.length > 0 && answer.value.secure) return { state: 'secure', base, records: answer.value.records }
  }
  return published ? { state: 'inert', unsigned: published.name, records: recordsOf(published) } : { state: 'none' }
}

/** The records that senders insist on, or why there are none to judge. */
export function recordsInForce(host: MxHostTlsa): Extract<Dane, { state: 'secure' }> | Skip | Unknown {
  const dane = daneOf(host)
  switch (dane.state) {
    case 'none': return skip('the host publishes no TLSA record')
    case 'inert': return skip(`the TLSA records count for nothing: ${dane.unsigned} is not signed`)
    case 'unanswered': return unknownBecause(dane.problem)
    case 'undecided': return dane.because
    case 'secure': return dane
  }
}

/** Are the host's addresses, or at least the alias in their place, in signed zones (RFC 7672 §2.2.2)? */
export function securityOf({ v4, v6, alias }: MxHostTlsa): 'secure' | 'insecure' | Unknown {
  const answers = [v4, v6].flatMap((family): Answer[] => 'value' in family ? [family.value] : [])
  const [first] = answers
  if (!first) return 'problem' in v4 ? unknownBecause(v4.problem) : unknown('dns-servfail')
  if (answers.some(({ adTrusted }) => !adTrusted)) return unknown('ad-untrusted')
  if (answers.every(({ secure }) => secure)) return 'secure'
  if (alias && 'problem' in alias) return unknownBecause(alias.problem)
  return alias?.value.secure && alias.value.records.length > 0 ? 'secure' : 'insecure'
}

/** Where senders look. Where the end of an alias is not secure, only the host's own name is a TLSA base domain. */
export function candidates({ v4, v6, lookups }: MxHostTlsa): readonly TlsaLookup[] {
  const secure = [v4, v6].every(family => 'problem' in family || family.value.secure)
  return secure ? lookups : lookups.slice(-1)
}

function recordsOf({ answer }: TlsaLookup): readonly DnsRecord<'TLSA'>[] {
  return 'value' in answer ? answer.value.records : []
}

/** `3 1 1 0a1b2c3d4e5f6071...`: enough to tell one from another. */
export function shownTlsa(data: TlsaData): string {
  const text = formatTlsa({ ...data, data: data.data.slice(0, 16) })
  return data.data.length > 16 ? `${text}...` : text
}
