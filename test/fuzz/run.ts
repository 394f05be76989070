/** Feeds one parser and watches: nothing may throw, hang or keep memory. */
import { setFlagsFromString } from 'node:v8'
import { createContext, runInContext, runInThisContext } from 'node:vm'
import { makeInput } from './mutate.ts'

export interface Target {
  readonly name: string
  readonly seeds: readonly (string | Buffer)[]
  /** What its grammar is made of, besides what the seeds hold. */
  readonly words?: readonly string[]
  /** How many of its turns a target gets: 1 unless it is slow by nature. */
  readonly share?: number
  run(octets: Buffer, text: string): unknown
}

export interface Outcome {
  readonly name: string
  readonly inputs: number
  readonly seconds: number
  /** Milliseconds, the least of several tries, so that a busy machine does not look like a slow parser. */
  readonly slowest: number
  /** Octets of the heap that were not given back. */
  readonly growth: number
  readonly faults: readonly Fault[]
}

export interface Fault {
  readonly kind: 'threw' | 'hung' | 'slow' | 'grew'
  readonly detail: string
  readonly round: number
  readonly input: Buffer
}

/** Milliseconds that one input may take. */
export const slow = 50
/** Octets that a target may keep: caches of fixed size, compiled code. */
export const tolerated = 8 * 1024 * 1024
const batchSize = 100
/** Enough is enough. */
const maxFaults = 5

/**
 * The first `count` rounds of the seed. Milliseconds: `patience` that a hundred inputs may take before one of them hangs, `limit` that
 * one may take; where others share the machine, only the former tells anything.
 */
export function fuzz(target: Target, seed: number, count: number, { patience = 10_000, limit = slow } = {}): Outcome {
  const seeds = target.seeds.map(text => typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
  const words = [...target.words ?? [], ...pieces(target.seeds)]
  const faults: Fault[] = []
  const inputOf = (round: number): Buffer => makeInput(seeds, words, seed, round)
  let slowest = 0
  let round = 0
  const timed = (input: Buffer): number => {
    const text = input.toString('latin1')
    const start = performance.now()
    target.run(input, text)
    return performance.now() - start
  }
  const report = (kind: Fault['kind'], detail: string, input: Buffer): void => {
    faults.push({ kind, detail, round, input })
  }
  const one = (): void => {
    const input = inputOf(round)
    try {
      let took = timed(input)
      for (let tries = 0; took > limit / 2 && tries < (took > limit ? 10 : 3); tries++) took = Math.min(took, timed(input))
      slowest = Math.max(slowest, took)
      if (took > limit) report('slow', `${took.toFixed(1)} ms`, input)
    } catch (error) {
      if (isTimeout(error)) throw error
      report('threw', error instanceof Error ? error.stack ?? error.message : String(error), input)
    }
  }
  const start = performance.now()
  // What is loaded, compiled and cached at first is no growth.
  const settled = Math.min(2000, Math.floor(count / 4))
  let before = 0
  while (round < count && faults.length < maxFaults) {
    if (before === 0 && round >= settled) before = heap()
    const stop = Math.min(count, round + batchSize)
    try {
      interruptibly(() => {
        for (; round < stop && faults.length < maxFaults; round++) one()
      }, patience)
    } catch (error) {
      if (!isTimeout(error)) throw error
      report('hung', 'it was stopped', inputOf(round))
      round++
    }
  }
  const seconds = (performance.now() - start) / 1000
  const growth = before === 0 ? 0 : heap() - before
  if (growth > tolerated) report('grew', `${(growth / 1024 / 1024).toFixed(1)} MiB`, Buffer.alloc(0))
  return { name: target.name, inputs: round, seconds, slowest, growth, faults }
}

/** Calls `act`, and throws ERR_SCRIPT_EXECUTION_TIMEOUT when it takes longer: only V8 itself can end a loop. */
function interruptibly(act: () => void, milliseconds: number): void {
  const holder = globalThis as { fuzzed?: () => void }
  holder.fuzzed = act
  try {
    runInThisContext('fuzzed()', { timeout: milliseconds })
  } finally {
    delete holder.fuzzed
  }
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}

let collect: (() => void) | undefined

function heap(): number {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInContext('gc', createContext()) as () => void
  }
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** The words of the seeds, whatever parts them there. */
function pieces(seeds: readonly (string | Buffer)[]): string[] {
  const all = seeds.flatMap(seed => typeof seed === 'string' ? seed.match(/[A-Za-z0-9_.*%{}@+-]+|[^A-Za-z0-9]/g) ?? [] : [])
  return [...new Set([' ', ...all])].slice(0, 500)
}
