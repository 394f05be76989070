/** Domains whose owner permits everything: what the product says then, kept in fixtures/golden/corpus-own.txt. UPDATE_GOLDEN=1 writes it. */
import { afterAll, beforeAll, test } from 'vitest'
import { check, checks, createNetwork, makeScope, type Report } from '../src/index.ts'
import { loadWorlds } from '../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../src/lab/world.ts'
import { expectGolden, expectInOrder } from './corpus-table.ts'

const permitted = checks.filter(({ requires }) => requires === 'own' || requires === 'login')
let world: RunningWorld
const reports: Report[] = []

beforeAll(async () => {
  process.env['ANNA'] = 'open sesame'
  process.env['JOE'] = 'correct horse'
  world = await startWorld(loadWorlds('good', 'hosting', 'login-faults'))
  for (const domain of world.domains.filter(name => /^(?:good|own-|login-)/.test(name))) {
    const { selectors = [], accounts = [] } = world.declared[domain] ?? {}
    const domains = new Map([[domain, { selectors: [...selectors], accounts: [...accounts] }]])
    const scope = makeScope({ ehloName: 'probe.example.net', vantage: [], permissions: ['own', 'login'] }, { domains }, { domain, shownAs: domain })
    // each with a budget of its own: they share servers, and a server that is asked too often is left in peace
    const network = createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca] })
    reports.push(await check(scope, { network, checks: permitted }))
  }
}, 60_000)
afterAll(async () => {
  delete process.env['ANNA']
  delete process.env['JOE']
  await world.close()
})

test('is judged as the golden table says', () => {
  expectGolden('corpus-own.txt', reports, world)
})

test.each(['good.example', 'own-in-order.example'])('finds nothing wrong with %s, and nothing left to doubt', domain => {
  expectInOrder(reports.find(({ domain: name }) => name === domain), 6)
})
