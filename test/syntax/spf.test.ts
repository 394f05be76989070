import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { formatSpf, isSpf, parseSpf, type SpfTerm } from '../../src/syntax/spf.ts'
import { maxText } from '../../src/syntax/tags.ts'

const bare = (text: string) => parseSpf(text).terms.map(term => Object.fromEntries(Object.entries(term).filter(([key]) => !['text', 'at', 'octets'].includes(key))))
const problems = (text: string) => parseSpf(text).problems.map(({ code, term, at }) => [code, term, at])

test.each([
  ['v=spf1', true], ['v=spf1 -all', true], ['V=SPF1 -all', true], ['v=spf1 ', true],
  ['v=spf10 -all', false], ['v=spf1; -all', false], [' v=spf1 -all', false], ['"v=spf1 -all"', false], ['v=spf1\t-all', false],
  ['spf2.0/pra -all', false], ['', false], ['v=spf', false],
])('%j is an SPF record: %s', (text, expected) => expect(isSpf(text)).toBe(expected))

// RFC 7208 appendix A, and what the large providers publish.
test.each([
  'v=spf1', 'v=spf1 +all', 'v=spf1 a -all', 'v=spf1 a:example.org -all', 'v=spf1 mx -all', 'v=spf1 mx:example.org -all',
  'v=spf1 mx mx:example.org -all', 'v=spf1 mx/30 mx:example.org/30 -all', 'v=spf1 ptr -all', 'v=spf1 ip4:192.0.2.128/28 -all',
  'v=spf1 include:example.com include:example.net -all', 'v=spf1 redirect=example.org', 'v=spf1 exists:%{l1r+}.%{d}',
  'v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all', 'v=spf1 a:%{l1r+-}.%{d}',
  'v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all', 'v=spf1 -ip4:192.0.2.0/24 +all', 'v=spf1 -ptr +all',
  'v=spf1 redirect=_spf.google.com', 'v=spf1 include:_netblocks.google.com include:_netblocks2.google.com ~all',
  'v=spf1 ip4:40.92.0.0/15 ip6:2a01:111:f400::/48 include:spfd.protection.outlook.com -all',
  'v=spf1 include:%{ir}.%{v}.%{d}.spf.has.pphosted.com -all', 'v=spf1 exists:%{i}._i.%{d}._d.espf.agari.com include:%{d}.80.spf-protect.agari.com -all',
  'v=spf1 exists:%{i}._spf.example.com ?all', 'v=spf1 a/24//64 mx//0 ?exists:e.example.com exp=explain._spf.%{d} -all',
  'v=spf1   a    -all  ', 'v=spf1 ip6:::1 ip6:2001:db8::/32 ip6:::ffff:192.0.2.0/120 -all', 'v=spf1 moo.cow-far_out=man:dog/cat -all',
  'v=spf1 ip4=192.0.2.1 -all', 'v=spf1 A:Example.ORG/28 INCLUDE:_spf.example.net -ALL', 'v=spf1 a:foo:bar/baz.example.com -all',
])('well-formed: %s', text => {
  expect(problems(text)).toEqual([])
  expect(bare(formatSpf(parseSpf(text).terms))).toEqual(bare(text))
})

test('every term with what it says and where it stands', () => {
  const text = 'v=spf1  ?a:%{d}/24//64 ip4:192.0.2.0/24 ~all Redirect=_spf.example.net x=%{c}'
  expect(parseSpf(text).terms).toEqual([
    {
      kind: 'a', qualifier: '?', domain: [{ letter: 'd', urlEscape: false, keep: null, reverse: false, delimiters: '' }],
      prefix4: 24, prefix6: 64, text: '?a:%{d}/24//64', at: 8,
    },
    { kind: 'ip4', qualifier: '+', address: '192.0.2.0', octets: Uint8Array.of(192, 0, 2, 0), prefix: 24, text: 'ip4:192.0.2.0/24', at: 23 },
    { kind: 'all', qualifier: '~', text: '~all', at: 40 },
    { kind: 'redirect', domain: [{ literal: '_spf.example.net' }], text: 'Redirect=_spf.example.net', at: 45 },
    {
      kind: 'unknown', name: 'x', value: [{ letter: 'c', urlEscape: false, keep: null, reverse: false, delimiters: '' }],
      text: 'x=%{c}', at: 71,
    },
  ])
})

