import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { exposition } from '../../src/monitor/exposition.ts'
import { families } from '../../src/monitor/families.ts'
import { ReportLedger } from '../../src/monitor/report-ledger.ts'
import { ReportWatch } from '../../src/monitor/report-watch.ts'
import { StateLock } from '../../src/monitor/state-lock.ts'
import { Turns } from '../../src/network/turns.ts'
import { readReports } from '../../src/syntax/received-report.ts'
import { tlsResultTypes } from '../../src/syntax/tls-report.ts'
import { aggregate, begin, day, failure, mailWith, gzip, tls } from '../syntax/report-samples.ts'
import { FakeClock } from './fake-clock.ts'
import { closeWorld, parseMetrics, serve, worldOf } from './serving.ts'

let folder: string
let inbox: string
let state: string
let logged: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailcheck-watch-'))
  inbox = join(folder, 'inbox')
  state = join(folder, 'state')
  mkdirSync(inbox)
  logged = []
  return () => rmSync(folder, { recursive: true })
})

const put = (name: string, content: string | Buffer): void => writeFileSync(join(inbox, name), content)
const now = (): Date => new FakeClock().now()
const watchOf = async (directory: string | null = state, most = 1000, turns = new Turns()): Promise<ReportWatch> => new ReportWatch({
  ledger: directory === null ? new ReportLedger() : await ReportLedger.read(directory, { most, now }), clock: new FakeClock(), turns,
  log: (level, message, fields) => void logged.push(`${level}: ${message} ${JSON.stringify(fields)}`),
})
const series = (watch: ReportWatch, ...domains: string[]): Record<string, number> =>
  Object.fromEntries(parseMetrics(exposition(watch.samples(domains.length === 0 ? ['example.com'] : domains))))

