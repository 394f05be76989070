import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { DeliveryResult } from '../../src/delivery/result.ts'
import { DeliveryWatch } from '../../src/monitor/delivery-watch.ts'
import { openJournal } from '../../src/monitor/journal.ts'
import { publicOnly } from '../../src/network/public-only.ts'
import { outcome } from '../../src/network/network.ts'
import { watchTargetFiles } from '../../src/monitor/target-files.ts'
import { createWorld } from '../world.ts'
import { FakeClock } from './fake-clock.ts'
import { closeWorld, parseMetrics, serve, worldOf, type Serving, type ServingOptions } from './serving.ts'

const open: Serving[] = []
async function serving(config: string, options?: ServingOptions): Promise<Serving> {
  const one = await serve(config, options)
  open.push(one)
  return one
}

beforeAll(async () => {
  await worldOf('good', 'parked', 'faulty')
}, 60_000)
afterEach(async () => {
  await Promise.all(open.splice(0).map(one => one.close()))
})
afterAll(() => closeWorld())

const dnsOnly = 'modules: { dns: { only: ["spf/*", "domain/*"], interval: 5m } }'
const series = async (one: Serving): Promise<string[]> => [...parseMetrics((await one.get('/metrics')).body).keys()]
const has = (names: readonly string[], domain: string): boolean => names.some(name => name.includes(`domain="${domain}"`))

describe('reload', () => {
  test('a domain that is taken out disappears with its series, and a new one is run at once', async () => {
    const one = await serving(`domains: { good.example: {}, faulty.example: {} }\n${dnsOnly}`)
    await one.allRun()
    expect(has(await series(one), 'faulty.example')).toBe(true)
    one.write(`domains: { good.example: {}, parked.example: {} }\n${dnsOnly}`)
    expect((await one.get('/-/reload', { method: 'POST' })).status).toBe(200)
    await one.allRun()
    const names = await series(one)
    expect([has(names, 'good.example'), has(names, 'faulty.example'), has(names, 'parked.example')]).toEqual([true, false, true])
    expect((await one.get('/report/faulty.example')).status).toBe(404)
    expect((await one.get('/report/parked.example')).status).toBe(200)
  })

  test('a file that is wrong leaves everything as it was, and says so in the log and the metrics', async () => {
    const one = await serving(`domains: { good.example: {} }\n${dnsOnly}`)
    await one.allRun()
    await one.clock.advance(10_000)
    for (const wrong of ['domains: [', 'domain: {}', 'modules: { dns: { only: ["spff/*"] } }', 'modules: { "a b": {} }', 'modules: {}', 'modules: { x: { only: [reputation] } }']) {
      one.write(wrong)
      expect((await one.get('/-/reload', { method: 'POST' })).status).toBe(500)
      expect(one.logged.at(-1)).toMatchObject({ level: 'error', fields: { problem: expect.stringMatching(/^mailcheck.yaml:/) as string } })
    }
    const metrics = parseMetrics((await one.get('/metrics')).body)
    expect(metrics.get('mailcheck_config_last_reload_successful')).toBe(0)
    expect(metrics.get('mailcheck_config_last_reload_success_timestamp_seconds')).toBe(Date.parse('2026-11-23T10:00:00Z') / 1000)
    expect(metrics.get('mailcheck_run_success{domain="good.example"}')).toBe(1)
    one.write('domains: { good.example: {} }')
    expect((await one.get('/-/reload', { method: 'POST' })).status).toBe(200)
    expect(parseMetrics((await one.get('/metrics')).body).get('mailcheck_config_last_reload_successful')).toBe(1)
  })

  test('a module that is taken out takes its verdicts along', async () => {
    const one = await serving('domains: { faulty.example: {} }\nmodules: { spf: { only: [spf] }, dkim: { only: [dkim] } }')
    await one.allRun()
    const before = await series(one)
    expect(before.some(name => name.includes('topic="dkim"'))).toBe(true)
    one.write('domains: { faulty.example: {} }\nmodules: { spf: { only: [spf] } }')
    await one.get('/-/reload', { method: 'POST' })
    const after = await series(one)
    expect(after.some(name => name.startsWith('mailcheck_check') && !name.startsWith('mailcheck_check_info') && /dkim/.test(name))).toBe(false)
    expect(after.some(name => name.includes('module="dkim"') && name.includes('domain='))).toBe(false)
    expect(after.some(name => name.startsWith('mailcheck_check_state') && name.includes('spf/'))).toBe(true)
  })
})

