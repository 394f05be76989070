import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseListenAddress } from '../../src/syntax/listen-address.ts'

test.each([
  ['127.0.0.1:9725', { host: '127.0.0.1', port: 9725 }],
  ['127.0.0.1', { host: '127.0.0.1', port: 9725 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['[::1]:80', { host: '::1', port: 80 }],
  ['::1', { host: '::1', port: 9725 }],
  [':9000', { host: '::', port: 9000 }],
  ['', null], [':', null], ['127.0.0.1:70000', null], ['1.2.3:80', null], ['[127.0.0.1]:80', null], ['a b:80', null], ['host:80:90', null], ['http://localhost', null],
])('%s', (text, expected) => {
  expect(parseListenAddress(text, 9725)).toEqual(expected)
})

test('never throws', () => {
  fc.assert(fc.property(fc.string(), text => {
    const parsed = parseListenAddress(text, 1)
    expect(parsed === null || (parsed.port >= 0 && parsed.port < 65_536)).toBe(true)
  }))
})