describe('counters', () => {
  test('of messages and sessions, with labels from our own lists alone', async () => {
    put('a.xml', aggregate({ rows: [
      { count: 5 }, { count: 3, dkim: 'fail', spf: 'fail', signer: 'esp.example', signature: 'pass' }, { count: 2, source: '11.66.1.9', dkim: 'fail', spf: 'fail', signature: 'fail', disposition: 'reject' },
    ] }))
    put('t.json', tls({ failures: [{ type: 'certificate-expired', host: 'mx1.example.com', count: 4 }, { type: 'x\ny="', count: 1 }] }))
    put('f.eml', failure())
    const watch = await watchOf()
    await watch.watch(inbox)
    expect(series(watch)).toEqual({
      'mailcheck_dmarc_messages_total{domain="example.com",disposition="none",spf="pass",dkim="pass",aligned="true"}': 5,
      'mailcheck_dmarc_messages_total{domain="example.com",disposition="none",spf="fail",dkim="pass",aligned="false"}': 3,
      'mailcheck_dmarc_messages_total{domain="example.com",disposition="reject",spf="fail",dkim="fail",aligned="false"}': 2,
      'mailcheck_tls_sessions_total{domain="example.com",result="success"}': 100,
      'mailcheck_tls_sessions_total{domain="example.com",result="certificate-expired"}': 4,
      'mailcheck_tls_sessions_total{domain="example.com",result="other"}': 1,
      'mailcheck_received_reports_total{domain="example.com",kind="dmarc"}': 1,
      'mailcheck_received_reports_total{domain="example.com",kind="tls"}': 1,
      'mailcheck_received_reports_total{domain="example.com",kind="failure"}': 1,
      'mailcheck_received_report_timestamp_seconds{domain="example.com",kind="dmarc"}': begin + day - 1,
      'mailcheck_received_report_timestamp_seconds{domain="example.com",kind="tls"}': begin + day - 1,
      'mailcheck_received_report_timestamp_seconds{domain="example.com",kind="failure"}': begin + 10 * 3600,
      'mailcheck_received_set_aside_total': 0, 'mailcheck_received_last_read_timestamp_seconds': Date.parse('2026-11-23T10:00:00Z') / 1000,
    })
    expect(series(watch, 'nobody.example')).not.toHaveProperty('mailcheck_received_reports_total{domain="nobody.example",kind="dmarc"}')
  })

  test('go on where the oldest reports make room for others, over restarts too', async () => {
    const file = join(state, 'reports', 'reports.jsonl')
    const other = await ReportLedger.read(state, { most: 60, now })
    const put20 = (name: string, daysLater: number): void => put(`${name}.xml`, aggregate({ id: name, begin: begin + (daysLater - 10) * day, rows: [{}, {}] }))
    for (const [i, name] of ['d', 'c', 'b', 'a'].entries()) put20(name, i)
    await (await watchOf(state, 60)).watch(inbox)
    await other.write(() => Promise.resolve())
    expect(other.size).toBe(4)
    put20('e', 5)
    put('t.json', tls())
    for (let i = 0; i < 3; i++) {
      const watch = await watchOf(state, 60)
      await watch.watch(inbox)
      expect(series(watch)).toMatchObject({
        'mailcheck_received_reports_total{domain="example.com",kind="dmarc"}': 5, 'mailcheck_received_reports_total{domain="example.com",kind="tls"}': 1, 'mailcheck_received_set_aside_total': 0,
        'mailcheck_dmarc_messages_total{domain="example.com",disposition="none",spf="pass",dkim="pass",aligned="true"}': 100,
        'mailcheck_received_report_timestamp_seconds{domain="example.com",kind="dmarc"}': begin - 4 * day - 1,
      })
      expect(watch.reportsOn('example.com').map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'e', 't1'])
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line) as { kind: string; keys?: string[] })
      expect(lines.map(({ kind }) => kind).toSorted()).toEqual(['dmarc', 'dmarc', 'dmarc', 'forgotten', 'mailcheck.reports', 'sums', 'tls'])
      expect(lines.find(({ kind }) => kind === 'forgotten')?.keys).toHaveLength(2)
    }
    expect(logged.filter(line => line.includes('made room'))).toEqual([expect.stringMatching(/^info: the oldest reports made room for others.*"reports":2}/)])
    await other.write(() => Promise.resolve())
    expect([other.size, other.forgotten, other.generation]).toEqual([4, 2, 1])
  })

  test('a report that claims to be of days to come is set aside, and those that are kept do not stay for ever', async () => {
    put('a.xml', aggregate())
    put('b.xml', aggregate({ id: 'b', begin: begin + 10 * day }))
    const watch = await watchOf()
    await watch.watch(inbox)
    expect(watch.reportsOn('example.com').map(({ id }) => id)).toEqual(['1'])
    expect(series(watch)).toMatchObject({ 'mailcheck_received_set_aside_total': 1, 'mailcheck_received_report_timestamp_seconds{domain="example.com",kind="dmarc"}': begin + day - 1 })
    expect(logged[0]).toBe(`warn: a report is set aside ${JSON.stringify({ where: join(inbox, 'b.xml'), line: null, reason: 'it is about days to come: until 2026-11-30T23:59:59.000Z' })}`)
    const ledger = new ReportLedger(null, { most: 30, now })
    await ledger.write(async add => {
      for (const text of [readFileSync(join(inbox, 'b.xml'), 'utf8'), aggregate(), aggregate({ id: '2' })]) {
        for (const report of readReports(Buffer.from(text), 'x').reports) await add(report)
      }
    })
    expect([...ledger.all()].map(({ id }) => id)).toEqual(['1', '2'])
  })

  test('survive a restart, and a report that is read again does not count again', async () => {
    put('a.xml', aggregate())
    await (await watchOf()).watch(inbox)
    put('a-again.eml', mailWith(gzip(aggregate())))
    put('b.xml', aggregate({ id: '2', begin: begin + day }))
    const watch = await watchOf()
    const messages = 'mailcheck_dmarc_messages_total{domain="example.com",disposition="none",spf="pass",dkim="pass",aligned="true"}'
    expect(series(watch)[messages]).toBe(10)
    await watch.watch(inbox)
    expect(series(watch)[messages]).toBe(20)
  })

  test('have at most as many series as their labels allow', async () => {
    const rows = ['none', 'pass', 'quarantine', 'reject'].flatMap(disposition => ['pass', 'fail'].flatMap(dkim => ['pass', 'fail'].flatMap(spf => ['pass', 'fail'].map(signature => ({ disposition, dkim, spf, signature })))))
    put('a.xml', aggregate({ rows }))
    put('t.json', tls({ failures: [...tlsResultTypes, ...Array.from({ length: 200 }, (_, i) => `strange-${i}`)].map(type => ({ type, count: 1 })) }))
    put('f.eml', failure())
    const watch = await watchOf(null)
    await watch.watch(inbox)
    expect(watch.samples(['example.com']).filter(({ labels }) => 'domain' in labels).length).toBeLessThanOrEqual(55)
    const known = new Map(families.map(({ name, labels }) => [name as string, labels.join()]))
    for (const { family, labels } of watch.samples(['example.com'])) expect(Object.keys(labels).join()).toBe(known.get(family))
  })
})

