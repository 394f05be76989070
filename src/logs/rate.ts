/**
 * How much there was within the last so many milliseconds: of two windows that do not slide, this one whole and the one before
 * in part. Right to within what is uneven in the window before, in three numbers for each thing that is counted.
 */
export class Rate {
  #start = -Infinity
  #current = 0
  #previous = 0

  /** What there was within `window` milliseconds up to `time`, this included. What comes late counts as now. */
  add(time: number, amount: number, window: number): number {
    this.#move(time, window)
    this.#current += amount
    return this.#within(time, window)
  }

  at(time: number, window: number): number {
    this.#move(time, window)
    return this.#within(time, window)
  }

  #move(time: number, window: number): void {
    if (time < this.#start + window) return
    const next = time < this.#start + 2 * window
    this.#previous = next ? this.#current : 0
    this.#current = 0
    this.#start = next ? this.#start + window : time
  }

  #within(time: number, window: number): number {
    const into = Math.min(1, Math.max(0, (time - this.#start) / window))
    return this.#current + this.#previous * (1 - into)
  }
}
