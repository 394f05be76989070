import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatBimi, isBimi, parseBimi } from '../../src/syntax/bimi.ts'

const problems = (text: string) => parseBimi(text).problems.map(({ code, at }) => [code, at])
const logo = 'https://example.com/brand/logo.svg'
const mark = 'https://example.com/mark.pem'

test('a logo and its certificate', () => {
  expect(parseBimi(`v=BIMI1; l=${logo}; a=${mark}`)).toMatchObject({
    location: logo, evidence: mark, declined: false, localPartSelector: false, preference: 'brand', problems: [], valid: true,
  })
  expect(parseBimi(`v = BIMI1 ;avp=personal;lps=true; a=${mark}; l=${logo.replace('.svg', '.SVGZ')}?v=1.png;`)).toMatchObject({ localPartSelector: true, preference: 'personal', problems: [], valid: true })
})

// §4.3.1.
test.each(['v=BIMI1; l=; a=;', 'v=BIMI1; l=; a=; lps=true;', 'v=BIMI1; l='])('declined: %j', text => {
  expect(parseBimi(text)).toMatchObject({ location: '', evidence: '', declined: true, problems: [], valid: true })
})

test.each([
  ['', [['version-not-first', 0], ['missing-location', 0]]],
  ['v=BIMI1', [['missing-location', 7]]],
  ['v=bimi1; l=', [['bad-version', 2]]],
  ['v=BIMI2; l=', [['bad-version', 2]]],
  ['l=; v=BIMI1', [['version-not-first', 0]]],
  ['V=BIMI1; l=', [['version-not-first', 0], ['unknown-tag', 0]]],
  ['v=BIMI1; L=; a=', [['unknown-tag', 9], ['missing-location', 15]]],
  ['v=BIMI1; l=http://example.com/logo.svg; a=', [['not-https', 11]]],
  [`v=BIMI1; l=${logo}; a=http://example.com/mark.pem`, [['not-https', 49]]],
  ['v=BIMI1; l=example.com/logo.svg; a=', [['bad-uri', 11]]],
  ['v=BIMI1; l=https://localhost/logo.svg; a=', [['bad-uri', 11]]],
  ['v=BIMI1; l=https://example.com/lo go.svg; a=', [['bad-uri', 11]]],
  [`v=BIMI1; l=${logo},${logo}; a=`, [['several-uris', 45]]],
  [`v=BIMI1; l=https://example.com/logo.png; a=${mark}`, [['not-svg', 11]]],
  [`v=BIMI1; l=${logo}; l=${logo}; a=${mark}`, [['duplicate-tag', 47]]],
  [`v=BIMI1 l=${logo}; a=${mark}`, [['bad-version', 2], ['missing-location', 76]]],
  [`v=BIMI1; l=${logo}; a=${mark}; x`, [['malformed-tag', 79]]],
])('no record: %j', (text, expected) => {
  expect(problems(text)).toEqual(expected)
  expect(parseBimi(text).valid).toBe(false)
})

test.each([
  [`v=BIMI1; l=${logo}`, [['no-evidence', 45]]],
  [`v=BIMI1; l=${logo}; a=`, [['no-evidence', 47]]],
  [`v=BIMI1; l=; a=${mark}`, [['evidence-declined', 15]]],
  [`v=BIMI1; l=${logo}; a=${mark}; lps=TRUE; avp=logo; z=1`, [['bad-value', 83], ['bad-value', 93], ['unknown-tag', 99]]],
  [`v=BIMI1;; l=${logo}; a=${mark}`, [['empty-tag', 8]]],
])('worth telling: %j', (text, expected) => {
  expect(problems(text)).toEqual(expected)
  expect(parseBimi(text).valid).toBe(true)
})

test('what no TXT record can hold', () => {
  expect(problems('x'.repeat(70_000))).toEqual([['too-long', 0]])
})

test('an l that is empty beside a certificate declines nothing in so many words', () => {
  expect(parseBimi(`v=BIMI1; l=; a=${mark}`)).toMatchObject({ location: '', evidence: mark, declined: false })
})

test('which TXT records count', () => {
  expect(['v=BIMI1; l=', 'v = BIMI1', 'v=BIMI1x', 'v=bimi1;', 'l=; v=BIMI1'].map(isBimi)).toEqual([true, true, false, false, false])
})

test('what is written is read', () => {
  const uri = fc.tuple(fc.stringMatching(/^[a-z0-9]{1,9}\.example$/), fc.stringMatching(/^[a-z0-9/_~-]{0,9}$/)).map(([host, path]) => `https://${host}/${path}`)
  fc.assert(fc.property(uri, fc.oneof(fc.constant(''), uri), (location, evidence) => {
    expect(parseBimi(formatBimi({ location, evidence }))).toMatchObject({ location, evidence, valid: true })
  }))
})

test('any octets: no exception, and every position lies in the text', () => {
  const piece = fc.oneof(fc.constantFrom('v=BIMI1', ';', 'l=', 'a=', 'lps=', 'https://', 'a.example', '/x.svg', ',', ' '), fc.nat(255).map(code => String.fromCharCode(code)))
  fc.assert(fc.property(fc.array(piece).map(pieces => pieces.join('')), text => {
    for (const { at } of parseBimi(text).problems) expect(at).toBeLessThanOrEqual(text.length)
  }))
})
