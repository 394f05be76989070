/**
 * Network -> Network that keeps to a budget. Polite towards others: few connections at a time to one (address, port), and
 * few new ones a minute. Careful with ourselves: so many connections and questions under way in all, and an end to the run.
 * When time is up, everything still open or asked later fails as `deadline-spent`, and open connections are closed.
 */
import pLimit, { type LimitFunction } from 'p-limit'
import { endpointName, NetworkFailure, type ChannelBindingType, type ClientHello, type Connection, type Network, type SecretLine, type StartTlsOptions } from './network.ts'

export interface LimitOptions extends BudgetOptions {
  /** Shared among the runs of one call; else `limit` makes its own from the other options. */
  readonly budget?: Budget
  /** When the run ends: a moment, or milliseconds from now. Where there is a signal as well, whoever gives it does so by then. */
  readonly deadline?: Date | number
  /** Ends the run as well, when the user interrupts it. */
  readonly signal?: AbortSignal
}

export interface BudgetOptions {
  /** Connections open at a time to one (address, port). */
  readonly perEndpoint?: number
  /** New connections a minute to one (address, port); one too many fails, because nobody would wait for it. */
  readonly perMinute?: number
  /** Connections open at a time in all. */
  readonly total?: number
  /** DNS questions under way at a time. */
  readonly questions?: number
}

/** What is left for whoever shares it. One limiter a resource, always taken in this order, so none waits for itself. */
export class Budget {
  readonly questions: LimitFunction
  readonly #total: LimitFunction
  readonly #perEndpoint: number
  readonly #perMinute: number
  readonly #peers = new Map<string, { slots: LimitFunction; opened: number[] }>()
  #sweepAt = 1000

  constructor({ perEndpoint = 2, perMinute = 6, total = 64, questions = 64 }: BudgetOptions = {}) {
    this.questions = pLimit(questions)
    this.#total = pLimit(total)
    this.#perEndpoint = perEndpoint
    this.#perMinute = perMinute
  }

