import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundedFacts } from '../../src/report/bounded-facts.ts'
import { stringify } from '../../src/report/json.ts'

test('what an honest domain has is as it was', () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { noNullPrototype: true }), facts => {
    expect(stringify(boundedFacts(facts))).toBe(stringify(facts))
  }))
  const odd = { map: new Map([[1, new Set(['a'])]]), count: 7n, shown: { secret: 1, toJSON: () => ({ shown: true }) }, when: new Date(0), nothing: undefined }
  expect(stringify(boundedFacts(odd))).toBe(stringify(odd))
})

test('a list, a dictionary and a text are cut, and say so', () => {
  const facts = { list: Array.from({ length: 1500 }, (_, i) => i), names: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`n${i}`, i])), text: 'x'.repeat(70_000) }
  const { list, names, text } = boundedFacts(facts) as { list: unknown[]; names: Record<string, unknown>; text: string }
  expect(list.slice(-2)).toEqual([999, { omitted: 500 }])
  expect(names['omitted']).toBe(1)
  expect(text).toMatch(/^x{65536}… \(70000 characters\)$/)
})

test('however much every answer holds, and however often it stands in the facts, the report stays small', () => {
  const answer = { records: Array.from({ length: 900 }, () => ({ data: { strings: Array.from({ length: 900 }, () => 'x'.repeat(60)) } })) }
  const facts = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`fact${i}`, answer]))
  expect(stringify(boundedFacts(facts), 2).length).toBeLessThan(32 * 2 ** 20)
})