test('what comes later is read at the next look, once; what cannot be read is told once', async () => {
  const clock = new FakeClock()
  const watch = new ReportWatch({ ledger: new ReportLedger(), clock, log: (level, message, fields) => void logged.push(`${level}: ${message} ${JSON.stringify(fields)}`) })
  await watch.watch(inbox)
  put('a.xml', aggregate())
  put('notes.txt', 'nothing')
  await clock.advance(60_000)
  await watch.look()
  appendFileSync(join(inbox, 'notes.txt'), '')
  await watch.look()
  expect(watch.reportsOn('example.com')).toHaveLength(1)
  expect(watch.reportsOn('www.example.com')).toHaveLength(1)
  expect(watch.reportsOn('example.org')).toEqual([])
  expect(logged.filter(line => line.startsWith('warn'))).toEqual([`warn: a report is set aside ${JSON.stringify({ where: join(inbox, 'notes.txt'), line: null, reason: 'it is neither XML, JSON, gzip, zip nor a message' })}`])
  await watch.stop()
  expect(clock.timers).toBe(0)
})

test('of a domain on which nobody reports any more, the last aggregate report stays', async () => {
  for (const [i, ago] of [300, 200, 201].entries()) put(`${i}.xml`, aggregate({ id: String(i), begin: begin - ago * day }))
  const watch = await watchOf(null)
  await watch.watch(inbox)
  expect(watch.reportsOn('example.com').map(({ id }) => id)).toEqual(['1'])
})

describe('a large report', () => {
  const large = aggregate({ rows: Array.from({ length: 12_000 }, (_, i) => ({ source: `11.1.${i >> 8}.${i & 255}`, count: 1 })) })
  const messages = 'mailcheck_dmarc_messages_total{domain="example.com",disposition="none",spf="pass",dkim="pass",aligned="true"}'

  test('is read and kept in many turns, and known again in as many', async () => {
    class CountedTurns extends Turns {
      count = 0
      override take(): Promise<void> {
        this.count++
        return super.take()
      }
    }
    put('a.xml.gz', gzip(large))
    const [turns, later] = [new CountedTurns(), new CountedTurns()]
    const watch = await watchOf(state, 100_000, turns)
    const other = await watchOf(state, 100_000, later)
    await watch.watch(inbox)
    expect(turns.count).toBeGreaterThan(large.length / 65_536 + 12_000 / 1000)
    expect(series(watch)[messages]).toBe(12_000)
    const lines = readFileSync(join(state, 'reports', 'reports.jsonl'), 'utf8').trimEnd().split('\n')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThan(500_000)
    await other.watch(inbox)
    expect(later.count).toBeGreaterThan(large.length / 65_536 + lines.length)
    expect(series(other)[messages]).toBe(12_000)
    expect(series(await watchOf(state, 100_000))[messages]).toBe(12_000)
  })

  test('of which the last lines are missing is no report, and is read again', async () => {
    put('a.xml', large)
    await (await watchOf(state, 100_000)).watch(inbox)
    const file = join(state, 'reports', 'reports.jsonl')
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    writeFileSync(file, `${lines.slice(0, -2).join('\n')}\n${lines.at(-2)?.slice(0, 50) ?? ''}`)
    const ledger = await ReportLedger.read(state)
    expect([ledger.size, ledger.damaged]).toEqual([0, 1])
    const watch = await watchOf(state, 100_000)
    await watch.watch(inbox)
    expect(series(watch)[messages]).toBe(12_000)
    expect(series(await watchOf(state, 100_000))[messages]).toBe(12_000)
  })
})

