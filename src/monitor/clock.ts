/** The time as the service sees it, so that a test can make hours pass without waiting for them. */

export interface Clock {
  now(): Date
  /** Calls `act` once after so many milliseconds; the returned function calls it off. */
  after(milliseconds: number, act: () => void): () => void
}

/** What a timer of Node.js can wait for. */
const longest = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => new Date(),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, Math.min(Math.max(0, milliseconds), longest))
    return () => clearTimeout(timer)
  },
}
