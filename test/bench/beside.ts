/** Two that do the same work, measured in turn, so that a machine that slows down slows both. */
import type { Network } from '../../src/network/network.ts'
import { median } from './median.ts'

/** Answers from a map, by a promise. */
export function remembered(network: Network): Network {
  const answers = new Map<string, Awaited<ReturnType<Network['query']>>>()
  return {
    ...network,
    query: async question => {
      const key = `${question.name} ${question.type}`
      const known = answers.get(key)
      if (known) return known as never
      const answer = await network.query(question)
      answers.set(key, answer)
      return answer
    },
  }
}

export interface Beside<T> {
  readonly inputs: readonly T[]
  readonly ours: (input: T) => Promise<unknown>
  readonly theirs: (input: T) => Promise<unknown>
  /** How often all of the inputs are worked through in a measurement, and how many measurements there are of each. */
  readonly rounds: number
  readonly measurements: number
}

/** Inputs a second of processor time, so that whatever else the machine does counts for nobody; and how many times theirs that is. */
export async function beside<T>({ inputs, ours, theirs, rounds, measurements }: Beside<T>): Promise<{ readonly ours: string; readonly theirs: string; readonly ratio: string }> {
  const perSecond = async (work: (input: T) => Promise<unknown>): Promise<number> => {
    const began = process.cpuUsage()
    for (let i = 0; i < rounds; i++) for (const input of inputs) await work(input)
    const { user, system } = process.cpuUsage(began)
    return rounds * inputs.length * 1e6 / (user + system)
  }
  for (const work of [ours, theirs]) await perSecond(work) // until the compiler has done its part
  const measured: { readonly ours: number; readonly theirs: number }[] = []
  for (let i = 0; i < measurements; i++) measured.push({ ours: await perSecond(ours), theirs: await perSecond(theirs) })
  const ratios = measured.map(one => one.ours / one.theirs)
  return {
    ours: median(measured.map(one => one.ours)).toFixed(0), theirs: median(measured.map(one => one.theirs)).toFixed(0),
    ratio: `${median(ratios).toFixed(1)} x (${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)})`,
  }
}
