/**
 * A server may show an RSA certificate to some clients and one with an elliptic curve to others (RFC 8446 §4.4.2.2). A claim about
 * its certificate holds when it holds for both: each is all that some client ever sees.
 */
import type { TlsSession } from '../network/network.ts'
import { parseCertificate } from '../syntax/certificate.ts'
import type { Evidence, Fail, Verdict } from './define.ts'
import { eventSeen } from './evidence.ts'

interface Shown {
  readonly name: string
  readonly session: { readonly tls?: TlsSession }
  readonly other?: TlsSession
}

/** What fails for either fails; else it is as the certificate of the dialogue has it, unless the other one leaves that open. */
export function judgeBoth<H extends Shown, V extends { readonly verdict: Verdict['verdict'] }>(held: H, judge: (held: H) => V): V {
  const verdict = judge(held)
  const { other } = held
  if (verdict.verdict === 'fail' || !other) return verdict
  const second = judge({ ...held, session: { ...held.session, tls: other } })
  if (second.verdict === 'fail') {
    const { evidence } = second as unknown as Fail
    return { ...second, evidence: [...evidence, whoSees(held, other)] }
  }
  if (verdict.verdict !== 'pass' || second.verdict === 'skip') return verdict
  if (second.verdict === 'unknown') return second
  const seen = [verdict, second].flatMap(({ evidence }: V & { readonly evidence?: readonly Evidence[] }) => evidence ?? [])
  return { ...verdict, evidence: seen }
}

function whoSees(held: Shown, other: TlsSession): Evidence {
  return eventSeen(held, `shown to clients that do not know ${keyKind(held.session.tls)} certificates: this ${keyKind(other)} certificate is the server’s second one`)
}

/** `ECDSA`, `RSA`, `Ed25519`: what a server with several certificates may choose by. */
export function keyKind(tls: TlsSession | undefined): string {
  const type = parseCertificate(tls?.chain[0] ?? '')?.key.type ?? 'unknown'
  return type === 'ec' ? 'ECDSA' : type.startsWith('rsa') ? 'RSA' : type === 'ed25519' ? 'Ed25519' : type
}