test('while another process keeps reports there, it waits for the next look', async () => {
  put('a.xml', aggregate())
  const watch = await watchOf()
  mkdirSync(join(state, 'reports'), { recursive: true })
  const lock = StateLock.take(join(state, 'reports'))
  await watch.watch(inbox)
  expect(watch.reportsOn('example.com')).toEqual([])
  expect(logged).toEqual([expect.stringMatching(/^warn: reports cannot be kept; they are read again later .*in use by process/)])
  if (lock instanceof StateLock) lock.release()
  await watch.look()
  expect(watch.reportsOn('example.com')).toHaveLength(1)
})

test('a folder that is not there is told once, and looked for again', async () => {
  const watch = await watchOf(null)
  await watch.watch(join(folder, 'later'))
  await watch.look()
  expect(logged).toHaveLength(1)
  expect(watch.readAt).toBeNull()
  mkdirSync(join(folder, 'later'))
  writeFileSync(join(folder, 'later', 'a.xml'), aggregate())
  await watch.look()
  expect(watch.readAt).toEqual(now())
  expect(watch.reportsOn('example.com')).toHaveLength(1)
})

describe('in the service', () => {
  beforeAll(async () => {
    await worldOf('good', 'parked', 'faulty')
  }, 60_000)
  afterAll(() => closeWorld())

  test('requests are answered while a large report is read', async () => {
    put('a.xml.gz', gzip(aggregate({ domain: 'good.example', rows: Array.from({ length: 30_000 }, (_, i) => ({ source: `11.1.${i >> 8}.${i & 255}` })) })))
    const reports = await watchOf(state, 1_000_000)
    const serving = await serve('domains: { good.example: {} }', { reports, idle: true })
    try {
      const statuses: number[] = []
      const looking = reports.watch(inbox)
      const over = new Set<string>()
      void looking.then(() => over.add('looking'))
      while (over.size === 0) statuses.push((await serving.get('/-/healthy')).status)
      const answered = statuses.filter(status => status === 200).length
      expect(reports.reportsOn('good.example')).toHaveLength(1)
      expect(answered).toBeGreaterThan(10)
    } finally {
      await serving.close()
    }
  })

  test('the metrics have them, and the checks of the topic are judged', async () => {
    put('t.json', tls({ domain: 'good.example', failures: [{ type: 'certificate-expired', host: 'mx1.good.example', count: 4 }] }))
    const reports = await watchOf()
    await reports.watch(inbox)
    const serving = await serve(`domains: { good.example: {} }\nserve: { reports: ${JSON.stringify(inbox)}, state: ${JSON.stringify(state)} }\nmodules: { reports: { only: [reports], interval: 5m } }`, { reports, reportsOn: domain => reports.reportsOn(domain) })
    try {
      await reports.look()
      await serving.allRun()
      const metrics = parseMetrics((await serving.get('/metrics')).body)
      expect(metrics.get('mailcheck_tls_sessions_total{domain="good.example",result="certificate-expired"}')).toBe(4)
      expect(metrics.get('mailcheck_check_state{domain="good.example",check="reports/no-tls-failures",subject="mx1.good.example",severity="error",state="fail"}')).toBe(1)
    } finally {
      await serving.close()
    }
  })
})
