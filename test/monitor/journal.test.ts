import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyChange, emptyRecord, type Change, type DomainRecord } from '../../src/monitor/domain-record.ts'
import { applyLine } from '../../src/monitor/journal-lines.ts'
import { openJournal, readHistory, StateError, type Journal } from '../../src/monitor/journal.ts'
import { keyOf, type Standing } from '../../src/monitor/verdicts.ts'

let folder: string
let file: string
let damaged: number
let logged: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailcheck-state-'))
  file = join(folder, 'state.jsonl')
  damaged = 0
  logged = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (compactFrom?: number): Promise<Journal> => openJournal(folder, {
  log: (level, message, fields) => logged.push(`${level}: ${message} ${JSON.stringify(fields)}`), onDamaged: lines => (damaged += lines),
  onWriteError: () => logged.push('write error'), ...(compactFrom === undefined ? {} : { compactFrom }),
})

const fails = (subject: string, at: number): Standing =>
  ({ check: 'smtp/session-opens', subject, severity: 'error', module: 'sessions', state: 'fail', decidedAt: at, unknown: null })

function change(at: number, rest: Partial<Change> = {}): Change {
  return { module: 'sessions', run: { endedAt: at, seconds: 1.5, success: true }, judged: true, set: [], gone: [], changed: new Map(), same: [], ...rest }
}

/** Remembers, as the service does. */
async function remember(journal: Journal, domain: string, one: Change): Promise<DomainRecord> {
  const after = applyChange(journal.recall(domain) ?? emptyRecord, one)
  await journal.remember(domain, one, after)
  return after
}

test('what is remembered is there after a restart', async () => {
  const first = await open()
  await remember(first, 'a.example', change(1000, { set: [fails('mx[192.0.2.1]:25', 1000)], changed: new Map([['spf', '"v=spf1 -all"'], ['tls-rpt', null]]) }))
  const a = await remember(first, 'a.example', change(2000, { same: ['spf'] }))
  const b = await remember(first, 'b.example', change(3000, { judged: false, run: { endedAt: 3000, seconds: 2, success: false } }))
  await first.close()
  const second = await open()
  expect(second.recall('a.example')).toEqual(a)
  expect(second.recall('b.example')).toEqual(b)
  expect(a.standings.get(keyOf(fails('mx[192.0.2.1]:25', 0)))?.decidedAt).toBe(2000)
  expect(a.histories.get('spf')).toEqual([{ value: '"v=spf1 -all"', first: 1000, last: 2000 }])
  expect(second.recall('c.example')).toBeUndefined()
  const history = await readHistory(folder)
  expect(history('a.example').records['spf']).toEqual([{ value: '"v=spf1 -all"', firstSeen: '1970-01-01T00:00:01.000Z', lastSeen: '1970-01-01T00:00:02.000Z' }])
  expect(history('c.example')).toEqual({ since: null, records: {} })
  await second.close()
})

test('a process that dies at any moment loses at most the line that it was writing', async () => {
  const journal = await open()
  const before = await remember(journal, 'a.example', change(1000, { set: [fails('x', 1000)] }))
  const whole = readFileSync(file).length
  await remember(journal, 'a.example', change(2000, { gone: [keyOf(fails('x', 0))] }))
  await journal.close()
  const complete = readFileSync(file)
  for (let length = whole; length < complete.length - 1; length += 7) {
    writeFileSync(file, complete.subarray(0, length))
    damaged = 0
    const again = await open()
    expect(again.recall('a.example')).toEqual(before)
    expect(damaged).toBe(length === whole ? 0 : 1)
    const after = await remember(again, 'a.example', change(3000))
    await again.close()
    const last = await open()
    expect(last.recall('a.example')).toEqual(after)
    await last.close()
  }
})

test('what ends while the disk is busy is written together, in order, and is there when it is said to be kept', async () => {
  const journal = await open()
  const kept = Array.from({ length: 200 }, (_, i) => remember(journal, `d${i % 7}.example`, change(1000 + i, { changed: new Map([['spf', `v=spf1 ${i}`]]) })))
  await kept[0]
  expect(readFileSync(file, 'utf8')).toContain('"domain":"d0.example"')
  await Promise.all(kept)
  const lines = readFileSync(file, 'utf8').split('\n').slice(1, -1).map(line => (JSON.parse(line) as { run: { endedAt: number } }).run.endedAt)
  expect(lines).toEqual(Array.from({ length: 200 }, (_, i) => 1000 + i))
  const records = Array.from({ length: 7 }, (_, i) => journal.recall(`d${i}.example`))
  await journal.close()
  const again = await open()
  expect(Array.from({ length: 7 }, (_, i) => again.recall(`d${i}.example`))).toEqual(records)
  await again.close()
})

