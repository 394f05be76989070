/** Domains of which third parties may be asked: what the product says then, kept in fixtures/golden/corpus-third.txt. UPDATE_GOLDEN=1 writes it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { check, checks, createNetwork, makeScope, observed, type Report, type Scope } from '../src/index.ts'
import { scopeTake, underRecorded } from '../src/commands/recorded-scope.ts'
import { loadWorlds } from '../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../src/lab/world.ts'
import { formatCassette, parseCassette } from '../src/network/cassette.ts'
import { createRecorder } from '../src/network/record.ts'
import { redact } from '../src/network/redact/redact.ts'
import { replay } from '../src/network/replay.ts'
import { expectGolden, expectInOrder } from './corpus-table.ts'

const permitted = checks.filter(({ id, requires }) => requires === 'thirdParties' || id === 'dns/targets-not-claimable')
let world: RunningWorld
let recording = ''
const reports: Report[] = []
const scopeOf = (domain: string): Scope =>
  makeScope({ ehloName: 'probe.example.net', vantage: [], permissions: ['thirdParties'] }, { domains: new Map(), thirdParties: world.thirdParties }, { domain, shownAs: domain })

beforeAll(async () => {
  world = await startWorld(loadWorlds('good', 'parked', 'third-parties'))
  const recorder = createRecorder()
  const network = createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], budget: { perMinute: 100 }, recorder })
  for (const domain of world.domains) {
    recorder.scopes.push(scopeTake(scopeOf(domain), {}))
    reports.push(await check(scopeOf(domain), { network, checks: permitted }))
  }
  recording = formatCassette(recorder.cassette())
}, 60_000)
afterAll(() => world.close())

test('is judged as the golden table says', () => {
  expectGolden('corpus-third.txt', reports, world)
})

test('a recording has what they said, the lists of the revoked to the octet', async () => {
  const { cassette, errors } = parseCassette(recording)
  expect(errors).toEqual([])
  const network = observed(replay(cassette))
  for (const { domain, findings } of reports) {
    const again = await check(scopeOf(domain), { network, checks: permitted })
    expect(again.findings).toEqual(findings)
  }
})

test('a redacted recording gives the same verdicts, and a replay of it asks whom the recorded run asked', async () => {
  const { cassette, domains } = await redact(parseCassette(recording).cassette)
  const network = observed(replay(parseCassette(formatCassette(cassette)).cassette))
  const verdicts = ({ findings }: Report) => findings.map(({ check: id, verdict, code }) => `${id} ${verdict} ${code ?? ''}`).toSorted()
  for (const report of reports) {
    const domain = domains.get(report.domain) ?? ''
    const take = cassette.scopes?.find(scope => scope.domain === domain)
    if (!take) throw new Error(`${report.domain} has no scope`)
    const again = await check(underRecorded(makeScope({ ehloName: 'x.example' }, null, { domain, shownAs: domain }), take, {}), { network, checks: permitted })
    expect([report.domain, verdicts(again)]).toEqual([report.domain, verdicts(report)])
  }
})

test.each(['good.example', 'parked.example'])('finds nothing wrong with %s, and nothing left to doubt', domain => {
  expectInOrder(reports.find(({ domain: name }) => name === domain), 1)
})