test('two modules that judge the same have one series for it', async () => {
  const one = await serving('domains: { faulty.example: {} }\nmodules: { a: { only: [spf] }, b: { only: [spf, dkim] } }')
  await one.allRun()
  expect((await series(one)).length).toBeGreaterThan(20) // parseMetrics throws for a series that stands twice
})

test('what a run was handed from before its time says when that was seen, and what it saw itself does not', async () => {
  const one = await serving('domains: { faulty.example: {} }\nmodules: { mixed: { only: ["spf/*", "smtp/*"], interval: 5m } }')
  const evidence = async (): Promise<{ from: string; obtainedAt?: string }[]> => {
    const { reports: [report] } = JSON.parse((await one.get('/report/faulty.example.json')).body) as { reports: { findings: { evidence: { from: string }[] }[] }[] }
    return report?.findings.flatMap(finding => finding.evidence) ?? []
  }
  await one.allRun()
  const first = await evidence()
  expect([first.some(({ from }) => from === 'dns'), first.some(({ from }) => from === 'session')]).toEqual([true, true])
  expect(first.filter(({ obtainedAt }) => obtainedAt !== undefined)).toEqual([])
  await one.clock.advance(450_000) // the answers are remembered by the clock of the network; the dialogues are too old by that of the service
  await vi.waitFor(async () => expect((await evidence()).some(({ obtainedAt }) => obtainedAt !== undefined)).toBe(true), 10_000)
  const second = await evidence()
  expect(second.filter(({ from, obtainedAt }) => from === 'dns' && !(obtainedAt !== undefined && Date.parse(obtainedAt) <= Date.now()))).toEqual([])
  expect(second.filter(({ from, obtainedAt }) => from === 'session' && obtainedAt !== undefined)).toEqual([])
  expect((await one.get('/report/faulty.example')).body).toMatch(/\(seen at \d\d:\d\d:\d\d UTC\)/)
})

describe('what somebody answers for', () => {
  const spfFails = (names: readonly string[]): string[] => names.filter(name => name.startsWith('mailcheck_check_state{domain="faulty.example",check="spf/'))
  const waived = (names: readonly string[]): string[] => names.filter(name => name.startsWith('mailcheck_check_waived{domain="faulty.example",check="spf/'))
  const config = (until: string): string => `domains: { faulty.example: {} }\n${dnsOnly}\nwaivers: [{ check: "spf/*", reason: ours, until: ${until} }]`

  test('has no series and is not counted, is on the page, and comes back at once when nobody answers for it', async () => {
    const one = await serving(config('2099-12-31'))
    await one.allRun()
    const before = parseMetrics((await one.get('/metrics')).body)
    expect(spfFails([...before.keys()])).toEqual([])
    const errors = before.get('mailcheck_findings{domain="faulty.example",severity="error"}') ?? NaN
    const [first = ''] = waived([...before.keys()])
    expect(before.get(first)).toBeGreaterThan(0)
    expect((await one.get('/report/faulty.example')).body).toContain('Known or waived')
    expect((await one.get('/probe?target=faulty.example')).body).toContain(first)
    expect((await one.get('/')).body).not.toContain('(spf/')
    one.write(`domains: { faulty.example: {} }\n${dnsOnly}`)
    await one.get('/-/reload', { method: 'POST' })
    const after = parseMetrics((await one.get('/metrics')).body)
    expect(spfFails([...after.keys()]).length).toBeGreaterThan(0)
    expect(waived([...after.keys()])).toEqual([])
    expect(after.get('mailcheck_findings{domain="faulty.example",severity="error"}')).toBeGreaterThan(errors)
  })

  test('is told of again from the first run after its last day', async () => {
    const one = await serving(config('2026-11-23')) // which is the day of the clock
    await one.allRun()
    expect(spfFails(await series(one))).toEqual([])
    await one.clock.advance(14.5 * 3_600_000)
    await vi.waitFor(async () => expect(spfFails(await series(one)).length).toBeGreaterThan(0), 10_000)
    expect(waived(await series(one))).toEqual([])
  })

  test('a waiver or a profile that names what there is not is refused, and a profile is on the page', async () => {
    const one = await serving(`domains: { good.example: {} }\n${dnsOnly}`)
    one.write(`domains: { good.example: {} }\n${dnsOnly}\nwaivers: [{ check: "spff/*", reason: x }]`)
    expect((await one.get('/-/reload', { method: 'POST' })).status).toBe(500)
    expect(one.logged.at(-1)?.fields['problem']).toMatch(/^mailcheck\.yaml:3:\d+: no check is called "spff\/\*"; did you mean "spf"/)
    one.write(`defaults: { profile: internet-nil }\ndomains: { good.example: {} }\n${dnsOnly}`)
    expect((await one.get('/-/reload', { method: 'POST' })).status).toBe(500)
    expect(one.logged.at(-1)?.fields['problem']).toMatch(/^mailcheck\.yaml:1:\d+: there is no profile "internet-nil"; did you mean "internet-nl"/)
    one.write(`defaults: { profile: internet-nl }\ndomains: { good.example: {} }\n${dnsOnly}`)
    expect((await one.get('/-/reload', { method: 'POST' })).status).toBe(200)
    await one.allRun()
    expect((await one.get('/report/good.example')).body).toMatch(/<summary>Profile internet-nl: \d+ of \d+ requirements met/)
    expect(JSON.parse((await one.get('/report/good.example.json')).body)).toMatchObject({ reports: [{ profile: { name: 'internet-nl' } }] })
  })
})

