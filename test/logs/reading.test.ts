import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import type { LogEntry } from '../../src/logs/finding.ts'
import { Follower } from '../../src/logs/follower.ts'
import { inOrder } from '../../src/logs/in-order.ts'
import { OctetLines } from '../../src/logs/octet-lines.ts'
import { readLog, type LogError } from '../../src/logs/read-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailcheck-logs-'))
afterAll(() => rmSync(folder, { recursive: true }))
const strange = (): void => undefined
const line = (second: number, text: string): string => `${new Date(Date.UTC(2026, 10, 23, 10, 0, second)).toISOString()} mx postfix/smtpd[1]: ${text}\n`

async function texts(batches: AsyncIterable<LogEntry[]>): Promise<string[]> {
  const all: string[] = []
  for await (const entries of batches) all.push(...entries.map(({ text }) => text))
  return all
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test('lines are the same wherever the octets are cut', () => {
  const whole = Buffer.from(`one\ntwo\r\n\n${'x'.repeat(40_000)}\nlast`)
  const read = (pieces: readonly Buffer[]): unknown => {
    const lines = new OctetLines()
    return [...pieces.flatMap(piece => lines.push(piece)), ...lines.end()]
  }
  const expected = read([whole])
  expect(expected).toEqual([{ text: 'one', cut: false }, { text: 'two', cut: false }, { text: '', cut: false }, { text: 'x'.repeat(16_384), cut: true }, { text: 'last', cut: false }])
  fc.assert(fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), cuts => {
    const edges = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
    expect(read(edges.map((edge, i) => whole.subarray(edge, edges[i + 1] ?? whole.length)))).toEqual(expected)
  }), { numRuns: 50 })
})

describe('files', () => {
  test('rotated and packed parts come in the order of time, whatever their names', async () => {
    const logs = [file('a', line(20, 'c') + line(30, 'd')), file('b.gz', gzipSync(line(1, 'a') + line(10, 'b'))), file('other', line(5, 'x') + line(25, 'y')), file('empty', '')]
    expect(await texts(inOrder(logs.map(path => readLog(path, { strange })), () => expect.unreachable()))).toEqual(['a', 'x', 'b', 'c', 'y', 'd'])
  })

  test('one that cannot be read is told, and the others are read', async () => {
    const logs = [join(folder, 'none'), file('cut.gz', gzipSync(line(1, 'a').repeat(9)).subarray(0, 40)), file('xz', Buffer.from('\xfd7zXZ', 'latin1')), folder, file('good', line(2, 'b'))]
    const failed: string[] = []
    expect(await texts(inOrder(logs.map(path => readLog(path, { strange })), (index, error) => failed.push(`${index} ${(error as LogError).message}`)))).toContain('b')
    expect(failed.toSorted()).toEqual([
      '0 there is no such file or directory', '1 the packed file is cut off', expect.stringMatching(/^2 it is packed by xz/), '3 it is a directory',
    ])
  })

  test('the forms of the same log say the same', async () => {
    const fixture = (name: string) => texts(readLog(join('fixtures/logs', name), { strange, now: new Date('2026-11-23T23:00:00Z') }))
    const expected = await fixture('syslog-rfc3164.log')
    expect(expected).toHaveLength(60)
    for (const name of ['syslog-rfc5424.log', 'journal.json', 'journal.export']) expect([name, await fixture(name)]).toEqual([name, expected])
  })
})

class Followed {
  readonly texts: string[] = []
  readonly lines: number[] = []
  readonly problems: (string | null)[] = []
  readonly follower: Follower

  constructor(path: string, from: 'start' | 'end' = 'start') {
    this.follower = new Follower(path, { from, strange, problem: why => this.problems.push(why), entries: entries => {
      this.texts.push(...entries.map(({ text }) => text))
      this.lines.push(...entries.map(({ line: number }) => number))
    } })
  }
}

