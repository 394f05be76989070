import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDomain } from '../../src/syntax/domain.ts'

describe('what is taken', () => {
  test.each([
    ['example.com', 'example.com', 'example.com'],
    ['  example.com\n', 'example.com', 'example.com'],
    ['example.com.', 'example.com', 'example.com'],
    ['Example.COM', 'example.com', 'Example.COM'],
    ['münchen.de', 'xn--mnchen-3ya.de', 'münchen.de'],
    ['MÜNCHEN.de', 'xn--mnchen-3ya.de', 'MÜNCHEN.de'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah', '例え.テスト'],
    ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
    ['XN--A.example', 'xn--a.example', 'XN--A.example'],
    ['com.', 'com', 'com'],
    ['0x7f.example', '0x7f.example', '0x7f.example'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ])('%s', (input, domain, shownAs) => {
    expect(parseDomain(input)).toEqual({ domain, shownAs })
  })

  test.each([
    ['http://example.com/', 'example.com', /URL.*"example\.com" is taken/],
    ['https://user:secret@Example.com:8443/path?x#y', 'example.com', /URL/],
    ['user@example.com', 'example.com', /mail address: its domain "example\.com" is taken/],
    ['User Name <user@example.com>', 'example.com', /mail address/],
    ['mailto:user@example.com?subject=x', 'example.com', /mail address/],
    ['user@münchen.de', 'xn--mnchen-3ya.de', /"münchen\.de" is taken/],
    ['example.com/', 'example.com', /only "example\.com" is taken/],
    ['example.com:25', 'example.com', /only "example\.com" is taken/],
    ['example.com..', 'example.com', /several dots/],
    ['_dmarc.example.com', '_dmarc.example.com', /underscore.*did you mean example\.com\?/],
  ])('%s, and the user is told', (input, domain, note) => {
    const parsed = parseDomain(input)
    expect(parsed).toMatchObject({ domain })
    expect('note' in parsed && parsed.note).toMatch(note)
  })
})

describe('what is refused, and why', () => {
  test.each([
    ['', /no domain is given/],
    ['   ', /no domain is given/],
    ['.', /root/],
    ['http://', /names no domain/],
    ['user@', /names no domain/],
    ['not a domain', /contains a space/],
    ['ex ample.com', /contains a space/],
    ['192.0.2.1', /IP address.*--resolver 192\.0\.2\.1/],
    ['2001:db8::1', /IP address/],
    ['[2001:db8::1]', /IP address/],
    ['user@[192.0.2.1]', /IP address/],
    ['http://192.0.2.1:80/', /IP address/],
    ['１９２.0.2.1', /IP address/],
    ['192.0.2.0/24', /IP address/],
    ['example..com', /empty label/],
    ['.example.com', /empty label/],
    ['localhost', /single label/],
    ['example.123', /number/],
    ['-weird.com', /hyphen/],
    ['exam,ple.com', /contains ","/],
    ['*.example.com', /contains "\*"/],
    ['xn--a\u00e4.de', /not a name that can stand in the DNS/],
    [`${'a'.repeat(64)}.example`, /64 characters, and 63 is the most/],
    [`${'ä'.repeat(60)}.example`, /63 is the most|no A-label form/],
    ['a.'.repeat(150), /299 characters, and 253 is the most/],
    ['a'.repeat(300), /300 characters/],
  ])('%s', (input, error) => {
    const parsed = parseDomain(input)
    expect('error' in parsed && parsed.error).toMatch(error)
  })

  test('a megabyte is measured, not shown', () => {
    const parsed = parseDomain('ä'.repeat(1_000_000))
    expect('error' in parsed && parsed.error.length).toBeLessThan(300)
  })
})

test('any input gives a domain or an error, and a domain parses to itself', () => {
  const nearlyDomains = fc.stringMatching(/^[a-zA-Z0-9äß._:@/ -]{0,80}$/)
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), nearlyDomains, fc.domain()), input => {
    const parsed = parseDomain(input)
    if ('error' in parsed) return parsed.error.length > 0
    expect(parsed.domain).toMatch(/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/)
    expect(isIP(parsed.domain)).toBe(0)
    const again = parseDomain(`${parsed.domain}.`)
    return 'domain' in again && again.domain === parsed.domain
  }), { numRuns: 2000 })
})
