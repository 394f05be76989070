/** What is true of every check: of the list, and of each by itself. The table of a check (check-table.ts) does the rest. */
import { existsSync, readdirSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { questions, severities, type Check } from '../../src/checks/define.ts'
import { checks } from '../../src/checks/index.ts'
import { domainProbes, subjectProbes } from '../../src/probes/index.ts'
import { placeholdersOf } from '../check-table.ts'

const root = new URL('../../src/checks/', import.meta.url)
/** `mx/route-exists`, for every file in a topic's folder. */
const written = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(file => /^[^/]+\/.+\.ts$/.test(file)).map(file => file.replace(/\.ts$/, '')).toSorted()
const registered = new Map(checks.map(check => [check.id as string, check]))
const rank = (check: Check): number => severities.indexOf(check.severity)

describe('the registry', () => {
  test('names every check once', () => {
    const ids = checks.map(({ id }) => id)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  })

  test('has every check that is written, and no other', () => {
    expect([...registered.keys()].toSorted()).toEqual(written)
  })

  test('keeps a topic together', () => {
    const topics = checks.map(({ topic }) => topic).filter((topic, i, list) => topic !== list[i - 1])
    expect(topics.filter((topic, i) => topics.indexOf(topic) !== i)).toEqual([])
  })

  test('has a test for every check', () => {
    expect(written.filter(id => !existsSync(new URL(`./${id}.test.ts`, import.meta.url)))).toEqual([])
  })
})

describe('deferral', () => {
  const pairs = checks.flatMap(check => (check.defersTo ?? []).map(id => ({ check, id, target: registered.get(id) })))

  test('is to checks that exist', () => {
    expect(pairs.filter(({ target }) => !target).map(({ check, id }) => `${check.id} defers to ${id}`)).toEqual([])
  })

  test('is never to a lesser check', () => {
    const wrong = pairs.filter(({ check, target }) => target && rank(target) > rank(check))
    expect(wrong.map(({ check, target }) => `${check.severity} ${check.id} defers to ${target?.severity ?? ''} ${target?.id ?? ''}`)).toEqual([])
  })

  test('is never mutual, by whatever way: both would be silent', () => {
    const reached = (from: string): Set<string> => {
      const ids = new Set(registered.get(from)?.defersTo)
      for (const id of ids) for (const next of registered.get(id)?.defersTo ?? []) ids.add(next)
      return ids
    }
    expect(checks.filter(({ id }) => reached(id).has(id)).map(({ id }) => id)).toEqual([])
  })
})

describe.each(written)('%s', id => {
  let check: Check
  beforeAll(async () => {
    check = ((await import(new URL(`${id}.ts`, root).href)) as { default: Check }).default
  })

  test('is called as its file is', () => {
    expect(check.id).toBe(id)
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*\/[a-z0-9]+(?:-[a-z0-9]+)*$/)
    expect(check.topic).toBe(id.split('/')[0])
  })

  test('claims, in one sentence', () => {
    expect(check.title).toMatch(/^[^a-z\s{}][^{}]*[^.\s{}]$/)
    expect(severities).toContain(check.severity)
    expect(Object.keys(questions)).toContain(check.question)
  })

  test('cites its source', () => {
    expect(check.rfc).not.toEqual([])
    for (const source of check.rfc) expect(source).toMatch(/^(?:RFC \d{3,5}(?: (?:§|Appendix )[0-9A-Z][0-9A-Za-z.]*)?|best practice|[A-Z].{3,})$/)
    for (const source of check.rfc) expect(source, 'one place in each citation').not.toMatch(/^RFC .*[,;]/)
  })

  test('says what is wrong: `failed` first, with placeholders that can be filled', () => {
    const codes = Object.keys(check.messages)
    expect(codes[0]).toBe('failed')
    for (const code of codes) expect(code).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    for (const message of Object.values(check.messages)) {
      expect(message).toMatch(/^(?:[^{}]|\{[a-z][A-Za-z0-9]*\})+$/)
      expect(message.trim()).toBe(message)
      expect(placeholdersOf(message).length, `a value seen in "${message}"`).toBeGreaterThan(0)
    }
  })

  test('says why it matters, in whole sentences', () => {
    expect(check.explain.trim()).toMatch(/^[^\s{}][^{}]{20,}\.$/s)
  })

  test('needs facts that are gathered, and subjects where they are of subjects', () => {
    const facts = [...check.needs, ...(check.uses ?? [])]
    expect(check.needs).not.toEqual([])
    expect(facts.filter(name => !(name in domainProbes) && !(name in subjectProbes))).toEqual([])
    expect(facts.filter((name, i) => facts.indexOf(name) !== i)).toEqual([])
    if (facts.some(name => name in subjectProbes && name !== 'addresses')) expect(check.over, 'facts of endpoints want endpoints').toBeDefined()
    if (check.over) expect(check.nothing ?? '', 'why there may be nothing to judge').not.toBe('')
  })
})
