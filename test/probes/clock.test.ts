import { afterEach, expect, test, vi } from 'vitest'
import { outcome, type Network } from '../../src/network/network.ts'
import { probeClock } from '../../src/probes/clock.ts'
import { rootSigned } from '../checks/dnssec/signed.ts'
import { createWorld } from '../world.ts'
import { contextFor } from './context.ts'

afterEach(() => void vi.useRealTimers())

/** What the clock is taken for when it says this, and the root is signed in November 2026. */
async function told(now: string, network?: (world: Network) => Network): Promise<unknown> {
  const world = await createWorld({ zone: rootSigned, now })
  return outcome(probeClock(contextFor(network?.(world) ?? world)))
}

const wrong = { problem: expect.objectContaining({ reason: 'clock-wrong-here' }) as unknown }

test.each([
  ['2026-11-22T12:00:00.000Z', 'within its signatures'],
  ['2027-11-22T12:00:00.000Z', 'a year later, as for a look ahead'],
  ['2025-12-22T12:00:00.000Z', 'a year before'],
])('%s is believed: %s', async now => expect(await told(now)).toEqual({ value: { now } }))

test.each(['1970-01-01T00:00:00.000Z', '2024-11-22T12:00:00.000Z', '2028-11-22T12:00:00.000Z'])('%s is not', async now => expect(await told(now)).toEqual(wrong))

test('where the root does not answer, nobody waits for it, and the clock is believed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const now = '2031-11-22T12:00:00.000Z'
  const clock = told(now, world => ({ ...world, query: () => new Promise(() => undefined) }))
  await vi.advanceTimersByTimeAsync(2000)
  expect(await clock).toEqual({ value: { now } })
  expect(vi.getTimerCount()).toBe(0)
})

test('nothing stays of the waiting', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await told('2026-11-22T12:00:00.000Z')
  expect(vi.getTimerCount()).toBe(0)
})
