import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { check, createNetwork, makeScope } from '../../src/index.ts'
import { loadWorlds } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { defaultModules, moduleOf } from '../../src/monitor/modules.ts'
import type { Permission } from '../../src/scope.ts'
import { observed } from '../probes/context.ts'

const all = new Set<Permission>(['own', 'login', 'tlsScan', 'lists', 'thirdParties', 'state'])
const permitted = checks.filter(({ requires }) => requires !== 'message' && requires !== 'reports')

test('without modules in the configuration: DNS every 5 minutes, sessions every 15, the rest every 6 hours, each check once', () => {
  const modules = defaultModules(checks, all)
  expect(modules.map(({ name, interval }) => [name, interval])).toEqual([['dns', 300], ['sessions', 900], ['deep', 21_600]])
  expect(modules.flatMap(module => module.checks.map(({ id }) => id)).toSorted()).toEqual(permitted.map(({ id }) => id).toSorted())
})

test('what nobody permits is not run: block lists only with leave', () => {
  expect(defaultModules(checks, new Set()).map(({ name }) => name)).toEqual(['dns', 'sessions'])
  const [, , deep] = defaultModules(checks, new Set<Permission>(['lists']))
  expect(new Set(deep?.checks.map(({ topic }) => topic))).toEqual(new Set(['reputation']))
})

describe('the modules of a configuration', () => {
  test('run what they name, as often as they say, or as what they name wants', () => {
    const interval = (only: string[], milliseconds?: number) => moduleOf('x', { only, interval: milliseconds }, checks, new Set()).interval
    expect([interval(['spf']), interval(['smtp']), interval(['spf', 'smtp']), interval(['smtp'], 30_000)]).toEqual([300, 900, 300, 30])
    expect(moduleOf('x', { only: ['spf/*'], skip: ['spf/record-exists'] }, checks, new Set()).checks.every(({ topic, id }) => topic === 'spf' && id !== 'spf/record-exists')).toBe(true)
  })

  test.each([
    [{ only: ['spff'] }, 'no check is called "spff"; did you mean "spf"?'],
    [{ only: ['reputation'] }, 'there is no check to do: nothing permits lists'],
    [{ skip: ['*'] }, 'there is no check to do'],
  ])('%j is refused', (definition, message) => {
    expect(() => moduleOf('x', definition, checks, new Set())).toThrow(message)
  })
})

describe('over the world', () => {
  let world: RunningWorld
  beforeAll(async () => {
    world = await startWorld(loadWorlds('good', 'faulty', 'parked', 'hosting'))
  })
  afterAll(() => world.close())

  test('the module of records holds no session', async () => {
    const { network, connects } = observed(createNetwork({ resolvers: [world.resolver], route: world.route, anchors: [world.ca], timeout: 3000 }))
    const [dns] = defaultModules(checks, all)
    for (const domain of world.domains.slice(0, 6)) {
      const scope = makeScope({ ehloName: 'probe.example.net', vantage: ['vantage.example'], permissions: [...all] }, null, { domain, shownAs: domain })
      await check(scope, { network, checks: dns?.checks ?? [] })
    }
    expect(connects).toEqual([])
  }, 30_000)
})
