/**
 * A recorded run in which one thing goes wrong. What is on the tape happens as it happened, in whatever order it is asked for;
 * what is not, because the fault made the run ask for more, is asked of the world from which the tape was taken.
 *
 * A peer knows all dialogues that were held with it: whatever is said to it, it answers as it did in the dialogue that began
 * like that. A command that it never heard ends the connection.
 */
import type { Cassette } from '../src/network/cassette.ts'
import { endpointKey, questionKey, requestKey } from '../src/network/keys.ts'
import {
  endpointName, NetworkFailure, type Answer, type Connection, type Endpoint, type Failure, type HttpResponse, type Network, type OfferAnswer, type Question,
  type ReceivedLine, type TlsSession,
} from '../src/network/network.ts'
import type { SessionTake } from '../src/network/transcript.ts'
import { usualFailure } from '../src/network/transcript.ts'

/** Where in a dialogue something can go wrong. */
export interface Moment {
  readonly endpoint: Endpoint
  readonly purpose: string | undefined
  /** `greeting` waits for the first line; `reply` for the reply to the last command said. */
  readonly stage: 'connect' | 'greeting' | 'reply' | 'handshake' | 'offer'
  /** The commands said so far, without tags. */
  readonly said: readonly string[]
  /** How many connections to this peer there were before. */
  readonly before: number
}

/** How: the boundary fails, or the peer says something else, and may hang up after it. `TAG` stands for the command's. */
export type Strike = { readonly failure: Failure } | { readonly reply: readonly string[]; readonly hangsUp: boolean }

export interface Fault {
  readonly query?: (question: Question) => Failure | Partial<Answer> | null
  readonly session?: (moment: Moment) => Strike | null
  readonly fetch?: (url: string) => Failure | Partial<HttpResponse> | null
  /** What the clock here says. */
  readonly now?: Date
}

export function faulty({ questions, sessions, pages, startedAt }: Cassette, world: Network, fault: Fault): Network {
  const answers = new Map(questions.map(take => [questionKey(take.question), take.outcome]))
  const responses = new Map(pages.map(take => [requestKey(take.url, take.request), take.outcome]))
  const dialogues = new Map<string, SessionTake[]>()
  for (const take of sessions) {
    const key = endpointKey(take.endpoint, take.purpose)
    dialogues.set(key, [...(dialogues.get(key) ?? []), take])
  }
  const connections = new Map<string, number>()
  const held = new Map<SessionTake, number>()
  return {
    query: async question => {
      await Promise.resolve()
      const taped = answers.get(questionKey(question))
      const struck = fault.query?.(question) ?? null
      if (struck && 'event' in struck) throw new NetworkFailure(struck)
      if (taped && 'problem' in taped) throw new NetworkFailure(taped.problem)
      const answer = (taped?.value ?? await world.query(question)) as Answer<typeof question.type>
      return struck ? { ...answer, ...struck } as typeof answer : answer
    },
    connect: async (endpoint, { purpose, deferTls = false, timeout } = {}) => {
      await Promise.resolve()
      const peer = endpointName(endpoint)
      const before = connections.get(peer) ?? 0
      connections.set(peer, before + 1)
      const strike = (moment: Pick<Moment, 'stage' | 'said'>): Strike | null => fault.session?.({ endpoint, purpose, before, ...moment }) ?? null
      const struck = strike({ stage: 'connect', said: [] })
      if (struck && 'failure' in struck) throw new NetworkFailure(struck.failure)
      const known = dialogues.get(endpointKey(endpoint, purpose)) ?? []
      if (known.length === 0) return world.connect(endpoint, { deferTls, ...(timeout === undefined ? {} : { timeout }) })
      return Peer.open(endpoint, known, held, strike, deferTls)
    },
    fetch: async (url, request) => {
      await Promise.resolve()
      const taped = responses.get(requestKey(url, request))
      const struck = fault.fetch?.(url) ?? null
      if (struck && 'event' in struck) throw new NetworkFailure(struck)
      if (taped && 'problem' in taped) throw new NetworkFailure(taped.problem)
      const response = taped?.value ?? await world.fetch(url, request)
      return struck ? { ...response, ...struck } : response
    },
    now: () => fault.now ?? new Date(startedAt),
  }
}

/** Why a peer hangs up that is told what nobody told it when the run was recorded. */
export const neverHeard = 'this peer was never told such a thing'

/** A command as it was spelt, without the tag of IMAP. */
export function untagged(command: string): string {
  return command.replace(/^a\d+ /, '')
}

type Striking = (moment: Pick<Moment, 'stage' | 'said'>) => Strike | null

class Peer implements Connection {
  readonly endpoint: Endpoint
  readonly connected: number
  tls: TlsSession | undefined
  readonly injected = ''
  /** Those that began like this one. */
  #dialogues: readonly SessionTake[]
  /** How often each was held where a secret set them apart. */
  readonly #held: Map<SessionTake, number>
  readonly #strike: Striking
  readonly #said: string[] = []
  #position = 0
  /** What is said in place of what was said. */
  #instead: string[] = []
  #hangsUp = false
  #waiting: 'greeting' | 'reply' | null = 'greeting'
  #failure: Error | undefined
  #tag = '*'

  static open(endpoint: Endpoint, dialogues: readonly SessionTake[], held: Map<SessionTake, number>, strike: Striking, deferTls: boolean): Peer {
    const [first] = dialogues
    const [step] = first?.steps ?? []
    if (!first || first.connected === null) throw new NetworkFailure(step?.kind === 'failed' ? step.failure : { event: 'refused', ...usualFailure('refused', endpoint, false) })
    const peer = new Peer(endpoint, dialogues, held, strike, first.connected)
    if (endpoint.tls === 'starttls' || deferTls) return peer
    try {
      peer.#handshake()
    } catch (error) {
      throw error instanceof NetworkFailure ? new NetworkFailure({ ...error.toJSON(), connected: first.connected }) : error
    }
    return peer
  }

