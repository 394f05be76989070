/**
 * What the hellos of a scan found out, in the terms in which checks judge it: the old versions and the ciphers that a server
 * takes, the groups it agrees on keys with, and the safeguards of TLS 1.2. What was taken counts wherever it was seen; that
 * nothing was taken counts only where it was offered and refused.
 */
import type { Failure, OfferAnswer, Outcome } from '../network/network.ts'
import type { HandshakeFacts } from '../probes/handshakes.ts'
import type { OfferName, TlsScanFacts } from '../probes/tls-scan.ts'
import { suiteTraits, type SuiteTraits } from '../syntax/cipher-suites.ts'
import { weakGroups } from '../syntax/tls-groups.ts'
import { unknown, unknownBecause, type Unknown } from './define.ts'

type Accepted = Extract<OfferAnswer, { accepted: true }>

/** `TLSv1.1`, `TLSv1`, `SSLv3`: those of the scan that are obsolete and were taken, newest first. */
export function oldVersionsTaken(scan: TlsScanFacts): string[] {
  const taken = acceptedOf(scan, 'tls-1.1', 'tls-1.0', 'ssl-3').map(({ version }) => version)
  return [...new Set(taken)].filter(version => ['TLSv1.1', 'TLSv1', 'SSLv3'].includes(version))
}

/** Suites that were taken, of whichever hello, and have one of these traits. */
export function suitesTaken(scan: TlsScanFacts, bad: (traits: SuiteTraits) => boolean): string[] {
  const taken = scan.offers.flatMap(({ answer }) => 'value' in answer && answer.value.accepted ? [answer.value.cipher] : [])
  return [...new Set(taken)].filter(cipher => bad(suiteTraits(cipher)))
}

/** The first of these hellos that nobody answered: what it would have told is unknown. */
export function unanswered(scan: TlsScanFacts, ...offers: readonly OfferName[]): Unknown | null {
  for (const name of offers) {
    const answer = answerTo(scan, name)
    if (!answer) continue
    if ('problem' in answer) return unknownBecause(answer.problem)
  }
  return null
}

export type WeakExchange =
  | { readonly code: 'static'; readonly cipher: string }
  | { readonly code: 'small-blocks'; readonly cipher: string }
  | { readonly code: 'short-group'; readonly bits: number }
  | { readonly code: 'weak-curve'; readonly group: string }

/** RFC 9325 §4.1, §4.2: how keys must not be agreed on, and what must not encrypt. Anonymous, NULL and the like have checks of their own. */
export function weakExchange(scan: TlsScanFacts): WeakExchange | null {
  const weaker = ({ plain, export: weakened, rc4 }: SuiteTraits): boolean => plain || weakened || rc4
  // What goes with an obsolete version alone goes with it.
  const taken = acceptedOf(scan, 'static-keys').map(({ cipher }) => ({ cipher, traits: suiteTraits(cipher) })).filter(({ traits }) => !weaker(traits))
  const fixed = taken.find(({ traits }) => traits.static)
  if (fixed) return { code: 'static', cipher: fixed.cipher }
  const small = taken.find(({ traits }) => traits.smallBlocks)
  if (small) return { code: 'small-blocks', cipher: small.cipher }
  for (const { cipher, keyExchange } of acceptedOf(scan, 'short-groups', 'weak-curves')) {
    const bits = Number(/^DH (\d{1,5})$/.exec(keyExchange ?? '')?.[1] ?? 0)
    if (/^TLS_DHE_/.test(cipher) && bits > 0 && bits < 2048) return { code: 'short-group', bits }
    if (keyExchange !== null && weakGroups.includes(keyExchange)) return { code: 'weak-curve', group: keyExchange }
  }
  return null
}

/** What of it is still open. */
export function exchangeUnanswered(scan: TlsScanFacts): Unknown | null {
  return unanswered(scan, 'static-keys', 'short-groups', 'weak-curves')
}

export type MissingSafeguard = 'no-master-secret' | 'insecure-renegotiation' | 'compression'

/** What a session of TLS 1.2 or older lacks; null when it lacks nothing, or there is no such session. */
export function missingSafeguard({ plain, nameless, named }: HandshakeFacts): { readonly missing: MissingSafeguard; readonly seen: Accepted } | Unknown | null {
  const first = verdictOn(plain)
  if (first !== 'refused') return first
  // Refused without a name: either there is only TLS 1.3, or without a name there is nothing.
  if (nameless && 'value' in nameless) {
    return nameless.value.version === 'TLSv1.3' ? null : unknown('client-cannot-offer', 'TLS 1.2 is spoken, but a hello of our own for it is refused')
  }
  if (named) {
    const second = verdictOn(named)
    return second === 'refused' ? null : second
  }
  return nameless ? unknownBecause(nameless.problem) : null
}

function verdictOn(answer: Outcome<OfferAnswer> | null): { readonly missing: MissingSafeguard; readonly seen: Accepted } | Unknown | 'refused' | null {
  if (!answer) return null
  if ('problem' in answer) return unknownBecause(answer.problem)
  const { value: seen } = answer
  if (!seen.accepted) return 'refused'
  const { version, extendedMasterSecret, secureRenegotiation, compression } = seen
  if (version === 'TLSv1.3') return null
  const missing = compression ? 'compression' : !secureRenegotiation ? 'insecure-renegotiation' : !extendedMasterSecret ? 'no-master-secret' : null
  return missing && { missing, seen }
}

/** How an answer is shown in evidence. */
export function offerLine(offer: string, { version, cipher, keyExchange }: Accepted): string {
  return `ClientHello ${offer}: ${[version, cipher, ...(keyExchange === null ? [] : [keyExchange])].join(' ')}`
}

/** Every answer of the scan that took something, as evidence shows it. */
export function takenLines(scan: TlsScanFacts): string[] {
  return scan.offers.flatMap(({ offer, answer }) => 'value' in answer && answer.value.accepted ? [offerLine(offer, answer.value)] : [])
}

function acceptedOf(scan: TlsScanFacts, ...offers: readonly OfferName[]): Accepted[] {
  return offers.flatMap(name => {
    const answer = answerTo(scan, name)
    return answer && 'value' in answer && answer.value.accepted ? [answer.value] : []
  })
}

function answerTo(scan: TlsScanFacts, name: OfferName): { readonly value: OfferAnswer } | { readonly problem: Failure } | undefined {
  return scan.offers.find(({ offer }) => offer === name)?.answer
}
