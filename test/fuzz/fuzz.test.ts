import { expect, test } from 'vitest'
import { makeInput } from './mutate.ts'
import { fuzz } from './run.ts'
import { makeTargets } from './targets.ts'

test('a short run: nothing throws, hangs or keeps memory', async () => {
  const targets = await makeTargets()
  const shares = targets.reduce((sum, { share = 1 }) => sum + share, 0)
  for (const target of targets) {
    const { faults, inputs } = fuzz(target, 42, Math.ceil(25_000 * (target.share ?? 1) / shares), { limit: Infinity })
    expect(faults.map(({ kind, detail, round, input }) => `${target.name} ${kind} ${detail} ${round} ${JSON.stringify(input.subarray(0, 100).toString('latin1'))}`)).toEqual([])
    expect(inputs).toBeGreaterThan(400)
  }
}, 120_000)

test('an input is made again from its number', () => {
  const seeds = [Buffer.from('v=spf1 -all'), Buffer.from('v=spf1 a')]
  const inputs = Array.from({ length: 200 }, (_, round) => makeInput(seeds, ['mx'], 1, round).toString('latin1'))
  expect(Array.from({ length: 200 }, (_, round) => makeInput(seeds, ['mx'], 1, round).toString('latin1'))).toEqual(inputs)
  expect(new Set(inputs).size).toBeGreaterThan(150)
  expect(Array.from({ length: 5000 }, (_, round) => makeInput(seeds, ['mx'], 2, round).length).some(length => length > 60_000)).toBe(true)
})

const seeds = ['one', 'two']

test('a parser that throws is caught, with the input', () => {
  const { faults, inputs } = fuzz({
    name: 'thrower', seeds,
    run(_, text) {
      if (text.includes('w')) throw new TypeError(`no ${text.length}`)
    },
  }, 1, 1000)
  expect(inputs).toBeLessThan(1000)
  expect(faults).toHaveLength(5)
  expect(faults[0]).toMatchObject({ kind: 'threw', detail: expect.stringContaining('TypeError: no') as string })
  expect(faults[0]?.input.toString('latin1')).toContain('w')
})

test('a parser that never ends is stopped', () => {
  const { faults, inputs } = fuzz({
    name: 'looper', seeds,
    run(_, text) {
      while (text.length === 4) text = text.toUpperCase()
    },
  }, 1, 20, { patience: 500, limit: Infinity })
  expect(faults[0]).toMatchObject({ kind: 'hung' })
  expect(faults[0]?.input).toHaveLength(4)
  expect(inputs).toBeLessThanOrEqual(20)
})

test('a parser that is slow is noticed, and one that keeps what it read', () => {
  const busy = fuzz({
    name: 'sloth', seeds,
    run(_, text) {
      const end = performance.now() + (text.startsWith('t') ? 60 : 0)
      while (performance.now() < end);
    },
  }, 1, 20)
  expect(busy.slowest).toBeGreaterThan(50)
  expect(busy.faults[0]).toMatchObject({ kind: 'slow' })
  const kept: unknown[] = []
  const hoarder = fuzz({ name: 'hoarder', seeds, run: () => kept.push(new Array(100).fill(1.5)) }, 1, 30_000)
  expect(hoarder.faults.map(({ kind }) => kind)).toEqual(['grew'])
})