describe('targets from files', () => {
  let folder: string
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'mailcheck-sd-'))))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('come and go with the file, and are listed for Prometheus with their labels', async () => {
    writeFileSync(join(folder, 'a.yaml'), '- targets: [parked.example]\n  labels: { team: web }\n')
    const { resolve, promise } = withResolvers<Serving>()
    const one = await serving(`domains: { good.example: {} }\n${dnsOnly}\nserve: { targets: [${JSON.stringify(join(folder, '*.yaml'))}] }`, {
      discovery: changed => watchTargetFiles({ now: () => new Date(), after: (ms, act) => {
        void promise.then(({ clock }) => clock.after(ms, act))
        return () => undefined
      } }, () => undefined)(changed),
    })
    resolve(one)
    await one.allRun()
    expect(JSON.parse((await one.get('/sd')).body)).toEqual([
      { targets: ['parked.example'], labels: { team: 'web' } }, { targets: ['good.example'], labels: {} },
    ])
    expect((await one.get('/report/parked.example')).status).toBe(200)
    writeFileSync(join(folder, 'a.yaml'), '- targets: [faulty.example]\n')
    await one.clock.advance(5000)
    expect((await one.get('/report/parked.example')).status).toBe(404)
    expect(has(await series(one), 'parked.example')).toBe(false)
    expect(JSON.parse((await one.get('/sd')).body)).toEqual([{ targets: ['faulty.example', 'good.example'], labels: {} }])
  })

  test('each of several processes takes its share', async () => {
    const domains = 'domains: { good.example: {}, faulty.example: {}, parked.example: {} }'
    const shares = await Promise.all([1, 2].map(index => serving(`${domains}\n${dnsOnly}`, { settings: { shard: { index, count: 2 } }, idle: true })))
    for (const share of shares) share.service.start()
    const taken = shares.map(share => share.service.targets.domains().map(({ domain }) => domain))
    expect(taken.flat().toSorted()).toEqual(['faulty.example', 'good.example', 'parked.example'])
  })
})

describe('domains that are not configured', () => {
  const config = `domains: { faulty.example: {} }\n${dnsOnly}\nserve: { allow_unlisted: true }`

  test('are probed when that is allowed, and leave nothing behind', async () => {
    const one = await serving(config)
    const { status, body } = await one.get('/probe?target=good.example&module=dns', { headers: { 'X-Prometheus-Scrape-Timeout-Seconds': '10' } })
    expect(status).toBe(200)
    expect(parseMetrics(body).get('mailcheck_probe_success')).toBe(1)
    expect(has(await series(one), 'good.example')).toBe(false)
    expect((await one.get('/report/good.example')).status).toBe(404)
  })

  test('must be answered within the scrape’s time', async () => {
    const one = await serving(config)
    const { status, body } = await one.get('/probe?target=faulty.example&module=dns', { headers: { 'X-Prometheus-Scrape-Timeout-Seconds': '0.6' } })
    expect(status).toBe(200)
    expect(parseMetrics(body).has('mailcheck_probe_success')).toBe(true)
  })

  test.each(['127.0.0.1', '10.0.0.5', '169.254.169.254', '192.168.1.1', '100.64.0.1', '0.0.0.0', '::1', '::ffff:127.0.0.1', 'fe80::1', 'fc00::1', '64:ff9b::7f00:1', '2002:7f00:1::', 'fd00:ec2::254'])(
    'never lead to %s', async address => {
      const family = address.includes(':') ? 'AAAA' : 'A'
      const world = await createWorld({ zone: `internal.example ${family} ${address}` })
      const reached: string[] = []
      const network = publicOnly({
        ...world, query: question => world.query(question), connect: endpoint => (reached.push(endpoint.address), world.connect(endpoint)),
        fetch: (url, request) => (reached.push(url), world.fetch(url, request)), now: () => world.now(),
      })
      const tried = [
        network.connect({ host: 'internal.example', address, port: 25, tls: 'none' as never }), network.fetch('https://internal.example/'),
        network.fetch('https://public.example/', { addresses: [address] }), network.fetch(`https://${family === 'A' ? address : `[${address}]`}/`),
        network.query({ name: 'internal.example', type: 'A', server: address }),
      ]
      for (const result of await Promise.all(tried.map(one => outcome<unknown>(one)))) {
        expect(result).toMatchObject({ problem: { event: 'unavailable', reason: 'local-egress-blocked' } })
      }
      expect(reached).toEqual([])
    })

  test('a name that answers otherwise the second time is fetched from where it was looked at', async () => {
    const world = await createWorld({ zone: 'page.example A 11.0.0.1' })
    const asked: unknown[] = []
    const network = publicOnly({ ...world, query: question => world.query(question), connect: e => world.connect(e), now: () => world.now(), fetch: (url, request) => (asked.push(request?.addresses), world.fetch(url, request)) })
    await outcome(network.fetch('https://page.example/'))
    expect(asked).toEqual([['11.0.0.1']])
  })
})