  /** Waits for a turn with this peer, and for one in all; the turn lasts until `turn` settles. */
  connection<T>(peer: string, turn: () => Promise<T>): Promise<T> {
    const { slots } = this.#peer(peer)
    return slots(() => this.#total(turn))
  }

  /** Counts a new connection; false when the peer has had its share of this minute, but for what is to be left over. */
  open(peer: string, spare = 0): boolean {
    const { opened } = this.#peer(peer)
    const now = performance.now()
    while (opened[0] !== undefined && opened[0] <= now - 60_000) opened.shift()
    if (opened.length + spare >= this.#perMinute) return false
    opened.push(now)
    return true
  }

  /** Milliseconds until one more connection may be opened to this peer. */
  wait(peer: string, spare = 0): number {
    const { opened } = this.#peer(peer)
    const oldest = opened[Math.max(0, opened.length + spare - this.#perMinute)]
    return oldest === undefined ? 0 : Math.max(0, oldest + 60_000 - performance.now())
  }

  #peer(name: string): { slots: LimitFunction; opened: number[] } {
    const known = this.#peers.get(name)
    if (known) return known
    this.#sweep()
    const peer = { slots: pLimit(this.#perEndpoint), opened: [] }
    this.#peers.set(name, peer)
    return peer
  }

  /** Forgets whom a long call has left in peace for a minute. */
  #sweep(): void {
    if (this.#peers.size < this.#sweepAt) return
    for (const [name, { slots, opened }] of this.#peers) {
      if (slots.activeCount + slots.pendingCount === 0 && (opened.at(-1) ?? -Infinity) <= performance.now() - 60_000) this.#peers.delete(name)
    }
    this.#sweepAt = Math.max(1000, 2 * this.#peers.size)
  }
}

export function limit(network: Network, options: LimitOptions = {}): Network {
  const { budget = new Budget(options) } = options
  const end = new RunEnd(network, options)
  return {
    query: question => {
      const what = `${question.name}. ${question.type}`
      return end.guard(what, budget.questions(() => end.isSpent() ? end.never() : network.query(question)))
    },
    connect: async (endpoint, connectOptions) => {
      const { spare, wait = 0 } = connectOptions ?? {}
      const patience = Math.min(wait, end.left)
      const what = endpointName(endpoint)
      const peer = `${endpoint.address} ${endpoint.port}`
      const spent = (): NetworkFailure => new NetworkFailure({
        event: 'unavailable', reason: 'deadline-spent', detail: `${what} has had its share of connections for this minute`,
      })
      const attempt = (): Promise<Connection | null> => end.guard(what, new Promise<Connection | null>((resolve, reject) => {
        budget.connection(peer, async () => {
          if (end.isSpent()) return
          if (!budget.open(peer, spare)) {
            resolve(null)
            return
          }
          const connection = new LimitedConnection(await network.connect(endpoint, wait > 0 ? { ...connectOptions, wait: patience } : connectOptions), end)
          if (end.isSpent()) connection.close()
          resolve(connection)
          await connection.closed
        }).catch(reject)
      }))
      for (;;) {
        const connection = await attempt()
        if (connection) return connection
        const milliseconds = budget.wait(peer, spare)
        if (patience === Infinity || patience <= milliseconds) throw spent()
        await end.guard(what, new Promise<void>(resolve => setTimeout(resolve, milliseconds)))
      }
    },
    fetch: (url, request) => {
      const peer = URL.canParse(url) ? new URL(url).host : url
      return end.guard(url, budget.connection(peer, () => end.isSpent() ? end.never() : network.fetch(url, request)))
    },
    now: () => network.now(),
  }
}

/** The moment after which nothing is answered any more. */
class RunEnd {
  #spent = false
  /** As `performance.now()` tells it. */
  readonly #at: number | undefined
  readonly #waiting = new Set<() => void>()

  constructor(network: Network, { deadline, signal }: LimitOptions) {
    const stop = (): void => {
      this.#spent = true
      for (const give of [...this.#waiting]) give()
    }
    const left = deadline instanceof Date ? deadline.getTime() - network.now().getTime() : deadline
    if (left !== undefined) this.#at = performance.now() + left
    if (signal?.aborted || (left !== undefined && left <= 0)) stop()
    else if (left !== undefined && !signal) setTimeout(stop, Math.min(left, 2 ** 31 - 1)).unref()
    signal?.addEventListener('abort', stop, { once: true })
  }

  isSpent(): boolean {
    return this.#spent
  }

  /** Milliseconds; `Infinity` where it is not known. */
  get left(): number {
    return this.#at === undefined ? Infinity : this.#at - performance.now()
  }

  /** What `promise` says, unless time is up before. */
  guard<T>(what: string, promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const give = (): void => {
        this.#waiting.delete(give)
        reject(new NetworkFailure({ event: 'unavailable', reason: 'deadline-spent', detail: `the run’s time ended before ${what} answered` }))
      }
      if (this.#spent) give()
      else this.#waiting.add(give)
      promise.then(resolve, reject).finally(() => this.#waiting.delete(give))
    })
  }

  /** Calls `act` when time is up, until the returned function is called. */
  onEnd(act: () => void): () => void {
    this.#waiting.add(act)
    return () => this.#waiting.delete(act)
  }

  /** Stands in for what is not asked any more: whoever waits for it has been told. */
  never<T>(): Promise<T> {
    return Promise.reject(new NetworkFailure({ event: 'unavailable', reason: 'deadline-spent', detail: 'the run’s time has ended' }))
  }
}

class LimitedConnection implements Connection {
  /** Settles when the connection is closed here; its turn ends then. */
  readonly closed: Promise<void>
  readonly #connection: Connection
  readonly #end: RunEnd
  readonly #close: () => void

  constructor(connection: Connection, end: RunEnd) {
    let settle = (): void => undefined
    this.closed = new Promise(resolve => (settle = resolve))
    this.#connection = connection
    this.#end = end
    const forget = end.onEnd(() => this.close())
    this.#close = () => {
      forget()
      connection.close()
      settle()
    }
  }

  get endpoint() { return this.#connection.endpoint }
  get connected() { return this.#connection.connected }
  get tls() { return this.#connection.tls }
  get injected() { return this.#connection.injected }

  readLine() { return this.#guard(() => this.#connection.readLine()) }
  unread() { return this.#connection.unread() }
  writeLine(line: string, shown?: string) { return this.#guard(() => this.#connection.writeLine(line, shown)) }
  writeOctets(octets: string) { return this.#guard(() => this.#connection.writeOctets(octets)) }
  writeSecret(beginning: string, make: () => SecretLine | null) { return this.#guard(() => this.#connection.writeSecret(beginning, make)) }
  channelBinding(type: ChannelBindingType) { return this.#connection.channelBinding(type) }
  startTls(options?: StartTlsOptions) { return this.#guard(() => this.#connection.startTls(options)) }
  offerTls(name: string, hello: ClientHello) { return this.#guard(() => this.#connection.offerTls(name, hello)) }
  close(): void { this.#close() }

  #guard<T>(act: () => Promise<T>): Promise<T> {
    const what = endpointName(this.#connection.endpoint)
    return this.#end.guard(what, this.#end.isSpent() ? this.#end.never<T>() : act())
  }
}
