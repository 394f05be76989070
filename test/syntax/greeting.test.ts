import fc from 'fast-check'
import { expect, test } from 'vitest'
import { greetedAs, hostNameIn } from '../../src/syntax/greeting.ts'

test.each([
  [['220 mx1.example.com ESMTP'], 'mx1.example.com'],
  [['220-mx1.example.com', '220 ready'], 'mx1.example.com'],
  [['220 [192.0.2.1] ready'], '[192.0.2.1]'],
  [['220'], ''],
  [[], ''],
])('the name in %j', (greeting, name) => {
  expect(greetedAs(greeting)).toBe(name)
})

test.each([
  ['MX1.Example.COM.', 'mx1.example.com'],
  ['localhost', null],
  ['192.0.2.1', null],
  ['mail_1.example.com', null],
  ['-mx.example.com', null],
  ['mx..example.com', null],
  [`${'a'.repeat(64)}.example.com`, null],
  ['mx.xn--p1ai', 'mx.xn--p1ai'],
])('%s as a host name', (word, name) => {
  expect(hostNameIn(word)).toBe(name)
})

test('never throws, and finds only names that have one spelling', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
    const name = hostNameIn(greetedAs([`220 ${text}`]))
    if (name !== null) expect(hostNameIn(name)).toBe(name)
  }))
})
