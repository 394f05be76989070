/**
 * Long work in steps: a generator that yields every few milliseconds and returns what it comes to. Whoever has nothing else to do
 * goes through with it; whoever has others to answer does so in between.
 */
export type Steps<T> = Generator<undefined, T, undefined>

/** All of it now. Throws what the work throws. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** `pause` is awaited between two steps. Where it rejects, the work is given up. */
export async function withPauses<T>(steps: Steps<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await pause()
  }
}