test.each([
  ['moo', 'unknown-mechanism'], ['-al', 'unknown-mechanism'], ['ip:192.0.2.1', 'unknown-mechanism'], ['!a', 'unknown-mechanism'],
  ['--all', 'unknown-mechanism'], ['a.b', 'unknown-mechanism'], ['=all', 'unknown-mechanism'], ['1up=foo', 'unknown-mechanism'],
  ['moo.cow/far_out=man:dog', 'unknown-mechanism'], ['192.0.2.1', 'unknown-mechanism'], ['"-all"', 'unknown-mechanism'], [',', 'unknown-mechanism'],
  ['include', 'missing-argument'], ['include:', 'missing-argument'], ['exists', 'missing-argument'], ['a:', 'missing-argument'],
  ['mx:', 'missing-argument'], ['ptr:', 'missing-argument'], ['ip4', 'missing-argument'], ['ip4:', 'missing-argument'], ['ip6', 'missing-argument'],
  ['redirect=', 'missing-argument'], ['exp=', 'missing-argument'], ['a:/24', 'missing-argument'],
  ['all.', 'surplus-argument'], ['-all:foobar', 'surplus-argument'], ['-all/8', 'surplus-argument'], ['-all;', 'surplus-argument'],
  ['ptr/0', 'surplus-argument'],
  ['redirect:example.com', 'colon-modifier'], ['exp:example.com', 'colon-modifier'],
  ['a:foo-bar', 'bad-domain'], ['a:museum', 'bad-domain'], ['a:museum.', 'bad-domain'], ['a:abc.123', 'bad-domain'], ['a:example.-com', 'bad-domain'],
  ['a:example.com-', 'bad-domain'], ['a:example.com:8080', 'bad-domain'], ['a:example.com,', 'bad-domain'], ['include:example.com/24', 'bad-domain'],
  ['exists:mail.example.com/24', 'bad-domain'], ['redirect=localhost', 'bad-domain'], ['include/24', 'bad-domain'], ['include:user@localhost', 'bad-domain'],
  ['a:192.0.2.1', 'address-as-domain'], ['include:192.0.2.0/24', 'address-as-domain'], ['mx:192.0.2.1', 'address-as-domain'],
  ['a:2001:db8::1', 'address-as-domain'], ['a:192.0.2.1/24', 'address-as-domain'],
  ['exists:%(ir).example.com', 'bad-macro'], ['exists:foo%.example.com', 'bad-macro'], ['foo=%abc', 'bad-macro'],
  ['a:%{a}.example.com', 'bad-macro-letter'], ['exp=%{r}.example.com', 'bad-macro-letter'],
  ['ip4:1.2.3', 'bad-ip4'], ['ip4:300.1.1.1', 'bad-ip4'], ['ip4:01.2.3.4', 'bad-ip4'], ['ip4:1.2.3.4:8080', 'bad-ip4'], ['ip4:example.com', 'bad-ip4'],
  ['ip4:192.0.2.1,192.0.2.2', 'bad-ip4'], ['ip4/8', 'bad-ip4'],
  ['ip6::CAFE::BABE', 'bad-ip6'], ['ip6:fe80::1%eth0', 'bad-ip6'], ['ip6:1', 'bad-ip6'],
  ['ip4:2001:db8::1', 'wrong-family'], ['ip6:192.0.2.1', 'wrong-family'],
  ['ip4:1.2.3.4/33', 'bad-prefix-length'], ['ip4:1.2.3.4/032', 'bad-prefix-length'], ['ip4:1.2.3.4//32', 'bad-prefix-length'], ['ip4:1.2.3.4/', 'bad-prefix-length'],
  ['ip6:::1/129', 'bad-prefix-length'], ['a/33', 'bad-prefix-length'], ['a//129', 'bad-prefix-length'], ['a/24/64', 'bad-prefix-length'], ['mx/', 'bad-prefix-length'],
  ['\x96all', 'bad-character'], ['a:ctrl.example.com\rptr', 'bad-character'], ['\xe2\x80\x93all', 'bad-character'], ['a:example.com\t-all', 'bad-character'],
])('%j: %s', (term, code) => expect(problems(`v=spf1 mx ${term} -all`)).toEqual([[code, term, 10]]))

