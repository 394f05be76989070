/**
 * The second certificate of an endpoint. A server may hold one with an RSA key and one with an elliptic curve, and shows each client
 * the one that it prefers of those that the client understands (RFC 8446 §4.4.2.2, RFC 5246 §7.4.2): whoever renews one and forgets
 * the other breaks mail for some, and sees nothing of it. A handshake that understands the other kind alone brings it out.
 */
import type { CertificateKind, Failure, Outcome, TlsSession } from '../network/network.ts'
import { parseCertificate } from '../syntax/certificate.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { ServiceSession } from './session.ts'
import { shakeHands } from './tls-offer.ts'

/** A dialogue that has ended. */
export interface EndedDialogue extends Subject {
  readonly session: ServiceSession
}

export interface OtherCertificateFacts extends Subject {
  /** The kind that the dialogue did not show; null when nobody was asked, because it showed none that can be told. */
  readonly asked: CertificateKind | null
  /** What was shown to whom understands that kind alone; null: there is none. */
  readonly answer: Outcome<TlsSession | null> | null
  /** What kept it from being asked. */
  readonly failure?: Failure
}

export async function probeOtherCertificate({ network, scope: { ehloName }, sessions }: ProbeContext, { name, session }: EndedDialogue): Promise<OtherCertificateFacts> {
  const { tls, protocol, endpoint } = session
  const shown = tls ? kindOf(tls) : null
  if (shown === null) return { name, asked: null, answer: null }
  const asked = shown === 'RSA' ? 'ECDSA' : 'RSA'
  return sessions.hold<OtherCertificateFacts>(network, endpoint, {
    name: `other certificate, ${protocol} as ${ehloName}`,
    run: async where => {
      const answer = await shakeHands({ network: where, endpoint, protocol, ehloName, spare: 0, wait: Infinity }, 'other-certificate', { certificate: asked })
      if ('value' in answer) return { name, asked, answer: { value: kindOf(answer.value) === asked ? answer.value : null } }
      const { event } = answer.problem
      // to refuse the handshake, or to hang up in it, is to have none: with another client the same server has just completed one
      if (event === 'handshake' || event === 'closed') return { name, asked, answer: { value: null } }
      return { name, asked, answer, ...(event === 'unavailable' ? { failure: answer.problem } : {}) }
    },
  })
}

function kindOf({ chain }: TlsSession): CertificateKind | null {
  const type = parseCertificate(chain[0] ?? '')?.key.type ?? 'unknown'
  if (type.startsWith('rsa')) return 'RSA'
  return type === 'ec' || type.startsWith('ed') ? 'ECDSA' : null
}