  private constructor(endpoint: Endpoint, dialogues: readonly SessionTake[], held: Map<SessionTake, number>, strike: Striking, connected: number) {
    this.#held = held
    this.endpoint = endpoint
    this.connected = connected
    this.#dialogues = dialogues
    this.#strike = strike
  }

  readLine(): Promise<ReceivedLine> {
    return settle(() => {
      if (this.#failure) throw this.#failure
      if (this.#waiting) {
        const struck = this.#strike({ stage: this.#waiting, said: this.#said })
        this.#waiting = null
        if (struck && 'failure' in struck) throw this.#fail(struck.failure)
        if (struck) {
          this.#instead = struck.reply.map(line => line.replace(/^TAG/, this.#tag))
          this.#hangsUp = struck.hangsUp
          while (this.#step?.kind === 'received') this.#position++
        }
      }
      const instead = this.#instead.shift()
      if (instead !== undefined) return { text: instead, at: 10 }
      if (this.#hangsUp) throw this.#fail({ event: 'closed', ...usualFailure('closed', this.endpoint, true) })
      const step = this.#step
      if (step?.kind === 'received') {
        this.#position++
        return { text: step.text, at: step.at }
      }
      if (step?.kind === 'failed') throw this.#fail(step.failure)
      const event = step ? 'timeout' : 'closed'
      throw this.#fail({ event, ...usualFailure(event, this.endpoint, true) })
    })
  }

  /** What stands between here and the next command. */
  unread(): readonly ReceivedLine[] {
    const lines: ReceivedLine[] = []
    for (let step = this.#step; !this.#failure && !this.#hangsUp && step?.kind === 'received'; step = this.#step) {
      lines.push({ text: step.text, at: step.at })
      this.#position++
    }
    return lines
  }

  writeLine(line: string, shown = line): Promise<void> {
    return settle(() => void this.#hear(text => text === shown, shown))
  }

  writeOctets(octets: string): Promise<void> {
    const text = octets.replace(/\r\n$/, '')
    return settle(() => void this.#hear(said => said === text, text))
  }

  writeSecret(beginning: string): Promise<string> {
    return settle(() => {
      const shown = this.#hear(text => text.startsWith(beginning), beginning)
      // what differs is masked: each dialogue is held in its turn
      const [turn] = this.#dialogues.toSorted((a, b) => (this.#held.get(a) ?? 0) - (this.#held.get(b) ?? 0))
      if (turn) {
        this.#held.set(turn, (this.#held.get(turn) ?? 0) + 1)
        this.#dialogues = [turn]
      }
      return shown
    })
  }

  channelBinding(): string | null {
    return this.tls ? '' : null
  }

  startTls(): Promise<TlsSession> {
    return settle(() => this.#handshake())
  }

  offerTls(name: string): Promise<OfferAnswer> {
    return settle(() => {
      if (this.#failure) throw this.#failure
      const struck = this.#strike({ stage: 'offer', said: this.#said })
      if (struck && 'failure' in struck) throw this.#fail(struck.failure)
      const step = this.#dialogues.map(({ steps }) => steps[this.#position]).find(one => one?.kind === 'offered' && one.hello === name)
      if (step?.kind !== 'offered') throw this.#fail({ event: 'timeout', ...usualFailure('timeout', this.endpoint, true) })
      return step.answer
    })
  }

  close(): void {
    this.#failure ??= new NetworkFailure({ event: 'closed', reason: 'connection-lost', detail: `${endpointName(this.endpoint)} was closed here` })
  }

  get #step() {
    return this.#dialogues[0]?.steps[this.#position]
  }

  #hear(matches: (text: string) => boolean, line: string): string {
    if (this.#failure) throw this.#failure
    this.#tag = line.split(' ')[0] ?? ''
    const steps = this.#dialogues[0]?.steps ?? []
    while (steps[this.#position]?.kind === 'received') this.#position++
    const going = this.#dialogues.filter(dialogue => {
      const step = dialogue.steps[this.#position]
      return step?.kind === 'sent' && matches(step.text)
    })
    const step = going[0]?.steps[this.#position]
    const text = step?.kind === 'sent' ? step.text : line
    this.#said.push(untagged(text))
    this.#waiting = 'reply'
    if (going.length === 0 && !/^(?:QUIT|LOGOUT)$/.test(untagged(line))) this.#failure = new NetworkFailure({ event: 'closed', reason: 'connection-lost', detail: neverHeard })
    else if (going.length > 0) this.#dialogues = going
    this.#position++
    return text
  }

  #handshake(): TlsSession {
    if (this.#failure) throw this.#failure
    const struck = this.#strike({ stage: 'handshake', said: this.#said })
    if (struck && 'failure' in struck) throw this.#fail(struck.failure)
    const going = this.#dialogues.filter(({ steps }) => steps[this.#position]?.kind === 'tls')
    const step = going[0]?.steps[this.#position]
    if (step?.kind !== 'tls') throw this.#fail({ event: 'closed', ...usualFailure('closed', this.endpoint, true) })
    this.#dialogues = going
    this.#position++
    this.tls = step.tls
    return step.tls
  }

  #fail(failure: Failure): Error {
    return this.#failure = new NetworkFailure(failure)
  }
}

/** A promise of what `act` returns or throws. */
async function settle<T>(act: () => T): Promise<T> {
  await Promise.resolve()
  return act()
}