test('redirect and exp at most once, in any case of letters', () => {
  expect(problems('v=spf1 exp=a.example.com REDIRECT=b.example.com redirect=c.example.com exp=d.example.com'))
    .toEqual([['repeated-modifier', 'redirect=c.example.com', 48], ['repeated-modifier', 'exp=d.example.com', 71]])
})

test('all problems are told, and the terms beside them are read', () => {
  expect(problems('v=spf1 ip4:1.2.3 mx moo ~all')).toEqual([['bad-ip4', 'ip4:1.2.3', 7], ['unknown-mechanism', 'moo', 20]])
  expect(parseSpf('v=spf1 ip4:1.2.3 mx moo ~all').terms.map(({ text }) => text)).toEqual(['mx', '~all'])
  expect(problems(`v=spf1 ${'a'.repeat(maxText)}`)).toEqual([['too-long', '', 0]])
})

describe('properties', () => {
  const qualifier = fc.constantFrom('+' as const, '-' as const, '~' as const, '?' as const)
  const macro = fc.record({
    letter: fc.constantFrom('s', 'l', 'o', 'd', 'i', 'p', 'v', 'h'), urlEscape: fc.boolean(), keep: fc.option(fc.integer({ min: 1, max: 128 })),
    reverse: fc.boolean(), delimiters: fc.string({ unit: fc.constantFrom('.', '-', '+', ',', '/', '_', '='), maxLength: 3 }),
  })
  const label = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,8}[a-z0-9])?$/)
  const literal = fc.tuple(fc.stringMatching(/^[!-$&-~]{0,12}$/), label).map(([left, right]) => ({ literal: `${left}x.${right}` }))
  const domain = fc.oneof(literal.map(part => [part]), fc.tuple(macro, literal).map(parts => [...parts]), fc.tuple(literal, macro).map(parts => [...parts]), macro.map(part => [part]))
  const mechanism = fc.oneof(
    fc.record({ kind: fc.constant('all'), qualifier }),
    fc.record({ kind: fc.constantFrom('include', 'exists'), qualifier, domain }),
    fc.record({ kind: fc.constantFrom('a', 'mx'), qualifier, domain: fc.option(domain), prefix4: fc.nat(32), prefix6: fc.nat(128) }),
    fc.record({ kind: fc.constant('ptr'), qualifier, domain: fc.option(domain) }),
    fc.record({ kind: fc.constant('ip4'), qualifier, address: fc.ipV4(), prefix: fc.nat(32) }),
    fc.record({ kind: fc.constant('ip6'), qualifier, address: fc.ipV6(), prefix: fc.nat(128) }),
    fc.record({ kind: fc.constant('unknown'), name: fc.stringMatching(/^x[a-z0-9._-]{0,8}$/), value: fc.oneof(domain, fc.constant([])) }),
  )
  const record = fc.tuple(fc.array(mechanism), fc.option(domain), fc.option(domain)).map(([terms, redirect, exp]) => [
    ...terms, ...redirect ? [{ kind: 'redirect', domain: redirect }] : [], ...exp ? [{ kind: 'exp', domain: exp }] : [],
  ] as SpfTerm[])

  test('reads back what it writes', () => {
    fc.assert(fc.property(record, terms => {
      const text = formatSpf(terms)
      expect(isSpf(text)).toBe(true)
      expect(problems(text)).toEqual([])
      expect(bare(text)).toEqual(terms)
    }))
  })

  test('any octets: no exception, and every term stands where it is said to', () => {
    const word = fc.oneof(fc.constantFrom('a', 'mx', 'ip4:', 'ip6:', ':', '/', '//', '%{', '}', '=', 'include:', 'redirect=', '.', ' ', '0', '-', '~'), fc.nat(255).map(n => String.fromCharCode(n)))
    fc.assert(fc.property(fc.array(word), words => {
      const text = `v=spf1 ${words.join('')}`
      const { terms, problems } = parseSpf(text)
      for (const { text: term, at } of terms) expect(text.startsWith(term, at)).toBe(true)
      for (const { term, at } of problems) expect(text.startsWith(term, at)).toBe(true)
    }))
  })

  test.each([
    'a '.repeat(32_000), 'a:'.repeat(32_000), '/1'.repeat(32_000), `a:${'/1'.repeat(32_000)}`, `a:${'1'.repeat(60_000)}`, `a:%{${'d'.repeat(60_000)}`,
    `a:${'-'.repeat(60_000)}`, `exists:${'%%'.repeat(30_000)}`, '='.repeat(60_000), `x=${'%{d}'.repeat(15_000)}`, `a:${'a.'.repeat(30_000)}`,
  ])('64 KiB of anything are read to their end (%#)', terms => {
    const { terms: read, problems } = parseSpf(`v=spf1 ${terms}`.slice(0, maxText))
    expect(read.length + problems.length).toBeGreaterThan(0)
  })
})

