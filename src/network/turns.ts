/**
 * Network -> Network that leaves time for others. What is remembered is answered without a pause, so that a run whose answers
 * are all known would keep the process to itself until it is over, and twenty of them twenty times as long. Here whoever asks
 * after the process has been busy for some milliseconds waits until it has looked around: a scrape is answered in between.
 */
import type { Network } from './network.ts'

/** Milliseconds of work between two looks around. */
const stretch = 4

/** One for everything that shares a thread. */
export class Turns {
  /** When the work began that is going on. */
  #since = 0
  #looking = false
  readonly #waiting: (() => void)[] = []

  /** Settles at once, or when it is this one's turn: of those that wait, first come, first served. */
  take(): Promise<void> {
    if (!this.#looking) {
      this.#since = performance.now()
      this.#look()
    }
    if (performance.now() - this.#since < stretch) return done
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #look(): void {
    this.#looking = true
    setImmediate(() => {
      this.#looking = false
      const next = this.#waiting.shift()
      if (!next) return
      this.#since = performance.now()
      this.#look()
      next() // one alone: how long it will be at work cannot be told before
    })
  }
}

const done = Promise.resolve()

export function inTurns(network: Network, turns: Turns): Network {
  return {
    query: async question => {
      await turns.take()
      return network.query(question)
    },
    connect: async (endpoint, options) => {
      await turns.take()
      return network.connect(endpoint, options)
    },
    fetch: async (url, request) => {
      await turns.take()
      return network.fetch(url, request)
    },
    now: () => network.now(),
  }
}
