/**
 * What an endpoint still takes of what it should not (RFC 8996, RFC 9325 §4): a ClientHello offers a whole class of ciphers, or
 * nothing newer than an old version, and the server's choice or refusal tells. In the good case three hellos settle it all,
 * which is what a server bears in a minute beside the three handshakes before them; what is taken needs more, and so do the groups
 * of its key exchange one by one: where the minute is spent, that waits for the next one, if the run lasts so long.
 */
import type { ClientHello, Failure, OfferAnswer, Outcome } from '../network/network.ts'
import { currentSuites, suitesWith } from '../syntax/cipher-suites.ts'
import { tlsVersions, type TlsVersion } from '../syntax/client-hello.ts'
import { finiteGroups, hybridGroups, registeredName, usualGroups, weakGroups } from '../syntax/tls-groups.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { HeldService, MxSession } from './session-sets.ts'
import { offerTls, type OfferContext } from './tls-offer.ts'

/** What was offered, each by a hello of its own. */
export type OfferName =
  /** Nothing newer than this version, with every cipher there is. */
  | 'tls-1.1' | 'tls-1.0' | 'ssl-3'
  /** NULL, EXPORT and RC4; for services that people log in to, anonymous ones, too. */
  | 'weak-ciphers'
  /** No forward secrecy, or blocks of 64 bits. */
  | 'static-keys'
  /** Diffie-Hellman over a group of the server's choice, or over curves that are too small. */
  | 'short-groups'
  /** Curves that are too small, alone: asked only where Diffie-Hellman may have hidden them. */
  | 'weak-curves'

export interface TlsOffer {
  readonly offer: OfferName
  readonly answer: Outcome<OfferAnswer>
}

/** The groups on which a server of TLS 1.3 agrees. */
export interface KeyExchangeGroups {
  /** Names of the registry; the one of the dialogue first. */
  readonly taken: readonly string[]
  /** Those of `asked` that are not taken are refused. */
  readonly asked: readonly string[]
}

export interface TlsScanFacts extends Subject {
  /** In the order in which they were made; empty when the dialogue had no TLS. */
  readonly offers: readonly TlsOffer[]
  /** Null below TLS 1.3, where the client's list and the server's settle it together with the cipher. */
  readonly groups: KeyExchangeGroups | null
  readonly failure?: Failure
}

const weak = suitesWith(({ plain, export: weakened, rc4 }) => plain || weakened || rc4)
const anonymous = suitesWith((traits, name) => traits.anonymous && !weak.includes(name))
const strongEnough = (name: string): boolean => !weak.includes(name) && !name.includes('_anon_')
const keyless = suitesWith(({ static: fixed, smallBlocks }, name) => (fixed || smallBlocks) && strongEnough(name))
const finite = suitesWith(({ smallBlocks }, name) => /^TLS_DHE_/.test(name) && !smallBlocks && strongEnough(name))
const elliptic = suitesWith(({ smallBlocks }, name) => /^TLS_ECDHE_/.test(name) && !smallBlocks && strongEnough(name))
const everything = suitesWith(({ aead, anonymous: nobody }) => !aead && !nobody)

export async function probeTlsScan({ network, scope: { ehloName }, facts, sessions }: ProbeContext, held: MxSession | HeldService): Promise<TlsScanFacts> {
  const { name, session: { tls, protocol, endpoint } } = held
  if (!tls) return { name, offers: [], groups: null }
  const { plain, nameless } = await facts.get('handshakes', held) // the cheaper facts come first
  // Who took ECDHE where both were offered, and takes Diffie-Hellman where only the curves are worse, takes none of those.
  const prefersCurves = plain && 'value' in plain && plain.value.accepted && plain.value.cipher.startsWith('TLS_ECDHE_')
  // Who answers TLS 1.2 with "protocol_version" and then speaks TLS 1.3 has refused every group and cipher of old at once.
  const onlyCurrent = plain && 'value' in plain && !plain.value.accepted && plain.value.alert === PROTOCOL_VERSION
    && nameless && 'value' in nameless && nameless.value.version === 'TLSv1.3'
  const loggedInTo = endpoint.port !== 25
  return sessions.hold(network, endpoint, {
    name: `tls scan, ${protocol} as ${ehloName}`,
    run: async where => {
      const scan = new Scan({ network: where, endpoint, protocol, ehloName, spare: 0, wait: Infinity }, tls.servername)
      await scan.run(loggedInTo, prefersCurves === true, onlyCurrent === true)
      const groups = tls.version === 'TLSv1.3' ? await scan.groups(tls.keyExchange) : null
      const { offers, stopped } = scan
      return { name, offers, groups, ...(stopped?.event === 'unavailable' ? { failure: stopped } : {}) }
    },
  })
}

/** RFC 8446 §6.2. */
const PROTOCOL_VERSION = 70