interface Scenario { readonly tests: Record<string, { mailfrom: string; helo: string; result: string | string[] }>; readonly zonedata: Record<string, unknown> }
const suite = new URL('../../../shared/suites/rfc7208-tests.yml', import.meta.url)

describe('the community’s RFC 7208 suite', () => {
  if (!existsSync(suite)) {
    console.warn('NOT RUN: rfc7208-tests.yml is not beside the repository (../shared/suites), so the SPF grammar is not compared with it')
    test('is not here: nothing compared', () => expect(existsSync(suite)).toBe(false))
    return
  }
  const scenarios = parseAllDocuments(readFileSync(suite, 'utf8')).map(document => document.toJS() as Scenario)
  const cases = scenarios.flatMap(({ tests, zonedata }) => Object.entries(tests).map(([name, { mailfrom, helo, result }]) =>
    ({ name, records: recordsOf(zonedata, (mailfrom.split('@').at(-1) ?? '') || helo), results: [result].flat() })))

  test.each(cases)('$name', ({ records, results }) => {
    const spf = records.filter(isSpf)
    const [first] = spf
    if (first === undefined || spf.length > 1) return // no record to read, or no telling which
    const wrong = problems(first)
    if (!results.includes('permerror')) expect(wrong).toEqual([])
    // A permerror has its cause in the text, or in what the terms lead to.
    else if (!/include|redirect=|mx|\ba\b|exists|ptr|\.{3}|\d{60}|%\{H\}/.test(first)) expect(wrong).not.toEqual([])
    if (wrong.length > 0) expect(results).toContain('permerror')
  })
})

/** openspf zonedata: SPF values stand for TXT unless the name has a TXT of its own. */
function recordsOf(zone: Record<string, unknown>, name: string): string[] {
  const key = Object.keys(zone).find(candidate => candidate.toLowerCase() === name.toLowerCase())
  const entries = (key === undefined ? [] : zone[key]) as (string | Record<string, unknown>)[]
  const texts = (type: string) => entries.flatMap(entry => typeof entry === 'object' && type in entry ? [[entry[type]].flat().join('')] : [])
  const txt = texts('TXT')
  return txt.length > 0 ? txt : texts('SPF')
}
