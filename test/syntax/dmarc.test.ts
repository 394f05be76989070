import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDmarc, parseDmarc } from '../../src/syntax/dmarc.ts'
import { formatTags } from '../../src/syntax/tags.ts'

const problems = (text: string) => parseDmarc(text).problems.map(({ code, tag, at }) => [code, tag, at])

test.each([
  ['v=DMARC1', true], ['v=DMARC1; p=none', true], ['v=DMARC1;p=none', true], ['v = DMARC1 ; p=none', true], ['V=DMARC1', true],
  ['v=dmarc1; p=none', false], ['v=DMARC1p=none', false], ['v=DMARC1 p=none', false], ['v=DMARC2; p=none', false], ['p=none; v=DMARC1', false],
  [' v=DMARC1; p=none', false], ['"v=DMARC1; p=none"', false], ['v=spf1 -all', false], ['', false],
])('%j is a DMARC record: %s', (text, expected) => expect(isDmarc(text)).toBe(expected))

test('every tag, in any order', () => {
  const text = 'v=DMARC1; rua=mailto:dmarc@example.com, mailto:b@example.net!10m ; adkim=S; np=Reject; fo=1:d:s; ruf=https://r.example/x?a=%2C; t=y; psd=n; sp=quarantine; aspf=s; p=none'
  expect(parseDmarc(text)).toMatchObject({
    p: 'none', sp: 'quarantine', np: 'reject', t: true, psd: 'n', adkim: 's', aspf: 's', fo: ['1', 'd', 's'], pct: null, counts: 'stated',
    rua: [{ uri: 'mailto:dmarc@example.com', size: null, valid: true, at: 14 }, { uri: 'mailto:b@example.net', size: '10m', valid: true, at: 40 }],
    ruf: [{ uri: 'https://r.example/x?a=%2C', size: null, valid: true }],
  })
})

test('what is not stated', () => {
  expect(parseDmarc('v=DMARC1; p=reject; pct=50')).toMatchObject({
    p: 'reject', sp: null, np: null, t: false, psd: 'u', adkim: 'r', aspf: 'r', fo: ['0'], rua: [], ruf: [], pct: 50, counts: 'stated',
  })
})

test.each([
  ['v=DMARC1; p=none', 'stated'],
  ['v=DMARC1; P=NONE', 'stated'],
  ['v=DMARC1', 'ignored'],
  ['v=DMARC1; rua=mailto:d@example.com', 'none'],
  ['v=DMARC1; p=monitor; rua=mailto:d@example.com', 'none'],
  ['v=DMARC1; p=monitor; rua=d@example.com', 'ignored'],
  ['v=DMARC1; p=; rua=mailto:d@example.com', 'none'],
  ['v=DMARC1; p=reject; sp=noen', 'ignored'],
  ['v=DMARC1; p=reject; np=noen; rua=mailto:d@example.com', 'none'],
  ['v=DMARC1; p=reject; p=none', 'ignored'],
  ['v=DMARC1; p=reject; adkim=x', 'stated'],
  ['v=DMARC1; p=reject; foo=bar; baz', 'stated'],
])('RFC 9989 §4.10.1: %j counts as %s', (text, counts) => expect(parseDmarc(text).counts).toBe(counts))

test.each([
  ['v=DMARC1; p=none; sp=none; rua=mailto:d@example.com;', []],
  ['v=DMARC1; rua=mailto:d@example.com; p=none', [['policy-not-second', 'p', 36]]],
  ['v=DMARC1; sp=none', [['missing-policy', 'p', 0]]],
  ['v=DMARC1; p=quarantaine', [['bad-policy', 'p', 12]]],
  ['v=DMARC1; p=none; p=none', [['duplicate-tag', 'p', 18]]],
  ['v=DMARC1; p=none; pct=100; ri=86400; rf=afrf', [['obsolete-tag', 'pct', 18], ['obsolete-tag', 'ri', 27], ['obsolete-tag', 'rf', 37]]],
  ['v=DMARC1; p=none; ruf=mailto:d@example.com; fo=2', [['bad-value', 'fo', 47]]],
  ['v=DMARC1; p=none; fo=1', [['failure-options-unused', 'fo', 18]]],
  ['v=DMARC1; p=none; adkim=relaxed; t=yes', [['bad-value', 'adkim', 24], ['bad-value', 't', 35]]],
  ['v=DMARC1; p=none; rua=d@example.com,mailto:e@example.com!5m', [['bad-uri', 'rua', 22], ['obsolete-size', 'rua', 36]]],
  ['v=DMARC1; p=none; rua=mailto:d', [['bad-uri', 'rua', 22]]],
  ['v=DMARC1; p=none; constructor=x; toString=y', [['unknown-tag', 'constructor', 18], ['unknown-tag', 'tostring', 33]]],
  ['v=DMARC1; p=none; aspf=', [['empty-value', 'aspf', 18]]],
  ['v=DMARC1; p=none; \xe2\x80\x9cx=1', [['malformed-tag', '\xe2\x80\x9cx=1', 18]]],
  ['v=DMARC1; p=none p=reject', [['bad-policy', 'p', 12]]],
])('%j', (text, expected) => expect(problems(text)).toEqual(expected))

test('reads back what it writes', () => {
  const policy = fc.constantFrom('none', 'quarantine', 'reject')
  fc.assert(fc.property(policy, fc.option(policy), fc.option(policy), fc.boolean(), fc.constantFrom('r', 's'), (p, sp, np, t, adkim) => {
    const tags = Object.entries({ v: 'DMARC1', p, sp, np, t: t ? 'y' : 'n', adkim }).flatMap(([name, value]) => value === null ? [] : [{ name, value }])
    expect(parseDmarc(formatTags(tags))).toMatchObject({ p, sp, np, t, adkim, counts: 'stated', problems: [] })
  }))
})

test('any octets: no exception, and every position lies in the text', () => {
  const piece = fc.oneof(fc.constantFrom(';', '=', 'p', 'sp', 'none', 'rua=', 'mailto:', '@', ',', '!9m', ' '), fc.nat(255).map(n => String.fromCharCode(n)))
  fc.assert(fc.property(fc.array(piece), pieces => {
    const text = `v=DMARC1;${pieces.join('')}`
    const { problems, rua } = parseDmarc(text)
    for (const { at } of problems) expect(at).toBeLessThanOrEqual(text.length)
    for (const { at, uri } of rua) expect(text.startsWith(uri, at)).toBe(true)
  }))
})

test('64 KiB of distinct tags are read to their end', () => {
  const text = `v=DMARC1${Array.from({ length: 10_000 }, (_, i) => `;t${i.toString(36)}=`).join('')}`
  expect(parseDmarc(text).problems.length).toBeGreaterThan(10_000)
})
