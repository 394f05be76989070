import { expect, test } from 'vitest'
import { hostOf, isFullName, isUri, schemeOf } from '../../src/syntax/uri.ts'

test.each([
  ['mailto:dmarc@example.com', 'mailto', 'example.com'],
  ['MAILTO:d@Example.COM?subject=x', 'mailto', 'example.com'],
  ['https://example.com:8443/a?b=c#d', 'https', 'example.com'],
  ['https://user@tls.example.com', 'https', 'tls.example.com'],
  ['http://example.com/', 'http', 'example.com'],
  ['ftp://example.com/', 'ftp', null],
  ['https://[2001:db8::1]/', 'https', null],
])('%s', (uri, scheme, host) => {
  expect([isUri(uri), schemeOf(uri), hostOf(uri)]).toEqual([true, scheme, host])
})

test.each(['example.com', 'mailto:', 'mailto:example.com', 'mailto:a@', 'https://a b/', 'https://a/%zz', 'https://a/%2', 'https://a.example/!', 'https://a.example/,', 'x:\xff', ''])('%j is no URI', text =>
  expect(isUri(text)).toBe(false))

test.each([
  ['example.com', true], ['a-b.c0.example', true], ['xn--bcher-kva.example', true], ['com', false], ['-a.example', false], ['a-.example', false],
  ['a..example', false], ['a_b.example', false], ['example.com.', false], [`${'a'.repeat(64)}.example`, false], [`${'a.'.repeat(127)}a`, false],
])('%s is a full host name: %s', (host, expected) => expect(isFullName(host)).toBe(expected))