describe('what is remembered', () => {
  let folder: string
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'mailcheck-memory-'))))
  afterAll(() => rmSync(folder, { recursive: true }))
  const journal = () => openJournal(folder, { log: () => undefined, onDamaged: () => undefined, onWriteError: () => undefined })
  const config = 'domains: { faulty.example: { selectors: [mail, old, lost] } }\nmodules: { dns: { skip: [imap, pop3, tls], interval: 5m } }'

  test('after a restart the last verdicts come back before anything is run, and nothing is run before its time', async () => {
    const first = await serving(config, { memory: await journal() })
    await first.allRun()
    const verdicts = async (one: Serving): Promise<[string, number][]> => [...parseMetrics((await one.get('/metrics')).body)]
      .filter(([name]) => name.includes('domain=') && /^mailcheck_(?:check_|findings|unknown|checks_passed|run_timestamp|record_changed)/.test(name)).toSorted()
    const before = await verdicts(first)
    expect(before.length).toBeGreaterThan(20)
    await first.close()
    open.length = 0
    const second = await serving(config, { memory: await journal() })
    expect(await verdicts(second)).toEqual(before)
    expect(second.service.statuses().map(({ lastRun, running }) => [lastRun?.toISOString(), running])).toEqual([['2026-11-23T10:00:00.000Z', false]])
    await second.clock.advance(450_000)
    await vi.waitFor(() => expect(second.service.statuses()[0]?.report).not.toBeNull(), 10_000)
  })
})

test('the service ends within the time it is given, and abandons what is under way', async () => {
  const one = await serve('domains: { good.example: {}, faulty.example: {} }')
  const over = new AbortController()
  const stopped = one.service.stop(0).then(() => over.abort())
  expect((await one.get('/-/ready')).status).toBe(503)
  let seconds = 0
  for (; seconds < 100 && !over.signal.aborted; seconds++) await one.clock.advance(1000)
  await stopped
  await one.server.close()
  expect(seconds).toBeLessThanOrEqual(5)
  expect(one.service.targets.record('good.example')?.runs.size).toBe(0)
})

test('what ends begins nothing: no message sets out, and no log is followed that a new configuration names', async () => {
  const clock = new FakeClock()
  const followed: (readonly string[])[] = []
  const mailLogs = { watch: (files: readonly string[]) => void followed.push(files), text: () => Promise.resolve(''), close: () => Promise.resolve() }
  let sent = 0
  const run = (): Promise<DeliveryResult> => {
    sent++
    return Promise.resolve({ startedAt: clock.now(), routes: [], late: [] })
  }
  const one = await serve(`domains: { good.example: {} }\n${dnsOnly}`, {
    mailLogs, deliveries: new DeliveryWatch({ clock, log: () => undefined, directory: undefined }), settings: { routes: [{ name: 'there-and-back', interval: 60, run }] },
  })
  await clock.advance(0)
  expect([sent, followed.length]).toEqual([1, 1])
  const reloaded = one.service.reload()
  const stopped = one.service.stop(10_000)
  await clock.advance(600_000)
  expect(await reloaded).toBe(false)
  await stopped
  await one.server.close()
  expect([sent, followed.length]).toEqual([1, 1])
})

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>(settle => (resolve = settle))
  return { promise, resolve }
}
