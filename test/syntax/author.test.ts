import fc from 'fast-check'
import { expect, test } from 'vitest'
import { authorDomains, domainName } from '../../src/syntax/author.ts'

test.each<[string, readonly string[] | RegExp]>([
  ['a@example.com', ['example.com']],
  [' A <a@Example.COM> ', ['example.com']],
  ['"Doe, Jane" <jane@example.com>', ['example.com']],
  ['"a@example.net" <a@example.com>', ['example.com']],
  ['a@example.net <a@example.com>', ['example.com']],
  ['"a@b"@example.com', ['example.com']],
  ['"a\\"b@c"@example.com', ['example.com']],
  ['a (b@example.net) @example.com (, c@example.org)', ['example.com']],
  ['(nested (comment) \\) here) a@example.com', ['example.com']],
  ['a@example.com, b@example.com', ['example.com']],
  ['a@example.com, B <b@example.net>', ['example.com', 'example.net']],
  ['Team: a@example.com, b@example.com;', ['example.com']],
  ['Undisclosed:;', []],
  ['<@relay.example,@other.example:a@example.com>', ['example.com']],
  ['a@example.com.', ['example.com']],
  ['a@münchen.de', ['xn--mnchen-3ya.de']],
  ['a@_x.example.com', ['_x.example.com']],
  ['mail.example.com', ['mail.example.com']],
  ['', []],
  ['a', /"a" has no domain/],
  ['a@', /has no domain/],
  ['<>', /has no domain/],
  ['a@[192.0.2.1]', /has no domain/],
  ['a@[IPv6:2001:db8::1]', /has no domain/],
  ['a@b@', /has no domain/],
  ['a@exa mple.com', /has no domain/],
  ['a@*.example.com', /has no domain/],
  ['example.com, a@example.com', /has no domain/],
  ['"a <a@example.com>', /without its end/],
  ['a <a@example.com', /without its end/],
  ['(a@example.com', /without its end/],
  [`a@${'x.'.repeat(127)}com`, /has no domain/],
  [`${'a'.repeat(70_000)}@example.com`, /too long/],
])('%.60s', (field, expected) => {
  const authors = authorDomains(field)
  if (expected instanceof RegExp) expect('error' in authors && authors.error).toMatch(expected)
  else expect(authors).toEqual({ domains: expected })
})

test('any text: no exception, and only names', () => {
  const piece = fc.oneof(fc.constantFrom('@', '<', '>', '"', '\\', '(', ')', ',', ';', ':', '.', 'a', 'example.com', ' '), fc.string())
  fc.assert(fc.property(fc.array(piece), pieces => {
    const authors = authorDomains(pieces.join(''))
    for (const domain of 'domains' in authors ? authors.domains : []) expect(domainName(domain)).not.toBeNull()
  }))
})

test('64 KiB of brackets and commas are read at once', () => {
  for (const text of ['(', '<', ',', '"', ':', '@', 'a@b,']) authorDomains(text.repeat(65_536 / text.length))
})