class Scan {
  readonly offers: TlsOffer[] = []
  /** Why nothing more is asked. */
  stopped: Failure | undefined
  readonly #context: OfferContext
  readonly #servername: string | null

  constructor(context: OfferContext, servername: string | null) {
    this.#context = context
    this.#servername = servername
  }

  async run(loggedInTo: boolean, prefersCurves: boolean, onlyCurrent: boolean): Promise<void> {
    const old = await this.#ask('tls-1.1', 'TLSv1.1', everything, usualGroups)
    if (onlyCurrent) {
      this.offers.push({ offer: 'weak-ciphers', answer: { value: { accepted: false, alert: PROTOCOL_VERSION } } })
      return
    }
    const weakest = loggedInTo ? [...weak, ...anonymous] : weak
    await this.#askWeakOrStatic(weakest)
    const short = await this.#ask('short-groups', 'TLSv1.2', [...elliptic, ...finite], weakGroups)
    // Only what was taken leaves something open.
    if (short?.cipher.startsWith('TLS_DHE_') && !prefersCurves) await this.#ask('weak-curves', 'TLSv1.2', elliptic, weakGroups)
    const older = old && await this.#askBelow(old.version)
    if (older) await this.#askBelow(older.version)
  }

  /** One refusal answers two questions; who takes something, or does not answer, is asked for the one and the other. */
  async #askWeakOrStatic(weakest: readonly string[]): Promise<void> {
    const { answer } = await this.#offer('weak-or-static', 'TLSv1.2', [...weakest, ...keyless], usualGroups)
    const taken = 'value' in answer && answer.value.accepted ? answer.value.cipher : null
    if (taken !== null && !weakest.includes(taken)) {
      await this.#ask('weak-ciphers', 'TLSv1.2', weakest, usualGroups)
      this.offers.push({ offer: 'static-keys', answer })
      return
    }
    this.offers.push({ offer: 'weak-ciphers', answer })
    if (taken === null && 'value' in answer) this.offers.push({ offer: 'static-keys', answer })
    else await this.#ask('static-keys', 'TLSv1.2', keyless, usualGroups)
  }

  /** The hybrids first, then what is left: who refuses all that was not heard of yet has no more. */
  async groups(ofDialogue: string | null): Promise<KeyExchangeGroups> {
    const first = ofDialogue === null ? null : registeredName(ofDialogue)
    const taken = first === null ? [] : [first]
    const asked = [...taken]
    for (const some of [hybridGroups, [...usualGroups, ...finiteGroups]]) {
      for (;;) {
        const left = some.filter(group => !taken.includes(group))
        if (this.stopped || left.length === 0) break
        const hello: ClientHello = { version: 'TLSv1.3', ciphers: currentSuites, groups: left, servername: this.#servername, deflate: false }
        const answer = await offerTls(this.#context, some === hybridGroups ? `hybrid-groups-${taken.length}` : `groups-${taken.length}`, hello)
        if ('problem' in answer) return { taken, asked }
        const group = answer.value.accepted ? answer.value.keyExchange : null
        if (group === null || !left.includes(group)) {
          asked.push(...left)
          break
        }
        taken.push(group)
        asked.push(group)
      }
    }
    return { taken, asked }
  }

  #askBelow(version: string): Promise<{ readonly version: string } | null> {
    const below = tlsVersions[tlsVersions.indexOf(version as TlsVersion) - 1]
    if (below === 'TLSv1') return this.#ask('tls-1.0', below, everything, usualGroups)
    return below === 'SSLv3' ? this.#ask('ssl-3', below, everything, []) : Promise.resolve(null)
  }

  /** What was taken; null when it was refused, or could not be asked. */
  async #ask(offer: OfferName, version: TlsVersion, ciphers: readonly string[], groups: readonly string[]): Promise<Extract<OfferAnswer, { accepted: true }> | null> {
    const { answer } = await this.#offer(offer, version, ciphers, groups)
    this.offers.push({ offer, answer })
    return 'value' in answer && answer.value.accepted ? answer.value : null
  }

  async #offer(name: string, version: TlsVersion, ciphers: readonly string[], groups: readonly string[]): Promise<{ readonly answer: Outcome<OfferAnswer> }> {
    if (this.stopped) return { answer: { problem: this.stopped } }
    const hello: ClientHello = { version, ciphers, groups, servername: this.#servername, deflate: false }
    const answer = await offerTls(this.#context, name, hello)
    if ('problem' in answer) {
      const { event, reason } = answer.problem
      // Silence may be about this hello alone; what is over, and who asks to be left alone, is not asked again.
      if (['unavailable', 'refused', 'unreachable'].includes(event) || reason === 'rate-limited' || reason === 'connect-timeout') this.stopped = answer.problem
    }
    return { answer }
  }
}
