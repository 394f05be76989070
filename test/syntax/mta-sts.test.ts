import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatMtaSts, isMtaSts, matchesMx, parseMtaSts } from '../../src/syntax/mta-sts.ts'

const problems = (text: string) => parseMtaSts(text).problems.map(({ code, at }) => [code, at])

test.each([
  ['v=STSv1; id=20160831085700Z;', '20160831085700Z'], // RFC 8461 §3.1
  ['v=STSv1;id=1', '1'],
  ['v=STSv1 \t;\tid=1 ;', '1'],
  ['v=STSv1; ext_1.a-b=:<>!; id=A1b2', 'A1b2'],
  [`v=STSv1; id=${'9'.repeat(32)};`, '9'.repeat(32)],
])('%j', (text, id) => expect(parseMtaSts(text)).toMatchObject({ id, valid: true }))

test.each([
  ['v=STSv1; id=2016-08-31;', [['bad-id', 12]]],
  ['v=STSv1; id=;', [['bad-id', 12]]],
  [`v=STSv1; id=${'9'.repeat(33)};`, [['bad-id', 12]]],
  ['v=STSv1;', [['missing-id', 8]]],
  ['v=STSv1', [['missing-id', 7]]],
  ['v=STSv1; ID=1', [['unknown-field', 9], ['missing-id', 13]]],
  ['v=STSv1; id =1', [['malformed-field', 9], ['missing-id', 14]]],
  ['v=STSv1 id=1', [['bad-version', 0], ['missing-id', 12]]],
  ['v=stsv1; id=1', [['bad-version', 0]]],
  ['V=STSv1; id=1', [['bad-version', 0]]],
  ['v=STSv10; id=1', [['bad-version', 0]]],
  ['v = STSv1; id=1', [['bad-version', 0]]],
  [' v=STSv1; id=1', [['bad-version', 0]]],
  ['id=1; v=STSv1', [['bad-version', 0], ['unknown-field', 6], ['missing-id', 13]]],
  ['v=STSv1;; id=1', [['empty-field', 8]]],
  ['v=STSv1; id=1;;', [['empty-field', 14]]],
  ['v=STSv1; id=1 ', [['stray-space', 13]]],
  ['v=STSv1; id=1; what', [['malformed-field', 15]]],
  ['v=STSv1; id=1; a=', [['malformed-field', 15]]],
  ['v=STSv1; id=1; a=b=c', [['malformed-field', 15]]],
  ['v=STSv1; id=1; a=b c', [['malformed-field', 15]]],
  [`v=STSv1; id=1; ${'a'.repeat(33)}=b`, [['malformed-field', 15]]],
  ['v=STSv1; id=\xc3\xa9', [['bad-character', 12], ['missing-id', 14]]],
  ['v=STSv1; id=1\0', [['bad-character', 13], ['missing-id', 14]]],
  ['', [['bad-version', 0], ['missing-id', 0]]],
  ['v=spf1 -all', [['bad-version', 0], ['missing-id', 11]]],
])('no record: %j', (text, expected) => {
  expect(problems(text)).toEqual(expected)
  expect(parseMtaSts(text).valid).toBe(false)
})

test.each([
  ['v=STSv1 ; id=1', [['space-before-semicolon', 7]]],
  ['v=STSv1; id=1; id=2', [['duplicate-field', 15]]],
  ['v=STSv1; id=1; mode=enforce;', [['unknown-field', 15]]],
])('worth telling: %j', (text, expected) => {
  expect(problems(text)).toEqual(expected)
  expect(parseMtaSts(text)).toMatchObject({ id: '1', valid: true })
})

test('what no TXT record can hold', () => {
  expect(problems('x'.repeat(70_000))).toEqual([['too-long', 0]])
})

test('which TXT records count', () => {
  expect(['v=STSv1; id=1', 'v=STSv1;', 'v=STSv1 ;', 'v=STSv10;', 'v=spf1'].map(isMtaSts)).toEqual([true, true, false, false, false])
})

const word = (octets: RegExp, maxLength: number) => fc.string({ unit: fc.stringMatching(octets), minLength: 1, maxLength })
const alphanumeric = /^[a-zA-Z0-9]$/

test('what is written is read', () => {
  const extension = fc.record({ name: fc.tuple(word(alphanumeric, 1), fc.string({ unit: fc.constantFrom('a', '_', '-', '.'), maxLength: 31 })).map(parts => parts.join('')), value: word(/^[!:<>~az]$/, 9) })
  const extensions = fc.uniqueArray(extension, { selector: ({ name }) => name, maxLength: 4 }).filter(list => list.every(({ name }) => name !== 'id' && name !== 'v'))
  fc.assert(fc.property(word(alphanumeric, 32), extensions, (id, list) => {
    const record = parseMtaSts(formatMtaSts(id, list))
    expect(record).toMatchObject({ id, valid: true })
    expect(record.fields.map(({ name, value }) => ({ name, value }))).toEqual([{ name: 'id', value: id }, ...list])
  }))
})

test('any octets: no exception, and every position lies in the text', () => {
  const piece = fc.oneof(fc.constantFrom('v=STSv1', ';', 'id=', '=', ' ', '\t', 'a'), fc.nat(255).map(code => String.fromCharCode(code)))
  fc.assert(fc.property(fc.array(piece).map(pieces => pieces.join('')), text => {
    for (const { at } of parseMtaSts(text).problems) expect(at).toBeLessThanOrEqual(text.length)
  }))
})

// RFC 8461 §4.1.
test.each([
  ['mail.example.com', 'mail.example.com', true],
  ['Mail.Example.Com', 'mail.example.com', true],
  ['mail.example.com', 'mail.example.com.', true],
  ['*.example.com', 'mx1.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*.example.com', 'a.b.example.com', false],
  ['*.example.com', 'mx1.notexample.com', false],
  ['*.example.com', '.example.com', false],
  ['*.example.com', 'a\\.b.example.com', false],
  ['mx*.example.com', 'mx1.example.com', false],
  ['*', 'example', false],
  ['.example.com', 'mx1.example.com', false],
  ['example.com', '', false],
])('%s covers %s: %s', (pattern, host, expected) => expect(matchesMx(pattern, host)).toBe(expected))
