import { expect, test } from 'vitest'
import { loadBlockLists } from '../../src/data/lists.ts'
import { labelsOf } from '../../src/syntax/name.ts'

const { checked, lists } = await loadBlockLists()
const address = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/

test('the lists are dated, and not in the future; few, and each once', () => {
  expect(checked).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  expect(new Date(checked).getTime()).toBeLessThanOrEqual(Date.now())
  expect(new Set(lists.map(({ id }) => id)).size).toBe(lists.length)
  expect(lists.length).toBeLessThanOrEqual(10)
})

test.each(lists)('$id', list => {
  expect(Object.keys(list).filter(key => ![
    'id', 'name', 'zone', 'keyZone', 'kind', 'families', 'tier', 'enabled', 'codes', 'bits', 'ignored', 'refusals', 'tested', 'page', 'terms', 'source',
  ].includes(key))).toEqual([])
  expect(list.id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  expect(labelsOf(list.zone).length).toBeGreaterThan(2)
  expect(list.kind === 'address' ? list.families?.length ?? 0 : 1).toBeGreaterThan(0)
  if (list.keyZone !== undefined) expect(list.keyZone).toMatch(/^KEY\.[a-z.]+$/)
  const codes = Object.entries(list.codes ?? {})
  const bits = Object.entries(list.bits ?? {})
  expect(codes.length + bits.length).toBeGreaterThan(0)
  for (const [code, meaning] of codes) {
    expect(code).toMatch(address)
    expect(code).not.toMatch(/^127\.255\.255\./)
    expect(meaning).toMatch(/^\S.*[^.\s]$/)
  }
  for (const [bit] of bits) expect(Math.log2(Number(bit)) % 1).toBe(0)
  for (const refusal of list.refusals ?? []) expect(refusal).toMatch(address)
  expect(list.page).toMatch(/^https:\/\//)
  expect(list.terms.length).toBeGreaterThan(3)
  expect(list.source).toMatch(/^[a-z0-9.-]+\.[a-z]+(?:\/\S*)?$/)
  expect([1, 2]).toContain(list.tier)
})