describe('a log that is being written', () => {
  afterEach(() => vi.useRealTimers())

  test('what is appended is read, in whole lines', async () => {
    const path = file('grows', line(1, 'a'))
    const { follower, texts: seen } = new Followed(path)
    await follower.look()
    appendFileSync(path, line(2, 'b') + line(3, 'c').slice(0, 20))
    await follower.look()
    expect(seen).toEqual(['a', 'b'])
    appendFileSync(path, line(3, 'c').slice(20))
    await follower.close()
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  test('for days, and its lines tell no year', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 10, 20, 12) })
    const times: number[] = []
    const path = file('days', 'Nov 20 10:00:00 mx dovecot: a\n')
    const follower = new Follower(path, { from: 'start', strange, entries: entries => {
      times.push(...entries.map(({ time }) => time))
    } })
    await follower.look()
    vi.setSystemTime(new Date(2026, 10, 26, 12))
    appendFileSync(path, 'Nov 26 10:00:00 mx dovecot: b\n')
    await follower.close()
    expect(times).toEqual([new Date(2026, 10, 20, 10).getTime(), new Date(2026, 10, 26, 10).getTime()])
  })

  test('no more of it is read than is taken', async () => {
    const path = file('much', line(1, 'x'.repeat(1000)).repeat(2000))
    let [under, most, seen] = [0, 0, 0]
    const follower = new Follower(path, { from: 'start', strange, entries: async entries => {
      most = Math.max(most, ++under)
      await new Promise(resolve => setImmediate(resolve))
      under--
      seen += entries.length
    } })
    await follower.close()
    expect([most, seen]).toEqual([1, 2000])
  })

  test('its end comes after the look that was under way, and after the one that was asked for meanwhile', async () => {
    const path = file('closing', line(1, 'old'))
    const seen: string[] = []
    const problems: unknown[] = []
    let taken: () => void = () => undefined
    const follower = new Follower(path, { from: 'start', strange, problem: why => problems.push(why), entries: async entries => {
      seen.push(...entries.map(({ text }) => text))
      await new Promise<void>(resolve => (taken = resolve))
    } })
    void follower.look()
    const closed = follower.close().then(() => seen.length)
    renameSync(path, `${path}.1`)
    writeFileSync(path, line(2, 'new'))
    for (let i = 0; i < 20; i++) {
      await new Promise(resolve => setImmediate(resolve))
      taken()
    }
    expect([await closed, seen, problems]).toEqual([2, ['old', 'new'], []])
  })

  test('a device or a pipe is none', async () => {
    const { follower, problems } = new Followed('/dev/null')
    await follower.look()
    expect(problems).toEqual([expect.stringContaining('it is no file that could be followed')])
    await follower.close()
  })

  test('what could not be read at first is followed from its end as well', async () => {
    const path = join(folder, 'opens-later')
    symlinkSync('/dev/null', path)
    const { follower, texts: seen, problems } = new Followed(path, 'end')
    await follower.look()
    rmSync(path)
    mkdirSync(path)
    await follower.look()
    rmdirSync(path)
    writeFileSync(path, line(1, 'from before'))
    await follower.look()
    appendFileSync(path, line(2, 'new'))
    await follower.close()
    expect([seen, problems]).toEqual([['new'], [expect.stringContaining('no file that could be followed'), 'it is a directory', null]])
  })

  test('it is renamed and begun anew: the rest of the old one is read, also what comes late', async () => {
    const path = file('rotated', line(1, 'old'))
    const { follower, texts: seen } = new Followed(path)
    await follower.look()
    renameSync(path, `${path}.1`)
    appendFileSync(`${path}.1`, line(2, 'rest'))
    await follower.look()
    writeFileSync(path, line(4, 'new'))
    appendFileSync(`${path}.1`, line(3, 'late'))
    await follower.look()
    appendFileSync(`${path}.1`, line(3, 'later'))
    await follower.look()
    await follower.close()
    expect(seen).toEqual(['old', 'rest', 'late', 'new', 'later'])
  })

  test('the old one is read until its writer has had the time to notice, however often there is a look', async () => {
    const path = file('busy', line(1, 'old'))
    const { follower, texts: seen } = new Followed(path)
    await follower.look()
    renameSync(path, `${path}.1`)
    writeFileSync(path, line(2, 'new'))
    for (let i = 0; i < 10; i++) await follower.look()
    appendFileSync(`${path}.1`, line(3, 'late'))
    await follower.close()
    expect(seen).toEqual(['old', 'new', 'late'])
  })

  test('it is emptied in place: lines are counted from its new beginning', async () => {
    const path = file('emptied', `${line(1, 'a')}${line(1, 'b')}${line(1, 'half')}`.trimEnd())
    const { follower, texts: seen, lines } = new Followed(path)
    await follower.look()
    truncateSync(path)
    appendFileSync(path, line(2, 'c'))
    await follower.look()
    await follower.close()
    expect([seen, lines]).toEqual([['a', 'b', 'half', 'c'], [1, 2, 3, 1]])
  })

  test('it is not there yet', async () => {
    const path = join(folder, 'later')
    const { follower, texts: seen, problems } = new Followed(path, 'end')
    await follower.look()
    await follower.look()
    writeFileSync(path, line(1, 'a'))
    await follower.look()
    await follower.close()
    expect([seen, problems]).toEqual([['a'], ['there is no such file', null]])
  })

  test('from its end', async () => {
    const path = file('end', line(1, 'a'))
    const { follower, texts: seen } = new Followed(path, 'end')
    await follower.look()
    appendFileSync(path, line(2, 'b'))
    await follower.close()
    expect(seen).toEqual(['b'])
  })

  test('the system tells of it', async () => {
    const path = file('watched', '')
    const seen = new Promise<string>(resolve => {
      const follower = new Follower(path, { from: 'start', strange, entries: ([entry]) => void follower.close().then(() => resolve(entry?.text ?? '')) })
      follower.start()
    })
    appendFileSync(path, line(1, 'a'))
    expect(await seen).toBe('a')
  })
})

test('a form of every kind is among the fixtures', () => {
  expect(readFileSync('fixtures/logs/dovecot.log', 'latin1')).toContain(' imap-login: Info: ')
})
