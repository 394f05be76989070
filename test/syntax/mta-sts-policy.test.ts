import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatMtaStsPolicy, longestMaxAge, mtaStsModes, parseMtaStsPolicy } from '../../src/syntax/mta-sts-policy.ts'

const problems = (text: string) => parseMtaStsPolicy(text).problems.map(({ code, line, at }) => [code, line, at])

// RFC 8461 §3.2 and appendix A, with either end of line.
test.each(['\n', '\r\n'])('the examples, lines ended by %j', end => {
  const lines = ['version: STSv1', 'mode: enforce', 'mx: mail.example.com', 'mx: *.example.net', 'mx: backupmx.example.com', 'max_age: 604800']
  const policy = { mode: 'enforce', maxAge: 604_800, mx: ['mail.example.com', '*.example.net', 'backupmx.example.com'], problems: [], valid: true }
  expect(parseMtaStsPolicy(lines.join(end))).toEqual(policy)
  expect(parseMtaStsPolicy(lines.join(end) + end)).toEqual(policy)
  expect(parseMtaStsPolicy(lines.toReversed().join(end)).valid).toBe(true)
})

test('a policy on its way out names no host', () => {
  expect(parseMtaStsPolicy('version: STSv1\nmode: none\nmax_age: 0\n')).toEqual({ mode: 'none', maxAge: 0, mx: [], problems: [], valid: true })
})

test('white space after names and at line ends means nothing, case in patterns neither, and ends of lines may differ', () => {
  expect(parseMtaStsPolicy('version:STSv1 \t\nmode:\ttesting\r\nmx:  MX.Example.COM\nmax_age:1')).toMatchObject({ mode: 'testing', maxAge: 1, mx: ['mx.example.com'], problems: [], valid: true })
})

const rest = 'mode: enforce\nmx: a.example\nmax_age: 1\n'
test.each([
  ['', [['missing-version', 1, 0], ['missing-mode', 1, 0], ['missing-max-age', 1, 0], ['missing-mx', 1, 0]]],
  [rest, [['missing-version', 3, 39]]],
  [`version: STSv2\n${rest}`, [['bad-version', 1, 9]]],
  [`version: stsv1\n${rest}`, [['bad-version', 1, 9]]],
  [`version STSv1\n${rest}`, [['malformed-line', 1, 0], ['missing-version', 4, 53]]],
  [`version : STSv1\n${rest}`, [['malformed-line', 1, 0], ['missing-version', 4, 55]]],
  [`version:\n${rest}`, [['malformed-line', 1, 8], ['missing-version', 4, 48]]],
  [`Version: STSv1\n${rest}`, [['wrong-case', 1, 0], ['missing-version', 4, 54]]],
  [` version: STSv1\n${rest}`, [['leading-space', 1, 0]]],
  [`\xef\xbb\xbfversion: STSv1\n${rest}`, [['byte-order-mark', 1, 0]]],
  [`version: STSv1\rmode: enforce\n${rest}`, [['bad-character', 1, 14], ['missing-version', 4, 68]]],
  ['version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1\n', [['bad-mode', 2, 21]]],
  ['version: STSv1\nmode: report\nmx: a.example\nmax_age: 1\n', [['bad-mode', 2, 21]]],
  ['version: STSv1\nmode: enforce\nmax_age: 1\n', [['missing-mx', 3, 40]]],
  ['version: STSv1\nmode: testing\nmax_age: 1\n', [['missing-mx', 3, 40]]],
  ['version: STSv1\nmode: none\nmax_age: 31557601', [['max-age-too-long', 3, 35]]],
  ['version: STSv1\nmode: none\nmax_age: -1', [['bad-max-age', 3, 35]]],
  ['version: STSv1\nmode: none\nmax_age: 1.5', [['bad-max-age', 3, 35]]],
  ['version: STSv1\nmode: none\nmax_age: 00000000001', [['bad-max-age', 3, 35]]],
  ['version: STSv1\nmode: none\nmax_age: 7d', [['bad-max-age', 3, 35]]],
  ['version: STSv1\nmode: none\nmax_age: 1\na: b\tc', [['bad-character', 4, 41]]],
  ['version: STSv1\nmode: none\nmax_age: 1\na: b\xffc', [['bad-character', 4, 41]]],
  ['version: STSv1\nmode: none\nmax_age: 1\na: \xc3', [['bad-character', 4, 40]]],
  ['version: STSv1\nmode: none\nmax_age: 1\na: b\0', [['bad-character', 4, 41]]],
  ['<!doctype html>\n', [['malformed-line', 1, 0], ['missing-version', 1, 16], ['missing-mode', 1, 16], ['missing-max-age', 1, 16], ['missing-mx', 1, 16]]],
])('no policy: %j', (text, expected) => {
  expect(problems(text)).toEqual(expected)
  expect(parseMtaStsPolicy(text).valid).toBe(false)
})

