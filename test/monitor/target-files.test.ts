import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { watchTargetFiles } from '../../src/monitor/target-files.ts'
import { parseTargets } from '../../src/monitor/target-list.ts'
import { FakeClock } from './fake-clock.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mailcheck-targets-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function watching(...patterns: string[]) {
  const clock = new FakeClock()
  const logged: string[] = []
  let changes = 0
  const discovery = watchTargetFiles(clock, (level, message, fields) => logged.push(`${level}: ${message} ${JSON.stringify(fields)}`))(() => changes++)
  discovery.watch(patterns.map(pattern => join(folder, pattern)))
  return { clock, logged, discovery, changes: () => changes, names: () => discovery.domains().map(({ domain }) => domain) }
}

const put = (name: string, text: string): void => {
  writeFileSync(join(folder, `.${name}.new`), text)
  renameSync(join(folder, `.${name}.new`), join(folder, name))
}

test('YAML and JSON, in several files', () => {
  put('a.yaml', '- targets: [example.com, Bücher.example]\n  labels: { team: mail, __address__: x }\n- targets: []\n')
  put('b.json', '[{"targets":["example.org"]}]')
  put('c.txt', '- targets: [example.net]')
  const { discovery } = watching('*.yaml', 'b.json')
  expect(discovery.domains()).toEqual([
    { domain: 'example.com', shownAs: 'example.com', labels: { team: 'mail' } },
    { domain: 'xn--bcher-kva.example', shownAs: expect.any(String) as string, labels: { team: 'mail' } },
    { domain: 'example.org', shownAs: 'example.org' },
  ])
})

test('a change is seen at the next look, a new file and one that is gone as well', async () => {
  put('a.yaml', '- targets: [a.example]')
  const { clock, names, changes } = watching('*.yaml')
  await clock.advance(20_000)
  expect([names(), changes()]).toEqual([['a.example'], 0])
  put('a.yaml', '- targets: [a.example, other.example]')
  put('b.yaml', '- targets: [b.example]')
  await clock.advance(5000)
  expect([names(), changes()]).toEqual([['a.example', 'other.example', 'b.example'], 1])
  unlinkSync(join(folder, 'a.yaml'))
  await clock.advance(5000)
  expect([names(), changes()]).toEqual([['b.example'], 2])
})

test('a file that is half written changes nothing, and is told once', async () => {
  put('a.yaml', '- targets: [a.example]')
  const { clock, names, changes, logged, discovery } = watching('a.yaml')
  put('a.yaml', '- targets: [a.example,')
  await clock.advance(20_000)
  expect([names(), changes(), discovery.unreadable]).toEqual([['a.example'], 0, 1])
  expect(logged.filter(line => line.startsWith('error: a target file cannot be read'))).toHaveLength(1)
  unlinkSync(join(folder, 'a.yaml')) // a path without a star must be there
  await clock.advance(5000)
  expect([names(), discovery.unreadable]).toEqual([['a.example'], 1])
  put('a.yaml', '- targets: [b.example]')
  await clock.advance(5000)
  expect([names(), discovery.unreadable]).toEqual([['b.example'], 0])
})

test('what is no domain is passed over, and told', () => {
  put('a.yaml', '- targets: ["user@example.com", "192.0.2.1", "a.example:25", example.com, "\\e[31m"]')
  const { names, logged } = watching('a.yaml')
  expect(names()).toEqual(['example.com'])
  expect(logged).toHaveLength(4)
})

test('after close nobody looks any more', async () => {
  const { clock, discovery } = watching('a.yaml')
  discovery.close()
  await clock.advance(60_000)
  expect(clock.timers).toBe(0)
})

test.each([
  ['[]', ''], ['', ''], ['null', ''], ['{}', /./], ['- example.com', /./], ['- targets: example.com', /0\.targets/], ['- targets: [a.example]\n  lables: {}', /lables/], ['[1', /./],
])('%j', (text, expected) => {
  const read = (): unknown => parseTargets(text)
  if (expected === '') expect(read()).toEqual({ domains: [], refused: [] })
  else expect(read).toThrow(expected)
})

test('any text is a list, or an error that is one', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), text => {
    try {
      parseTargets(text)
    } catch (error) {
      expect(error).toBeInstanceOf(Error)
    }
  }))
})
