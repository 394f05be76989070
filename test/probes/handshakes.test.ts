/** When the second handshake with an endpoint begins, over the real network layer. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { check, createNetwork } from '../../src/index.ts'
import { checks } from '../../src/checks/index.ts'
import { loadWorlds } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { endpointName, type Network } from '../../src/network/network.ts'
import type { NetworkEvent } from '../../src/network/watch.ts'
import { usualScope } from '../check-table.ts'

let world: RunningWorld
beforeAll(async () => {
  world = await startWorld(loadWorlds('good'), { latency: 20 })
}, 60_000)
afterAll(() => world.close())

test('it begins after the dialogue has, and does not wait for its end', async () => {
  const events: NetworkEvent[] = []
  const network = createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], timeout: 6000, listener: event => events.push(event) })
  const selected = checks.filter(({ id }) => id === 'mx-tls/handshake-modern' || id === 'tls/certificate-uniform')
  const { findings } = await check({ ...usualScope, domain: 'good.example', shownAs: 'good.example' }, { network, checks: selected })
  expect(findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')).toEqual([])
  const byEndpoint = new Map<string, { began: number; ended: number }[]>()
  const ids = new Set(events.map(({ id }) => id))
  for (const id of ids) {
    const whole = events.filter(event => event.id === id)
    const connecting = whole.find(event => event.kind === 'connecting')
    if (connecting?.kind !== 'connecting') continue
    const at = endpointName(connecting.endpoint)
    byEndpoint.set(at, [...byEndpoint.get(at) ?? [], { began: connecting.at, ended: Math.max(...whole.map(event => event.at)) }])
  }
  const pairs = [...byEndpoint].filter(([name]) => name.endsWith(':25'))
  expect(pairs.length).toBe(4)
  for (const [name, [dialogue, second, ...more]] of pairs) {
    expect(more, name).toEqual([])
    expect(second?.began, name).toBeGreaterThan(dialogue?.began ?? Infinity)
    expect(second?.began, name).toBeLessThan(dialogue?.ended ?? -Infinity)
  }
})

test.each(['the second handshake', 'a dialogue'])('a bug in %s ends the run, and is heard of nowhere else', async what => {
  const network = createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], timeout: 6000 })
  const broken: Network = {
    ...network,
    connect: (endpoint, options) => (what === 'a dialogue' ? endpoint.port === 993 : options?.deferTls) ? Promise.reject(new TypeError('a bug')) : network.connect(endpoint, options),
  }
  const selected = checks.filter(({ id }) => id === 'mx-tls/handshake-modern' || id === 'tls/certificate-uniform')
  await expect(check({ ...usualScope, domain: 'good.example', shownAs: 'good.example' }, { network: broken, checks: selected })).rejects.toThrow('a bug')
})