test('a file that cannot be written anew stays in force, and that is told', async () => {
  const journal = await open()
  await remember(journal, 'a.example', change(1000))
  mkdirSync(`${file}.new`)
  await journal.compact()
  expect(logged.filter(line => line === 'write error')).toHaveLength(1)
  const b = await remember(journal, 'b.example', change(2000))
  await journal.close()
  rmSync(`${file}.new`, { recursive: true })
  const again = await open()
  expect(again.recall('a.example')).toBeDefined()
  expect(again.recall('b.example')).toEqual(b)
  await again.close()
})

test('a damaged line is told and passed over, and what stands behind it is read', async () => {
  const journal = await open()
  await remember(journal, 'a.example', change(1000))
  await journal.close()
  appendFileSync(file, '{"kind":"run","domain":"a.example"}\n\u0000\u0000nonsense\n[]\n{"kind":"run","domain":"../../etc","module":"m","run":{"endedAt":1,"seconds":1,"success":true},"judged":false,"set":[],"gone":[],"changed":{},"same":[]}\n')
  const again = await open()
  await remember(again, 'b.example', change(2000))
  await again.close()
  const last = await open()
  expect(damaged).toBe(8)
  expect(logged.filter(line => line.startsWith('warn: a line of the state is damaged'))).toHaveLength(8)
  expect(last.recall('a.example')?.runs.get('sessions')?.endedAt).toBe(1000)
  expect(last.recall('b.example')?.runs.get('sessions')?.endedAt).toBe(2000)
  await last.close()
})

describe('compaction', () => {
  test('keeps everything, and what is remembered meanwhile', async () => {
    const journal = await open(Infinity)
    for (let i = 0; i < 100; i++) for (let domain = 0; domain < 50; domain++) await remember(journal, `d${domain}.example`, change(i + 1, { set: [fails(`x${i % 3}`, i + 1)] }))
    const before = readFileSync(file).length
    const compacted = journal.compact()
    for (let domain = 0; domain < 50; domain++) void remember(journal, `d${domain}.example`, change(500, { changed: new Map([['spf', 'during']]) }))
    await compacted
    await remember(journal, 'd0.example', change(600, { changed: new Map([['spf', 'after']]) }))
    const records = Array.from({ length: 50 }, (_, domain) => journal.recall(`d${domain}.example`))
    await journal.close()
    expect(readFileSync(file).length).toBeLessThan(before / 3)
    expect(existsSync(`${file}.new`)).toBe(false)
    const again = await open()
    expect(Array.from({ length: 50 }, (_, domain) => again.recall(`d${domain}.example`))).toEqual(records)
    expect(damaged).toBe(0)
    await again.close()
  })

  test('happens by itself when the file has grown', async () => {
    const journal = await open(20_000)
    let largest = 0
    for (let i = 0; i < 1000; i++) {
      await remember(journal, 'a.example', change(i + 1, { changed: new Map([['spf', `v=spf1 ${i}`]]) }))
      largest = Math.max(largest, readFileSync(file).length)
      if (i % 50 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    await journal.close()
    expect(largest).toBeLessThan(60_000)
  })

  test('a process that dies during it leaves the old file in force', async () => {
    const journal = await open()
    await remember(journal, 'a.example', change(1000))
    await journal.close()
    writeFileSync(`${file}.new`, '{"kind":"mailcheck.state","version":1}\n{"kind":"dom')
    const again = await open()
    expect(again.recall('a.example')).toBeDefined()
    expect(existsSync(`${file}.new`)).toBe(false)
    await again.close()
  })
})

test('two processes do not share a directory; the lock of a dead one is none', async () => {
  const journal = await open()
  await expect(open()).rejects.toThrow(`is in use by process ${process.pid}`)
  await expect(open()).rejects.toBeInstanceOf(StateError)
  await journal.close()
  expect(existsSync(join(folder, 'lock'))).toBe(false)
  for (const stale of ['4194304 1\n', `${process.pid} 1\n`, 'nonsense', '']) {
    writeFileSync(join(folder, 'lock'), stale)
    await (await open()).close()
  }
})

test('a file of another version is not touched', async () => {
  writeFileSync(file, '{"kind":"mailcheck.state","version":2}\n')
  await expect(open()).rejects.toThrow('another version')
  expect(readFileSync(file, 'utf8')).toBe('{"kind":"mailcheck.state","version":2}\n')
})

test('a file that lost its end, or all of it, is a file', async () => {
  writeFileSync(file, '')
  await (await open()).close()
  truncateSync(file, 10)
  const journal = await open()
  await remember(journal, 'a.example', change(1000))
  await journal.close()
  expect((await open()).recall('a.example')).toBeDefined()
})

test('any line is applied or refused', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), line => {
    const records = new Map<string, DomainRecord>()
    expect(applyLine(records, line)).toBe(records.size > 0)
  }))
})
