/** How long deliveries took, in steps that a person would tell apart; in seconds. */
export const delaySteps = [1, 5, 15, 60, 300, 1800, 7200, 28_800, 86_400] as const

export class Histogram {
  /** One for each step, and one for what is beyond. */
  readonly counts: number[] = [...delaySteps, Infinity].map(() => 0)
  count = 0
  longest = 0

  add(seconds: number): void {
    let step = 0
    while (step < delaySteps.length && seconds > (delaySteps[step] ?? Infinity)) step++
    this.counts[step] = (this.counts[step] ?? 0) + 1
    this.count++
    this.longest = Math.max(this.longest, seconds)
  }

  /** The step within which this share of all lies; infinite beyond the last, NaN when there is none. */
  within(share: number): number {
    if (this.count === 0) return NaN
    let sum = 0
    for (const [i, count] of this.counts.entries()) {
      sum += count
      if (sum >= share * this.count) return delaySteps[i] ?? Infinity
    }
    return Infinity
  }
}
