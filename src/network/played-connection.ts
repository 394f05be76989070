/**
 * A connection that follows a recorded session: what was received is read, what was sent must be sent again, and a handshake
 * or failure strikes where it struck. Nothing is waited for, so a replay takes no time and always goes the same way.
 */
import { NetworkFailure, endpointName, type Connection, type Endpoint, type Failure, type OfferAnswer, type ReceivedLine, type TlsSession } from './network.ts'
import type { SessionTake, Step } from './transcript.ts'

/** What a transcript does not say: a tape lacks it; a closed world answers it in some way of its own. */
export interface OffScript {
  /** The transcript has ended, the peer waits for a command, or it says something where a handshake should be. */
  silent(endpoint: Endpoint, why: 'ended' | 'waiting' | 'no-handshake'): Error
  /** Another command was sent than the transcript has; null: let it pass unanswered. */
  surprised(endpoint: Endpoint, sent: string, expected: string): Error | null
}

export class PlayedConnection implements Connection {
  readonly endpoint: Endpoint
  readonly connected: number
  tls: TlsSession | undefined
  injected = ''
  readonly #take: SessionTake
  readonly #offScript: OffScript
  #position = 0
  #failure: Error | undefined

  /** Rejects in place of the connect that failed, and makes the handshake of implicit TLS. */
  static open(take: SessionTake, offScript: OffScript, deferTls = false): PlayedConnection {
    const [first] = take.steps
    if (take.connected === null) {
      throw first?.kind === 'failed' ? new NetworkFailure(first.failure) : offScript.silent(take.endpoint, 'ended')
    }
    const connection = new PlayedConnection(take, take.connected, offScript)
    if (take.endpoint.tls === 'starttls' || deferTls) return connection
    try {
      connection.#handshake()
    } catch (error) {
      throw error instanceof NetworkFailure ? new NetworkFailure({ ...error.toJSON(), connected: take.connected }) : error
    }
    return connection
  }

  private constructor(take: SessionTake, connected: number, offScript: OffScript) {
    this.endpoint = take.endpoint
    this.connected = connected
    this.#take = take
    this.#offScript = offScript
  }

  readLine(): Promise<ReceivedLine> {
    return settle(() => {
      const step = this.#next()
      if (step?.kind === 'received') {
        this.#position++
        return { text: step.text, at: step.at }
      }
      throw this.#fail(this.#offScript.silent(this.endpoint, step ? 'waiting' : 'ended'))
    })
  }

  /** What stands between here and the next command. */
  unread(): readonly ReceivedLine[] {
    if (this.#failure) return []
    const { steps } = this.#take
    const next = steps.findIndex((step, i) => i >= this.#position && step.kind !== 'received')
    if (steps[next]?.kind !== 'sent') return []
    const lines = steps.slice(this.#position, next).flatMap(step => (step.kind === 'received' ? [{ text: step.text, at: step.at }] : []))
    this.#position = next
    return lines
  }

  writeLine(line: string, shown = line): Promise<void> {
    return settle(() => {
      if (this.#failure) throw this.#failure
      // A command may be written while lines are unread: the caller has heard enough, or the peer hung up in mid-sentence.
      const ahead = this.#take.steps.findIndex((step, i) => i >= this.#position && step.kind !== 'received')
      const step = this.#take.steps[ahead]
      if (step?.kind !== 'sent') return
      if (matches(step.text, shown)) {
        this.#position = ahead + 1
        return
      }
      const surprise = this.#offScript.surprised(this.endpoint, shown, step.text)
      if (surprise) throw this.#fail(surprise)
      this.#position = this.#take.steps.length
    })
  }

  writeOctets(octets: string): Promise<void> {
    return this.writeLine(octets.replace(/\r\n$/, ''))
  }

  /** The secret is not asked for: what was shown stands for it. */
  writeSecret(beginning: string): Promise<string> {
    return settle(() => {
      if (this.#failure) throw this.#failure
      const ahead = this.#take.steps.findIndex((step, i) => i >= this.#position && step.kind !== 'received')
      const step = this.#take.steps[ahead]
      if (step?.kind !== 'sent') return beginning
      if (!step.text.startsWith(beginning)) throw this.#fail(this.#offScript.surprised(this.endpoint, beginning, step.text) ?? this.#offScript.silent(this.endpoint, 'ended'))
      this.#position = ahead + 1
      return step.text
    })
  }

  /** It would go into what is only shown. */
  channelBinding(): string | null {
    return this.tls ? '' : null
  }

  startTls(): Promise<TlsSession> {
    return settle(() => this.#handshake())
  }

  offerTls(name: string): Promise<OfferAnswer> {
    return settle(() => {
      const step = this.#nextOfTls()
      if (step?.kind !== 'offered' || step.hello !== name) throw this.#fail(this.#offScript.silent(this.endpoint, step ? 'no-handshake' : 'ended'))
      this.#position++
      return step.answer
    })
  }

  close(): void {
    const closed: Failure = { event: 'closed', reason: 'connection-lost', detail: `${endpointName(this.endpoint)} was closed here` }
    this.#failure ??= new NetworkFailure(closed)
  }

  #handshake(): TlsSession {
    const step = this.#nextOfTls()
    if (step?.kind !== 'tls') throw this.#fail(this.#offScript.silent(this.endpoint, step ? 'no-handshake' : 'ended'))
    this.#position++
    this.tls = step.tls
    return step.tls
  }

  /** The step behind what was injected. */
  #nextOfTls(): Step | undefined {
    const step = this.#next()
    if (step?.kind !== 'injected') return step
    this.injected = step.text
    this.#position++
    return this.#nextOfTls()
  }

  /** The step at hand; throws when the session has failed, or fails here. */
  #next(): Step | undefined {
    if (this.#failure) throw this.#failure
    const step = this.#take.steps[this.#position]
    if (step?.kind === 'failed') throw this.#fail(new NetworkFailure(step.failure))
    return step
  }

  #fail(error: Error): Error {
    this.#failure = error
    return error
  }
}

/** Exactly, or up to a final `*`: `EHLO *` matches any name. */
export function matches(pattern: string, command: string): boolean {
  return pattern.endsWith('*') ? command.startsWith(pattern.slice(0, -1)) : pattern === command
}

/** A promise of what `act` returns or throws. */
async function settle<T>(act: () => T): Promise<T> {
  await Promise.resolve()
  return act()
}
