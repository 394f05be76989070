/**
 * A second handshake with each endpoint, as a client makes it that knows neither TLS 1.3 nor SNI (RFC 6066 §3): what it gets
 * is said in clear, so one ClientHello tells the certificate for those who give no name, and the safeguards of TLS 1.2.
 * Where that is refused, a whole handshake without a name tells why.
 */
import type { ClientHello, Failure, OfferAnswer, Outcome, TlsSession } from '../network/network.ts'
import { parseCertificate } from '../syntax/certificate.ts'
import { suitesWith } from '../syntax/cipher-suites.ts'
import { parseOcspStaple, type OcspStaple } from '../syntax/ocsp.ts'
import { usualGroups } from '../syntax/tls-groups.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { HeldService, MxSession } from './session-sets.ts'
import { offerTls, shakeWithoutName, type OfferContext } from './tls-offer.ts'

/** What the one dialogue's handshake says beside what is judged. */
export interface ServedFacts {
  /** `X25519`, `X25519MLKEM768`, `DH 2048`, `RSA`; null when the library does not tell. */
  readonly keyExchange: string | null
  /** The stapled OCSP response; null for none that can be read. */
  readonly ocsp: OcspStaple | null
  /** The certificate promises one (RFC 7633). */
  readonly mustStaple: boolean
  /** Signed timestamps of Certificate Transparency logs inside the certificate. */
  readonly timestamps: number
}

export interface HandshakeFacts extends Subject {
  readonly served: ServedFacts | null
  /** The answer to TLS 1.2 without a name; null when nobody was asked, because the dialogue had no TLS. */
  readonly plain: Outcome<OfferAnswer> | null
  /** Where that was refused: a whole handshake without a name, of whichever version. */
  readonly nameless: Outcome<TlsSession> | null
  /** Where that failed, too: TLS 1.2 with the name. */
  readonly named: Outcome<OfferAnswer> | null
  /** What kept it from being asked. */
  readonly failure?: Failure
}

/** A dialogue and its second handshake. */
export interface SeenHandshake extends Subject {
  readonly held: MxSession | HeldService
  readonly handshakes: HandshakeFacts
  /** In a report both stand elsewhere. */
  toJSON(): { name: string }
}

/** Everything that a server of today may choose for a client of TLS 1.2, and some that it should not. */
const ciphers = suitesWith(({ plain, export: weakened, rc4, anonymous }) => !plain && !weakened && !rc4 && !anonymous)
  .toSorted((a, b) => rank(a) - rank(b))

function rank(name: string): number {
  return (name.startsWith('TLS_ECDHE_') ? 0 : name.startsWith('TLS_DHE_RSA') ? 2 : 4) + (/GCM|CHACHA/.test(name) ? 0 : 1)
}

/** Where several hosts share an address, the dialogue of each comes before a second handshake with any. */
const forDialogues = 2

export async function probeHandshakes({ network, scope: { ehloName, permissions }, sessions }: ProbeContext, held: MxSession | HeldService): Promise<HandshakeFacts> {
  const { name, session: { tls, protocol, endpoint } } = held
  if (!tls) return { name, served: null, plain: null, nameless: null, named: null }
  const further = await sessions.hold(network, endpoint, {
    name: `handshakes, ${protocol} as ${ehloName}`,
    run: where => shake(name, { network: where, endpoint, protocol, ehloName, spare: permissions.has('tlsScan') ? 0 : forDialogues }, tls.servername),
  })
  return { ...further, served: servedBy(tls) }
}

function servedBy({ keyExchange, ocspResponse, chain }: TlsSession): ServedFacts {
  const leaf = parseCertificate(chain[0] ?? '')
  return {
    keyExchange, ocsp: ocspResponse === null ? null : parseOcspStaple(ocspResponse), mustStaple: leaf?.mustStaple ?? false, timestamps: leaf?.timestamps ?? 0,
  }
}

async function shake(name: string, context: OfferContext, servername: string | null): Promise<Omit<HandshakeFacts, 'served'>> {
  const hello: ClientHello = { version: 'TLSv1.2', ciphers, groups: usualGroups, servername: null, deflate: true }
  const plain = await offerTls(context, 'tls-1.2-nameless', hello)
  const failure = 'problem' in plain && plain.problem.event === 'unavailable' ? { failure: plain.problem } : {}
  if ('problem' in plain || plain.value.accepted) return { name, plain, nameless: null, named: null, ...failure }
  const nameless = await shakeWithoutName(context, 'nameless')
  const refused = 'problem' in nameless && (nameless.problem.event === 'handshake' || nameless.problem.event === 'closed')
  const named = refused && servername !== null ? await offerTls(context, 'tls-1.2', { ...hello, servername }) : null
  return { name, plain, nameless, named }
}

export async function probeSeenHandshakes({ facts }: ProbeContext): Promise<readonly SeenHandshake[]> {
  const [mx, services] = await Promise.all([facts.get('mxSessions'), facts.get('serviceSessions')])
  return Promise.all([...mx.sessions, ...services.sessions].map(async held => {
    const handshakes = await facts.get('handshakes', held)
    return { name: held.name, held, handshakes, toJSON: () => ({ name: held.name }) }
  }))
}
