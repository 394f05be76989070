import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderMessage } from '../../src/report/message.ts'
import { harmless, visible } from '../../src/report/visible.ts'

const octets = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const dangerous = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

test.each([
  ['plain text', 'plain text'],
  ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
  ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
  ['line\r\nbreak\ttab', 'line\\r\\nbreak\\ttab'],
  ['\x7f', '\\x7f'],
  ['\x9b31m', '\\x9b31m'],
  [octets('Grüße aus 東京'), 'Grüße aus 東京'],
  [octets('user\u202etxt.exe'), 'user\\u202etxt.exe'],
  [octets('\u009b31m'), '\\x9b31m'],
  ['caf\xe9 \xff', 'caf\\xe9 \\xff'],
  ['\xff' + octets('ü'), '\\xffü'],
  ['\xed\xa0\x80', '\\xed\\xa0\\x80'],
  ['\xc0\xaf', '\\xc0\\xaf'],
  ['\xf5\x80\x80\x80', '\\xf5\\x80\\x80\\x80'],
  [octets('\u{e0041}'), '\\u{e0041}'],
  ['already text ’', 'already text ’'],
])('%j is shown as %s', (input, shown) => {
  expect(visible(input)).toBe(shown)
})

test('nothing dangerous is left of any octets or any text', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => !dangerous.test(visible(Buffer.from(bytes).toString('latin1')))))
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !dangerous.test(visible(text)) && !dangerous.test(harmless(text))))
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => harmless(harmless(text)) === harmless(text)))
})

test('a message holds its values, lists joined, dates short, octets readable', () => {
  expect(renderMessage('{host} [{address}] says "{text}"', { host: 'mx1.example.com', address: '192.0.2.1', text: '\x1b[2J' + octets('ü') }))
    .toBe('mx1.example.com [192.0.2.1] says "\\x1b[2Jü"')
  expect(renderMessage('{count} terms: {terms}', { count: 12, terms: ['include:a.example', 'mx'] })).toBe('12 terms: include:a.example, mx')
  expect(renderMessage('ends {date}', { date: '2026-12-01T08:30:00Z' })).toBe('ends 2026-12-01 08:30 UTC')
  expect(renderMessage('{a} {b} {c}', { a: null, b: [], c: true })).toBe('none none true')
  expect(renderMessage('{host} is wrong', { host: 'a', count: 3 })).toBe('a is wrong (and 2 more)')
  expect(renderMessage('{missing}', {})).toBe('{missing}')
  expect(renderMessage('{a}', { a: '{b}', b: 'x' })).toBe('{b}')
})
