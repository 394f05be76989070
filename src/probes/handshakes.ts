/**
 * A second handshake with each endpoint, as a client makes it that knows neither TLS 1.3 nor SNI (RFC 6066 §3): what it gets
 * is said in clear, so one ClientHello tells the certificate for those who give no name, and the safeguards of TLS 1.2.
 * Where that is refused, a whole handshake without a name tells why.
 */
import { endpointName, outcome, type ClientHello, type Endpoint, type Failure, type OfferAnswer, type Outcome, type TlsSession } from '../network/network.ts'
import { parseCertificate } from '../syntax/certificate.ts'
import { suitesWith } from '../syntax/cipher-suites.ts'
import { parseOcspStaple, type OcspStaple } from '../syntax/ocsp.ts'
import { services } from '../services.ts'
import { usualGroups } from '../syntax/tls-groups.ts'
import type { MxEndpoint } from './addresses.ts'
import type { ProbeContext, Subject } from './index.ts'
import { mxTowardsTls, serviceTowardsTls } from './service-sessions.ts'
import type { HeldService, MxSession } from './session-sets.ts'
import type { ServiceSession } from './session.ts'
import { offerTls, shakeHands, type OfferContext } from './tls-offer.ts'

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

export async function probeHandshakes(context: ProbeContext, { name, session }: MxSession | HeldService): Promise<HandshakeFacts> {
  const { tls, endpoint, protocol } = session
  if (!tls) return { name, served: null, plain: null, nameless: null, named: null }
  return { ...await shakeOnce(context, { endpoint, protocol, dialogue: () => Promise.resolve(session) }), served: servedBy(tls) }
}

interface Beside {
  readonly endpoint: Endpoint
  readonly protocol: ServiceSession['protocol']
  readonly dialogue: () => Promise<ServiceSession>
}

function shakeOnce({ network, scope: { ehloName, permissions }, sessions }: ProbeContext, { endpoint, protocol, dialogue }: Beside): Promise<Omit<HandshakeFacts, 'served'>> {
  const manner = permissions.has('tlsScan') ? { spare: 0, wait: Infinity } : { spare: forDialogues }
  return sessions.hold(network, endpoint, {
    name: `handshakes, ${protocol} as ${ehloName}`,
    run: where => shake({ network: where, endpoint, protocol, ehloName, ...manner }, async () => (await dialogue()).tls?.servername ?? null),
  })
}

/** Where a dialogue was welcomed and comes to TLS, the second handshake does not wait for the rest of it. */
async function shakeAhead(context: ProbeContext): Promise<void> {
  const { facts } = context
  await Promise.all([
    outcome(endpointsTaking(context)).then(endpoints => Promise.all(('value' in endpoints ? endpoints.value : []).map(async endpoint => {
      if (await mxTowardsTls(context, endpoint)) await shakeOnce(context, { endpoint, protocol: 'smtp', dialogue: () => facts.get('smtp', endpoint) })
    }))),
    outcome(facts.get('namedServices')).then(named => Promise.all(('value' in named ? named.value.endpoints : []).map(async endpoint => {
      if (!await serviceTowardsTls(context, endpoint)) return
      await shakeOnce(context, { endpoint, protocol: services[endpoint.service].protocol, dialogue: () => facts.get('service', endpoint) })
    }))),
  ])
}

/** Where it takes evidence whether mail is taken at all, nobody is asked ahead. */
async function endpointsTaking({ facts, scope }: ProbeContext): Promise<readonly MxEndpoint[]> {
  const { implicit } = await facts.get('mx')
  return implicit || scope.context.receiving !== undefined || scope.context.parked !== undefined ? [] : facts.get('mxEndpoints')
}

function servedBy({ keyExchange, ocspResponse, chain }: TlsSession): ServedFacts {
  const leaf = parseCertificate(chain[0] ?? '')
  return {
    keyExchange, ocsp: ocspResponse === null ? null : parseOcspStaple(ocspResponse), mustStaple: leaf?.mustStaple ?? false, timestamps: leaf?.timestamps ?? 0,
  }
}

async function shake(context: OfferContext, servername: () => Promise<string | null>): Promise<Omit<HandshakeFacts, 'served'>> {
  const name = endpointName(context.endpoint)
  const hello: ClientHello = { version: 'TLSv1.2', ciphers, groups: usualGroups, servername: null, deflate: true }
  const plain = await offerTls(context, 'tls-1.2-nameless', hello)
  const failure = 'problem' in plain && plain.problem.event === 'unavailable' ? { failure: plain.problem } : {}
  if ('problem' in plain || plain.value.accepted) return { name, plain, nameless: null, named: null, ...failure }
  const nameless = await shakeHands(context, 'nameless', { withoutName: true })
  const refused = 'problem' in nameless && (nameless.problem.event === 'handshake' || nameless.problem.event === 'closed')
  const sni = refused ? await servername() : null
  const named = sni === null ? null : await offerTls(context, 'tls-1.2', { ...hello, servername: sni })
  return { name, plain, nameless, named }
}

export async function probeSeenHandshakes(context: ProbeContext): Promise<readonly SeenHandshake[]> {
  const { facts } = context
  shakeAhead(context).catch(() => undefined) // whoever asks for what it asks hears of it; nobody else must
  const [mx, services] = await Promise.all([facts.get('mxSessions'), facts.get('serviceSessions')])
  return Promise.all([...mx.sessions, ...services.sessions].map(async held => {
    const handshakes = await facts.get('handshakes', held)
    return { name: held.name, held, handshakes, toJSON: () => ({ name: held.name }) }
  }))
}
