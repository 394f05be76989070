/**
 * The TLSA records of an MX host beside the certificates that its addresses show. We see one certificate a handshake; a server
 * that has both an RSA and an ECDSA certificate shows the one that it prefers, so `seen` says of which kind it was.
 */
import type { MxSession } from '../probes/session-sets.ts'
import { matchDane, type DaneMatch } from '../evaluate/dane-match.ts'
import type { TlsSession } from '../network/network.ts'
import { parseCertificate } from '../syntax/certificate.ts'
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
  const seen = own.flatMap(({ held, tls }) => 'verdict' in tls ? [] : [matchServed(held, tls, dane, names, now)])
  const absent = own.flatMap(({ tls }) => 'verdict' in tls ? [tls] : [])
  return { seen, missing: absent.find(({ verdict }) => verdict === 'unknown') ?? absent[0] ?? null }
}

/** `ECDSA`, `RSA`, `Ed25519`: what a server with several certificates may choose by. */
export function keyKind({ chain }: TlsSession): string {
  const type = parseCertificate(chain[0] ?? '')?.key.type ?? 'unknown'
  return type === 'ec' ? 'ECDSA' : type.startsWith('rsa') ? 'RSA' : type === 'ed25519' ? 'Ed25519' : type
}
