import { expect, test } from 'vitest'
import { belongsTo, parseShard, stableFraction } from '../../src/monitor/stable-hash.ts'

const domains = Array.from({ length: 2000 }, (_, i) => `d${i}.example`)
const owner = (domain: string, count: number): number => Array.from({ length: count }, (_, i) => i + 1).findIndex(index => belongsTo({ index, count }, domain))

test('every domain belongs to exactly one share, and the shares are about equal', () => {
  for (const domain of domains.slice(0, 300)) {
    expect([1, 2, 3, 4, 5].filter(index => belongsTo({ index, count: 5 }, domain))).toHaveLength(1)
  }
  for (let index = 1; index <= 5; index++) {
    const share = domains.filter(domain => belongsTo({ index, count: 5 }, domain)).length
    expect(share > 320 && share < 480).toBe(true)
  }
})

test('with one process more, only its own share moves', () => {
  const moved = domains.filter(domain => owner(domain, 5) !== owner(domain, 6))
  expect(moved.every(domain => owner(domain, 6) === 5)).toBe(true)
  expect(moved.length).toBeLessThan(450)
})

test('it is the same everywhere and for ever', () => {
  expect(stableFraction('example.com dns').toFixed(6)).toBe('0.421248')
  expect(['a.example', 'b.example', 'c.example', 'd.example'].map(domain => owner(domain, 3) + 1)).toEqual([3, 1, 3, 2])
})

test.each([['2/5', { index: 2, count: 5 }], ['1/1', { index: 1, count: 1 }], ['0/5', null], ['6/5', null], ['1/0', null], ['a/b', null], ['1', null], ['', null], ['-1/5', null]])('%s', (text, expected) => {
  expect(parseShard(text)).toEqual(expected)
})