test('more than 64 KiB', () => {
  expect(problems('a: b\n'.repeat(20_000))).toEqual([['too-long', 1, 0]])
})

test.each(['example.com.', '*', '*.', 'a.*.example', '*example.com', '**.example.com', 'a_b.example', 'a b.example', 'b\xc3\xbccher.example', '-a.example', `${'a'.repeat(64)}.example`, '"a.example"'])('no pattern: %j', pattern => {
  const policy = parseMtaStsPolicy(`version: STSv1\nmode: enforce\nmx: ${pattern}\nmx: ok.example\nmax_age: 1\n`)
  expect(policy).toMatchObject({ mx: ['ok.example'], valid: false })
  expect(policy.problems).toEqual([{ code: 'bad-mx', line: 3, at: 33, text: `mx: ${pattern}` }])
})

test.each([
  ['version: STSv1\nmode: none\nmax_age: 1\n\n', [['blank-line', 4, 37]]],
  ['version: STSv1\n \nmode: none\nmax_age: 1', [['blank-line', 2, 15]]],
  ['version: STSv1\nmode: none\nmax_age: 1\nmax_age: 2\nmode: x', [['duplicate-field', 4, 37], ['duplicate-field', 5, 48]]],
  ['version: STSv1\nmode: none\nmax_age: 1\nowner: B\xc3\xbccher GmbH: a=b;', [['unknown-field', 4, 37]]],
  ['version: STSv1\nmode: none\nmax_age: 1\nMode: enforce', [['wrong-case', 4, 37]]],
])('worth telling: %j', (text, expected) => {
  expect(problems(text)).toEqual(expected)
  expect(parseMtaStsPolicy(text)).toMatchObject({ mode: 'none', maxAge: 1, valid: true })
})

test('what is written is read', () => {
  const host = fc.array(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/), { minLength: 1, maxLength: 5 }).map(labels => labels.join('.'))
  const pattern = fc.tuple(fc.constantFrom('', '*.'), host).map(parts => parts.join(''))
  fc.assert(fc.property(fc.constantFrom(...mtaStsModes), fc.nat(longestMaxAge), fc.array(pattern, { minLength: 1, maxLength: 5 }), (mode, maxAge, mx) => {
    expect(parseMtaStsPolicy(formatMtaStsPolicy({ mode, maxAge, mx }))).toEqual({ mode, maxAge, mx, problems: [], valid: true })
  }))
})

test('any octets: no exception, and every position lies in the text and on its line', () => {
  const piece = fc.oneof(fc.constantFrom('version: STSv1', 'mode:', 'enforce', 'mx: ', '*.', '\n', '\r\n', ' ', '\t', '\xef\xbb\xbf', '\xc3\xa9', 'max_age: 9'), fc.nat(255).map(code => String.fromCharCode(code)))
  fc.assert(fc.property(fc.array(piece).map(pieces => pieces.join('')), text => {
    for (const { at, line } of parseMtaStsPolicy(text).problems) {
      expect(at).toBeLessThanOrEqual(text.length)
      if (at < text.length) expect(text.slice(0, at).split('\n').length).toBe(line)
    }
  }))
})

test('64 KiB of the worst are read a hundred times over, which nothing quadratic would come to the end of', () => {
  for (const text of [' '.repeat(65_536), '\n'.repeat(65_536), 'a:b\n'.repeat(16_384), `mx: ${'a.'.repeat(32_000)}`, `mx:${' '.repeat(65_000)}x`, '\xc3\xa9'.repeat(32_768)]) {
    for (let i = 0; i < 100; i++) expect(parseMtaStsPolicy(text).valid).toBe(false)
  }
})
