import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lintAnswer, renderLint } from '../../src/report/lint.ts'
import { visible } from '../../src/report/visible.ts'
import { cells } from '../../src/report/wrap.ts'
import { lint, lintKinds } from '../../src/syntax/lint.ts'

const octets = (text: string) => Buffer.from(text).toString('latin1')

/** The line with the record and the line with its caret, of every problem that has one. */
function excerpts(record: string, places: readonly number[], width = 80): string[] {
  const problems = places.map(at => ({ code: 'x', what: '', why: 'm', at, note: false }))
  const lines = renderLint(record, { valid: false, problems }, { width, colour: false }).split('\n')
  return lines.flatMap((line, i) => /^ *\^$/.test(line) ? [lines[i - 1] ?? '', line] : [])
}

test('a valid record, a note and a fault', () => {
  expect(renderLint('v=spf1 -all', lint('spf', 'v=spf1 -all'), { width: 80, colour: false })).toBe('valid: receivers use this record\n')
  const record = 'v=spf1 ip4:192.0.2.0/33 ptr'
  expect(renderLint(record, lint('spf', record), { width: 80, colour: false })).toBe([
    'not valid: receivers do not use this record', '',
    '  v=spf1 ip4:192.0.2.0/33 ptr', '         ^',
    '  error  ip4:192.0.2.0/33: the prefix length is 0 to 32 for IPv4 and 0 to 128', '         for IPv6, without leading zeros (bad-prefix-length, octet 7)', '',
    '  v=spf1 ip4:192.0.2.0/33 ptr', '                          ^',
    '  note   ptr: the ptr mechanism should not be used (RFC 7208 §5.5) (slow-ptr,', '         octet 24)', '',
  ].join('\n'))
})

test('the caret stands under its octet, whatever stands before', () => {
  expect(excerpts('abc', [0, 2, 3])).toEqual(['  abc', '  ^', '  abc', '    ^', '  abc', '     ^'])
  expect(excerpts('a\0b\x1bc', [4])).toEqual(['  a\\x00b\\x1bc', '            ^'])
  expect(excerpts(octets('é日x'), [0, 2, 5])).toEqual(['  é日x', '  ^', '  é日x', '   ^', '  é日x', '     ^'])
  expect(excerpts('a\xffb', [1, 2])).toEqual(['  a\\xffb', '   ^', '  a\\xffb', '       ^'])
  // Within a character: its octets are shown one by one.
  expect(excerpts(octets('é!'), [1])).toEqual(['  \\xc3\\xa9!', '      ^'])
})

test('of several lines, the one with the problem', () => {
  expect(excerpts('one\r\ntwo\nthree', [0, 5, 7, 9])).toEqual(['  one', '  ^', '  two', '  ^', '  two', '    ^', '  three', '  ^'])
  expect(excerpts('one\n', [3, 4])).toEqual(['  one', '     ^', '  ', '  ^'])
})

test('of a line that fits, all of it', () => {
  const record = `v=spf1 ${'a '.repeat(30)}x`
  expect(excerpts(record, [67])).toEqual([`  ${record}`, `${' '.repeat(69)}^`])
})

test('of a long line, the part round the problem', () => {
  const record = `${'a'.repeat(1000)}!${'b'.repeat(1000)}`
  expect(excerpts(record, [1000], 40)).toEqual([`  …${'a'.repeat(18)}!${'b'.repeat(16)}…`, `${' '.repeat(21)}^`])
  expect(excerpts(record, [0], 40)).toEqual([`  ${'a'.repeat(36)}…`, '  ^'])
  expect(excerpts(record, [2001], 40)).toEqual([`  …${'b'.repeat(18)}`, `${' '.repeat(21)}^`])
})

test('any record, any place: the caret stands where what is before ends, and nothing is wider than the window', () => {
  const record = fc.array(fc.oneof(fc.constantFrom('a', ' ', '\xc3\xa9', octets('日本'), '\n', '\0', '\x1b[31m'), fc.nat(255).map(code => String.fromCharCode(code))), { maxLength: 60 }).map(parts => parts.join(''))
  fc.assert(fc.property(record, fc.nat(200), fc.integer({ min: 40, max: 120 }), (text, place, width) => {
    const at = Math.min(place, text.length)
    const [line = '', caret = ''] = excerpts(text, [at], width)
    expect(cells(line)).toBeLessThanOrEqual(width)
    expect(caret.length).toBeLessThanOrEqual(width)
    const before = visible(text.slice(text.slice(0, at).lastIndexOf('\n') + 1, at))
    if (!line.includes('…')) expect(caret.length - 1).toBe(2 + cells(before))
  }))
})

test('nothing of a hostile record reaches the terminal, or JSON, as it is', () => {
  const record = 'v=spf1 \x1b]0;x\x07 \x9b31m \xe2\x80\xae -all'
  for (const kind of lintKinds) {
    const result = lint(kind, record)
    expect(renderLint(record, result, { width: 80, colour: false })).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    expect(JSON.stringify(lintAnswer(result))).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/)
  }
})
