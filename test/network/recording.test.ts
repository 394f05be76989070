/** A recording of real servers, over real sockets, and its replay: one report. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { check, createNetwork, createSessions, makeScope, observed } from '../../src/index.ts'
import { loadWorlds } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { formatCassette, parseCassette } from '../../src/network/cassette.ts'
import type { Network } from '../../src/network/network.ts'
import { createRecorder } from '../../src/network/record.ts'
import { replay } from '../../src/network/replay.ts'

let world: RunningWorld
beforeAll(async () => {
  world = await startWorld(loadWorlds())
})
afterAll(() => world.close())

async function report(network: Network): Promise<string> {
  const sessions = createSessions()
  const reports = await Promise.all(world.domains.map(domain => {
    const { selectors = [], senders = [] } = world.declared[domain] ?? {}
    const domains = new Map([[domain, { senders: [...senders] }]])
    return check(makeScope({ selectors, ehloName: 'mailcheck.example', vantage: [] }, { domains }, { domain, shownAs: domain }), { network, sessions })
  }))
  return JSON.stringify(reports, null, 1)
}

test('the report of a replay is that of the recording, to the octet', async () => {
  const recorder = createRecorder()
  const told = await report(createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], timeout: 6000, recorder }))
  const tape = formatCassette(recorder.cassette())
  const { cassette, errors } = parseCassette(tape)
  expect(errors).toEqual([])
  const replayed = await report(observed(replay(cassette)))
  const lines = told.split('\n')
  expect(replayed.split('\n').filter((line, i) => line !== lines[i]).slice(0, 20)).toEqual([])
  expect(formatCassette(cassette)).toBe(tape)
  expect(tape).toContain('S: 220 ')
  expect(tape).toContain('-----BEGIN CERTIFICATE-----')
}, 180_000)
