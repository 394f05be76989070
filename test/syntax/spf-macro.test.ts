import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expandMacros, formatMacroString, parseMacroString, targetName, type MacroString } from '../../src/syntax/spf-macro.ts'

function macros(text: string, options?: { explanation: boolean }): MacroString {
  const parts = parseMacroString(text, options)
  if ('code' in parts) throw new Error(`${text}: ${parts.code} at ${parts.at}`)
  return parts
}

// RFC 7208 §7.4: <sender> strong-bad@email.example.com
const v4 = { s: 'strong-bad@email.example.com', l: 'strong-bad', o: 'email.example.com', d: 'email.example.com', i: '192.0.2.3', v: 'in-addr' }
const v6 = { ...v4, i: '2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1', v: 'ip6' }

test.each([
  ['%{s}', 'strong-bad@email.example.com'],
  ['%{o}', 'email.example.com'],
  ['%{d}', 'email.example.com'],
  ['%{d4}', 'email.example.com'],
  ['%{d3}', 'email.example.com'],
  ['%{d2}', 'example.com'],
  ['%{d1}', 'com'],
  ['%{dr}', 'com.example.email'],
  ['%{d2r}', 'example.email'],
  ['%{l}', 'strong-bad'],
  ['%{l-}', 'strong.bad'],
  ['%{lr}', 'strong-bad'],
  ['%{lr-}', 'bad.strong'],
  ['%{l1r-}', 'strong'],
  ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.example.com'],
  ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.example.com'],
  ['%{lr-}.lp.%{ir}.%{v}._spf.%{d2}', 'bad.strong.lp.3.2.0.192.in-addr._spf.example.com'],
  ['%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}', '3.2.0.192.in-addr.strong.lp._spf.example.com'],
  ['%{d2}.trusted-domains.example.net', 'example.com.trusted-domains.example.net'],
  ['%{S}', 'strong-bad%40email.example.com'],
  ['%%%_%-', '% %20'],
])('RFC 7208 §7.4: %s is %s', (text, expanded) => expect(expandMacros(macros(text), v4)).toBe(expanded))

test('RFC 7208 §7.4: IPv6', () => {
  expect(expandMacros(macros('%{ir}.%{v}._spf.%{d2}'), v6))
    .toBe('1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com')
})

test('a macro without its value is known only at run time', () => {
  expect(targetName(macros('%{i}._spf.%{d}'), { d: 'example.com' })).toEqual({ runtime: true })
  expect(targetName(macros('_spf.%{d}'), { d: 'example.com' })).toEqual({ name: '_spf.example.com' })
})

test.each([
  ['Mail.Example.COM.', { name: 'mail.example.com' }],
  ['a..example.com', { malformed: 'a..example.com' }],
  [`${'a'.repeat(64)}.example.com`, { malformed: `${'a'.repeat(64)}.example.com` }],
  // §7.3: labels are taken off the left until 253 characters are left.
  [`${'abcdefghi.'.repeat(30)}example.com`, { name: `${'abcdefghi.'.repeat(24)}example.com` }],
  [`${'ab.'.repeat(81)}example.de`, { name: `${'ab.'.repeat(81)}example.de` }],
  [`${'ab.'.repeat(81)}example.com`, { name: `${'ab.'.repeat(80)}example.com` }],
  ['a\\b.example.com', { name: 'a\\\\b.example.com' }],
])('the name of %j', (text, name) => expect(targetName(macros(text), {})).toEqual(name))

test.each([
  ['%', 'bad-macro', 0],
  ['a%b', 'bad-macro', 1],
  ['%(ir)', 'bad-macro', 0],
  ['%{i', 'bad-macro', 0],
  ['%{}', 'bad-macro', 0],
  ['%{d0}', 'bad-macro', 0],
  ['%{ir3}', 'bad-macro', 0],
  ['x.%{a}', 'bad-macro-letter', 2],
  ['%{c}', 'bad-macro-letter', 0],
  ['%{T}', 'bad-macro-letter', 0],
  ['a b', 'bad-character', 1],
  ['caf\xe9', 'bad-character', 3],
])('%j: %s', (text, code, at) => expect(parseMacroString(text)).toEqual({ code, at }))

test('the text of an explanation may hold spaces, c, r and t', () => {
  expect(macros('%{c} is not one of %{d}\'s mail servers, says %{r} at %{t}', { explanation: true })).toHaveLength(7)
})

test('reads back what it writes', () => {
  const macro = fc.record({
    letter: fc.constantFrom('s', 'l', 'o', 'd', 'i', 'p', 'v', 'h'), urlEscape: fc.boolean(), keep: fc.option(fc.integer({ min: 1, max: 128 })),
    reverse: fc.boolean(), delimiters: fc.string({ unit: fc.constantFrom('.', '-', '+', ',', '/', '_', '='), maxLength: 3 }),
  })
  const part = fc.oneof(macro, fc.record({ escape: fc.constantFrom('%', '_', '-') }), fc.record({ literal: fc.stringMatching(/^[!-$&-~]+$/) }))
  fc.assert(fc.property(fc.array(part), parts => {
    // Two literals in a row are one.
    const separate = parts.filter((part, i) => !('literal' in part && 'literal' in (parts[i - 1] ?? {})))
    expect(parseMacroString(formatMacroString(separate as MacroString))).toEqual(separate)
  }))
})

test('any octets: no exception', () => {
  const octets = fc.string({ unit: fc.oneof(fc.constantFrom('%', '{', '}', 'd', 'i', '2', 'r', '-'), fc.nat(255).map(n => String.fromCharCode(n))) })
  fc.assert(fc.property(octets, octets, (text, value) => {
    const parts = parseMacroString(text)
    if (!('code' in parts)) expect(targetName(parts, { d: value, i: value })).toBeDefined()
  }))
})
