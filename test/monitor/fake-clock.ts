/** A clock that stands still until it is told to go on. */
import type { Clock } from '../../src/monitor/clock.ts'

export class FakeClock implements Clock {
  #now: number
  #timers: { at: number; act: () => void }[] = []

  constructor(start = '2026-11-23T10:00:00Z') {
    this.#now = Date.parse(start)
  }

  now(): Date {
    return new Date(this.#now)
  }

  after(milliseconds: number, act: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, milliseconds), act }
    this.#timers.push(timer)
    return () => (this.#timers = this.#timers.filter(other => other !== timer))
  }

  /** Lets what is due in this time happen, in order, and what follows from it. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    await settled()
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
      if (!next) break
      this.#timers = this.#timers.filter(timer => timer !== next)
      this.#now = Math.max(this.#now, next.at)
      next.act()
      await settled()
    }
    this.#now = end
  }

  get timers(): number {
    return this.#timers.length
  }
}

/** Once everything that follows without waiting for the world has happened. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve()
}
