/**
 * The TLSA records of an MX host beside the certificates that its addresses show. A server
 * that has both an RSA and an ECDSA certificate shows the one that it prefers; the other one is seen by a scan alone.
 */
import type { MxSession } from '../probes/session-sets.ts'
import { matchDane, type DaneMatch } from '../evaluate/dane-match.ts'
import type { TlsSession } from '../network/network.ts'
import type { Dane } from './dane.ts'
import type { Skip, Unknown } from './define.ts'
import { tlsOf } from './upgrade.ts'

export interface ServedMatch {
  readonly held: MxSession
  readonly tls: TlsSession
  readonly match: DaneMatch
}

/**
 * The names that a certificate under a trust anchor may bear (RFC 7672 §3.2.2): the TLSA base domain, and the domain itself
 * unless it was an insecure MX that led from it to the host.
 */
export function danePeers({ base }: Extract<Dane, { state: 'secure' }>, domain: string, mxSecure: boolean): string[] {
  return mxSecure ? [base, domain] : [base]
}

export function matchServed(held: MxSession, tls: TlsSession, dane: Extract<Dane, { state: 'secure' }>, names: readonly string[], now: string): ServedMatch {
  return { held, tls, match: matchDane(dane.records.map(({ data }) => data), { chain: tls.chain, names, now: new Date(now) }) }
}

/** Every handshake with a host, or why there is none to look at. */
export function matchesOf(
  sessions: readonly MxSession[], host: string, dane: Extract<Dane, { state: 'secure' }>, names: readonly string[], now: string,
): { readonly seen: readonly ServedMatch[]; readonly missing: Skip | Unknown | null } {
  const own = sessions.filter(({ endpoint }) => endpoint.host === host).map(held => ({ held, tls: tlsOf(held) }))
  const seen = own.flatMap(({ held, tls }) => 'verdict' in tls ? []
    : [tls, ...held.other ? [held.other] : []].map(one => matchServed(held, one, dane, names, now)))
  const absent = own.flatMap(({ tls }) => 'verdict' in tls ? [tls] : [])
  return { seen, missing: absent.find(({ verdict }) => verdict === 'unknown') ?? absent[0] ?? null }
}
