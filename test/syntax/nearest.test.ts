import { expect, test } from 'vitest'
import { editDistance, nearest } from '../../src/syntax/nearest.ts'

test.each([
  ['', 'abc', 3], ['abc', 'abc', 0], ['abc', 'acb', 1], ['abc', 'abcd', 1], ['abcd', 'abd', 1], ['abc', 'axc', 1], ['kitten', 'sitting', 3],
])('%s -> %s is %i steps', (a, b, steps) => {
  expect(editDistance(a, b)).toBe(steps)
  expect(editDistance(b, a)).toBe(steps)
})

test('the nearest is suggested, and nothing when nothing is near', () => {
  const ids = ['spf/record-exists', 'spf/within-lookup-limit', 'dkim/key-found']
  expect(nearest('spf/record-exist', ids)).toBe('spf/record-exists')
  expect(nearest('within-lookup-limit', ids)).toBe('spf/within-lookup-limit')
  expect(nearest('SPF/Record-Exists', ids)).toBe('spf/record-exists')
  expect(nearest('entirely-different-words', ids)).toBeUndefined()
  expect(nearest('x', [])).toBeUndefined()
})
