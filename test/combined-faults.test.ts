/** Faults that come together, because their cause is here and not there: nothing is held against the domain. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { check, createNetwork, createSessions, makeScope, observed, type Network, type ReportedFinding } from '../src/index.ts'
import { loadWorlds } from '../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../src/lab/world.ts'
import type { Cassette } from '../src/network/cassette.ts'
import { createRecorder } from '../src/network/record.ts'
import { usualFailure } from '../src/network/transcript.ts'
import type { Scope } from '../src/scope.ts'
import { makeRecord } from '../src/syntax/record.ts'
import { faulty, type Fault } from './faulty-network.ts'

let world: RunningWorld
let live: Network
let scope: Scope
let cassette: Cassette

beforeAll(async () => {
  world = await startWorld(loadWorlds('good'))
  const place = { resolvers: [world.resolver], route: world.route, roots: [world.ca] }
  live = createNetwork({ ...place, timeout: 300, budget: { perMinute: 1000 } })
  const { selectors = [] } = world.declared['good.example'] ?? {}
  scope = makeScope({ ehloName: 'probe.example.net', vantage: [] }, { domains: new Map([['good.example', { selectors: [...selectors] }]]) }, { domain: 'good.example', shownAs: 'good.example' })
  const recorder = createRecorder()
  await check(scope, { network: createNetwork({ ...place, recorder }), sessions: createSessions() })
  cassette = recorder.cassette()
})
afterAll(() => world.close())

async function findings(fault: Fault): Promise<readonly ReportedFinding[]> {
  const { findings } = await check(scope, { network: observed(faulty(cassette, live, fault)), sessions: createSessions() })
  return findings
}

const failing = (all: readonly ReportedFinding[]): string[] => all.filter(({ verdict }) => verdict === 'fail').map(({ check: id, subject, code }) => `${id} ${subject} ${code ?? ''}`)
const unknown = (all: readonly ReportedFinding[]): ReportedFinding[] => all.filter(({ verdict }) => verdict === 'unknown')

it('no resolver answers', async () => {
  const all = await findings({ query: ({ server }) => server === undefined ? { event: 'timeout', reason: 'dns-timeout', detail: 'silence' } : null })
  expect(failing(all)).toEqual([])
  expect(all.filter(({ verdict }) => verdict === 'pass')).toEqual([])
  expect([...new Set(unknown(all).map(({ code }) => code))]).toEqual(['dns-timeout'])
})

it('there is no IPv6 here', async () => {
  const all = await findings({ session: ({ endpoint, stage }) => stage === 'connect' && endpoint.address.includes(':') ? { failure: { event: 'unreachable', ...usualFailure('unreachable', endpoint, false) } } : null })
  expect(failing(all)).toEqual([])
  expect([...new Set(unknown(all).map(({ code }) => code))]).toEqual(['no-ipv6-here'])
  expect(unknown(all).filter(({ subject }) => !subject.includes('[2e00:')).map(({ check: id, subject }) => `${id} ${subject}`)).toEqual([])
})

it('nothing leads out on port 25', async () => {
  const all = await findings({ session: ({ endpoint, stage }) => stage === 'connect' && endpoint.port === 25 ? { failure: { event: 'timeout', ...usualFailure('timeout', endpoint, false) } } : null })
  expect(failing(all)).toEqual([])
  expect([...new Set(unknown(all).map(({ code }) => code))]).toEqual(['connect-timeout'])
  expect(all.filter(({ check: id, verdict }) => /^(?:smtp|mx-tls)\//.test(id) && verdict === 'pass').map(({ check: id }) => id)).toEqual([])
})

it('one of two MX hosts puts everybody off', async () => {
  const all = await findings({ session: ({ endpoint, stage }) => stage === 'greeting' && endpoint.host === 'mx2.good.example' ? { reply: ['421 4.3.2 later'], hangsUp: true } : null })
  expect(failing(all)).toEqual([])
  expect(unknown(all).filter(({ subject }) => !subject.startsWith('mx2.good.example')).map(({ check: id, subject }) => `${id} ${subject}`)).toEqual([])
})

it('a resolver denies every name: a denial is a fact, of the domain alone, and the finding names who said it', async () => {
  const all = await findings({ query: ({ server }) => server === undefined ? { rcode: 'NXDOMAIN', records: [], aliases: [], authority: [], signatures: [] } : null })
  expect(failing(all)).toEqual(['domain/exists good.example failed'])
  expect(all.find(({ check: id }) => id === 'domain/exists')?.message).toMatch(/^good\.example does not exist: 127\.0\.0\.1:\d+ answers NXDOMAIN$/)
  expect(unknown(all)).toEqual([])
})

const year = 365.25 * 86_400

it.each([-5, 5])('the clock here is wrong by %i years', async years => {
  const start = cassette.startedAt.getTime()
  const all = await findings({ query: rootSignedAt(start / 1000), now: new Date(start + years * year * 1000) })
  expect(failing(all)).toEqual([])
  expect([...new Set(unknown(all).map(({ code }) => code))]).toEqual(['clock-wrong-here'])
  const lapsing = ['tls/certificate-in-date', 'tls/certificate-not-expiring-soon', 'dnssec/signatures-fresh', 'mta-sts/policy-served']
  expect(lapsing.filter(id => all.some(({ check, verdict }) => check === id && verdict !== 'unknown'))).toEqual([])
})

it('the clock here is right, as the root of the DNS says', async () => {
  const all = await findings({ query: rootSignedAt(cassette.startedAt.getTime() / 1000) })
  expect([failing(all), unknown(all)]).toEqual([[], []])
})

/** As the root of the internet is: anew every day, for a good week. */
function rootSignedAt(time: number): NonNullable<Fault['query']> {
  const [inception, expiration] = [Math.floor(time) - 86_400, Math.floor(time) + 9 * 86_400]
  const soa = makeRecord('', 'SOA', 86_400, { primary: 'ns.root.example', mailbox: 'hostmaster.root.example', serial: 2026112300, refresh: 1800, retry: 900, expire: 604_800, minimum: 86_400 })
  const signature = makeRecord('', 'RRSIG', 86_400, { covers: 'SOA', algorithm: 8, labels: 0, originalTtl: 86_400, expiration, inception, keyTag: 1, signer: '', signature: '' })
  return ({ name, type }) => name === '' && type === 'SOA' ? { rcode: 'NOERROR', records: [soa], aliases: [], authority: [], signatures: [signature] } : null
}
