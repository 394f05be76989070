import { expect, test } from 'vitest'
import { NetworkFailure, type Network } from '../../src/network/network.ts'
import { inTurns, Turns } from '../../src/network/turns.ts'

/** Work that does not wait for anything, as of a run whose answers are all known. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end) Math.sqrt(end)
}

test('what takes turns lets others in between, however much there is to do', async () => {
  const turns = new Turns()
  let looked = 0
  let over = false
  const look = (): void => {
    looked++
    if (!over) setImmediate(look)
  }
  setImmediate(look)
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let i = 0; i < 25; i++) {
      await turns.take()
      work(1)
    }
  }))
  over = true
  expect(looked).toBeGreaterThan(12) // a hundred milliseconds, in stretches of some four and a last step
})

test('first come, first served; and a moment of idleness costs nothing', async () => {
  const turns = new Turns()
  const order: number[] = []
  await turns.take()
  work(10)
  await Promise.all([1, 2, 3].map(async i => {
    await turns.take()
    order.push(i)
    work(10)
  }))
  expect(order).toEqual([1, 2, 3])
  await new Promise(resolve => setImmediate(resolve))
  let taken = false
  void turns.take().then(() => (taken = true))
  await Promise.resolve()
  expect(taken).toBe(true)
})

test('answers and failures pass as they are', async () => {
  const failure = new NetworkFailure({ event: 'timeout', reason: 'dns-timeout', detail: 'silence' })
  const network: Network = {
    query: () => Promise.reject(failure), connect: () => Promise.reject(failure), fetch: () => Promise.reject(failure), now: () => new Date(5),
  }
  const polite = inTurns(network, new Turns())
  await expect(polite.query({ name: 'a.example', type: 'A' })).rejects.toBe(failure)
  await expect(polite.connect({ host: 'a.example', address: '192.0.2.1', port: 25, tls: 'starttls', name: 'a' } as never)).rejects.toBe(failure)
  await expect(polite.fetch('https://a.example/')).rejects.toBe(failure)
  expect(polite.now()).toEqual(new Date(5))
})
