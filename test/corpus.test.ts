/**
 * Every check over every domain of the worlds, through the real network layer: what the product says of each of them, kept in
 * fixtures/golden/corpus.txt. A change there is a change for somebody; look at it, then write it with UPDATE_GOLDEN=1.
 */
import dgram from 'node:dgram'
import { readFileSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import pLimit from 'p-limit'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadWorlds } from '../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../src/lab/world.ts'
import { check, createNetwork, createSessions, makeScope, type Report, type ReportedFinding } from '../src/index.ts'

const golden = new URL('../fixtures/golden/corpus.txt', import.meta.url)
/** Much longer than a busy machine keeps an honest server waiting. What is silent on purpose begins first, and costs no more. */
const timeout = 6000

let world: RunningWorld
const reports = new Map<string, Report>()
const reached = new Set<unknown>()
let connections = 0

/** Notes whom the run turns to; `test/setup.ts` would stop it, and this shows that it did not have to. */
function watchSockets(): void {
  for (const [prototype, hostOf] of [
    [net.Socket.prototype, ([first]: unknown[]) => (Array.isArray(first) ? first[0] as unknown : first) as { host?: unknown }],
    [dgram.Socket.prototype, ([, host]: unknown[]) => ({ host })],
  ] as const) {
    const methods = prototype as unknown as { connect: (...args: unknown[]) => unknown }
    const { connect } = methods
    vi.spyOn(methods, 'connect').mockImplementation(function (this: unknown, ...args: unknown[]) {
      connections++
      reached.add(hostOf(args).host)
      return connect.apply(this, args)
    })
  }
}

beforeAll(async () => {
  watchSockets()
  world = await startWorld(loadWorlds())
  const network = createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], timeout, budget: { perMinute: 100 } })
  const sessions = createSessions()
  const turn = pLimit(16)
  const silentFirst = world.domains.toSorted((a, b) => Number(b.includes('silent')) - Number(a.includes('silent')))
  await Promise.all(silentFirst.map(domain => turn(async () => {
    const { selectors = [], senders = [] } = world.declared[domain] ?? {}
    const domains = new Map([[domain, { selectors: [...selectors], senders: [...senders] }]])
    const scope = makeScope({ ehloName: 'mailcheck.example', vantage: [] }, { domains }, { domain, shownAs: domain })
    reports.set(domain, await check(scope, { network, sessions }))
  })))
}, 60_000)
afterAll(async () => {
  vi.restoreAllMocks()
  await world.close()
})

const findings = (domain: string): readonly ReportedFinding[] => reports.get(domain)?.findings ?? []
const told = ({ check: id, subject, code, detail }: ReportedFinding): string => `${id} ${subject} ${code ?? ''} ${detail ?? ''}`

/** What is wrong, unknown or explained elsewhere line by line; what is in order or does not apply by topic. */
function render(domain: string): string {
  const lines = [`${domain}: ${world.declared[domain]?.about ?? ''}`]
  const calm = new Map<string, Map<string, number>>()
  for (const { check: id, subject, verdict, severity, code, deferredTo } of findings(domain)) {
    if (verdict === 'fail') lines.push(`  fail     ${severity.padEnd(8)} ${id} ${subject} ${code ?? ''}`)
    else if (verdict === 'unknown') lines.push(`  unknown           ${id} ${subject} ${code ?? ''}`)
    else if (deferredTo !== undefined) lines.push(`  deferred          ${id} ${subject} see ${deferredTo}`)
    else {
      const [topic = '', claim = ''] = id.split('/')
      const key = `${verdict} ${topic}`
      const claims = calm.get(key) ?? new Map<string, number>()
      calm.set(key, claims.set(claim, (claims.get(claim) ?? 0) + 1))
    }
  }
  for (const wanted of ['pass', 'skip']) {
    for (const [key, claims] of calm) {
      const [verdict = '', topic = ''] = key.split(' ')
      if (verdict !== wanted) continue
      const counted = [...claims].map(([claim, count]) => count === 1 ? claim : `${claim} x${count}`)
      lines.push(`  ${verdict}  ${topic}: ${counted.join(', ')}`)
    }
  }
  return `${lines.join('\n')}\n`
}

describe('the corpus', () => {
  it('is judged as the golden table says', () => {
    const table = world.domains.map(render).join('\n')
    if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, table)
    expect(table).toBe(readFileSync(golden, 'utf8'))
  })

  it('is found on loopback alone', () => {
    expect(connections).toBeGreaterThan(500)
    expect([...reached]).toEqual(['127.0.0.1'])
  })

  it('finds nothing wrong, and nothing left to doubt, with a domain in perfect order', () => {
    expect(findings('good.example').filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown').map(told)).toEqual([])
    expect(findings('good.example').filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(60)
  })

  it('finds nothing wrong with a parked domain', () => {
    expect(findings('parked.example').filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown').map(told)).toEqual([])
  })

  it.each([
    'hosting', 'bakery', 'florist', 'imap-in-order', 'pop3-in-order', 'submission-in-order', 'spf-macros', 'spf-softfail-backed', 'tls-with-root',
    'tls-short-lived', 'signed', 'signed-briefly', 'sender-in-order', 'sts-in-order', 'sts-testing', 'sts-none', 'rpt-in-order', 'dane-in-order', 'dane-own',
    'dane-lone-key', 'caa-nearest', 'bimi-in-order', 'bimi-declined',
  ])(
    'raises no false alarm over %s.example', domain => {
      expect(findings(`${domain}.example`).filter(({ verdict, severity }) => verdict === 'fail' && severity !== 'notice').map(told)).toEqual([])
    })

  it('says of a host whose certificate depends on the name that it does, and nothing else', () => {
    expect(findings('cafe.example').filter(({ verdict, severity }) => verdict === 'fail' && severity !== 'notice').map(told))
      .toEqual(['tls/certificate-uniform mail.cafe.example without-name '])
  })

  it('tells bogus from merely unanswered, and from unsigned', () => {
    const verdict = (domain: string): unknown[] => findings(domain).filter(({ check: id, subject }) => id === 'dnssec/chain-valid' && subject === domain).map(({ code }) => code)
    expect(verdict('signed-bogus.example')).toEqual(['failed'])
    expect(verdict('signed.example')).toEqual([null])
    expect(verdict('bakery.example')).toEqual(['not-applicable'])
    expect(verdict('servfail-mx.example')).toEqual(['not-applicable'])
  })

  it('finds a dozen faults in the domain that has them', () => {
    const failing = new Set(findings('faulty.example').filter(({ verdict }) => verdict === 'fail').map(({ check: id }) => id))
    expect(failing.size).toBeGreaterThanOrEqual(12)
  })

  it('never blames a domain for what could not be asked', () => {
    for (const domain of ['servfail-all.example', 'silent-dmarc.example', 'garbled-spf.example', 'servfail-txt.example']) {
      // What each of its name servers said is known all the same, and so are records that are merely not there.
      const failing = findings(domain).filter(({ verdict, severity, check: id }) => verdict === 'fail' && severity !== 'notice' && id !== 'domain/resolvable')
      expect([domain, failing.map(told)]).toEqual([domain, []])
      expect(findings(domain).some(({ verdict }) => verdict === 'unknown')).toBe(true)
    }
  })
})
