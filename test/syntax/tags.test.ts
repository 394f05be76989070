import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTags, maxText, parseTags, tagOf } from '../../src/syntax/tags.ts'

const read = (text: string) => parseTags(text).tags.map(({ name, value }) => [name, value])
const problems = (text: string) => parseTags(text).problems.map(({ code, tag, at }) => [code, tag, at])

test.each([
  ['v=DKIM1; k=rsa; p=AAAA', [['v', 'DKIM1'], ['k', 'rsa'], ['p', 'AAAA']]],
  ['v=DKIM1;k=rsa;p=', [['v', 'DKIM1'], ['k', 'rsa'], ['p', '']]],
  [' v = DKIM1 ; p = AB\r\n\t CD ;', [['v', 'DKIM1'], ['p', 'AB\r\n\t CD']]],
  ['n=a=b; t=y:s', [['n', 'a=b'], ['t', 'y:s']]],
  ['a=1; A=2; a=3', [['a', '1'], ['A', '2'], ['a', '3']]],
  ['', []],
])('%j', (text, tags) => expect(read(text)).toEqual(tags))

test.each([
  ['v=DKIM1; p=A; p=B', [['duplicate-tag', 'p', 14]]],
  ['a=1; A=2', []],
  ['v=DKIM1;; p=A;', [['empty-tag', '', 8]]],
  ['v=DKIM1; rsa; p=A', [['malformed-tag', 'rsa', 9]]],
  ['v=DKIM1; 1a=b', [['malformed-tag', '1a=b', 9]]],
  ['"v=DKIM1; p=A"', [['malformed-tag', '"v=DKIM1', 0]]],
  ['n=caf\xc3\xa9', [['bad-character', 'n', 5]]],
])('what is wrong with %j', (text, expected) => expect(problems(text)).toEqual(expected))

test('a position points at the name and at the value', () => {
  const text = '  v=DKIM1 ;\t p =  MIGf '
  const tag = tagOf(parseTags(text), 'p')
  expect(text.slice(tag?.at)).toMatch(/^p =/)
  expect(text.slice(tag?.valueAt)).toBe('MIGf ')
})

test('longer than a TXT record can be', () => {
  expect(problems('a'.repeat(maxText + 1))).toEqual([['too-long', '', 0]])
})

test('reads back what it writes', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,5}$/)
  const value = fc.stringMatching(/^(?:[!-:<-~](?:[ -:<-~]{0,20}[!-:<-~])?)?$/)
  fc.assert(fc.property(fc.array(fc.record({ name, value })), tags => {
    expect(parseTags(formatTags(tags)).tags.map(({ name, value }) => ({ name, value }))).toEqual(tags)
  }))
})

test('any octets: no exception, and every position lies in the text', () => {
  const octets = fc.string({ unit: fc.oneof(fc.constantFrom(';', '=', ' ', '\t', 'v', 'p'), fc.nat(255).map(n => String.fromCharCode(n))) })
  fc.assert(fc.property(octets, text => {
    const { tags, problems } = parseTags(text)
    for (const { name, value, at, valueAt } of tags) {
      expect(text.startsWith(name, at)).toBe(true)
      expect(text.startsWith(value, valueAt)).toBe(true)
    }
    for (const { at } of problems) expect(at).toBeLessThanOrEqual(text.length)
  }))
})
