import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLintKind, lint, lintKinds, type LintKind } from '../../src/syntax/lint.ts'

/** valid, then codes with their places. */
function verdict(kind: LintKind, record: string): unknown[] {
  const { valid, problems } = lint(kind, record)
  return [valid, ...problems.map(({ code, at }) => `${code} ${at ?? '-'}`)]
}

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const strong = rsa(2048)
const digest = 'd2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971'

describe('spf', () => {
  test.each([
    ['v=spf1 ip4:192.0.2.0/24 -all', [true]],
    ['v=spf1', [true, 'open-end -']],
    ['V=SPF1 redirect=_spf.example.com', [true]],
    ['v=spf1 a/33 -all', [false, 'bad-prefix-length 7']],
    ['v=spf1  include:%{z}.example include -all', [false, 'bad-macro-letter 8', 'missing-argument 29']],
    ['v=spf1 include:b\xc3\xbccher.example -all', [false, 'bad-character 16']],
    ['v=spf1\t-all', [false, 'bad-version 0']],
    ['v=spf1\0', [false, 'bad-version 0']],
    ['v=spf10 -all', [false, 'bad-version 0']],
    ['', [false, 'bad-version 0']],
    ['v=spf1 +all', [true, 'pass-all 7']],
    ['v=spf1 ?all mx -all', [true, 'after-all 12']],
    ['v=spf1 redirect=a.example -all', [true, 'redirect-unused 7']],
    ['v=spf1 ptr -all', [true, 'slow-ptr 7']],
    [`v=spf1 ${'a '.repeat(11)}-all`, [true, 'too-many-lookups 27']],
    [`v=spf1 redirect=b.example ${'a '.repeat(10)}`, [true, 'too-many-lookups 7']],
    [`v=spf1 -all ${'a '.repeat(11)}`, [true, 'after-all 12']],
  ])('%j', (record, expected) => expect(verdict('spf', record)).toEqual(expected))
})

describe('dkim', () => {
  test.each([
    ['a good key', `v=DKIM1; k=rsa; p=${strong}`, [true]],
    ['an RSA key of 1024 bits', `v=DKIM1; p=${rsa(1024)}`, [true, 'weak-key 11']],
    ['an RSA key of 512 bits', `v=DKIM1; p=${rsa(512)}`, [false, 'short-key 11']],
    ['an ed25519 key', 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=', [true]],
    ['revoked', 'v=DKIM1; p=', [true, 'revoked 11']],
    ['testing', `v=DKIM1; t=y:s; p=${strong}`, [true, 'testing 11']],
    ['SHA-1 only', `v=DKIM1; h=sha1; p=${strong}`, [false, 'no-usable-hash 11']],
    ['for something else', `v=DKIM1; s=tlsrpt; p=${strong}`, [false, 'not-for-email 11']],
    ['of a type that nobody knows', 'v=DKIM1; k=dsa; p=AAAA', [false, 'unknown-key-type 11']],
    ['cut off', `v=DKIM1; p=${strong.slice(0, 200)}`, [false, 'truncated 11']],
    ['with backslashes', `v=DKIM1\\; p=${strong}`, [false, 'escaped 7']],
    ['without a key', 'v=DKIM1; k=rsa', [false, 'missing-key -']],
    ['of no version', 'v=DKIM2; p=', [false, 'bad-version 2', 'revoked 11']],
    ['no key record at all', 'v=spf1 -all', [false, 'bad-version 2', 'missing-key -']],
  ])('%s', (_name, record, expected) => expect(verdict('dkim', record)).toEqual(expected))
})

describe('dmarc', () => {
  test.each([
    ['v=DMARC1; p=none; rua=mailto:d@example.com', [true]],
    ['v=DMARC1; p=reject; pct=50; ri=1', [true, 'obsolete-tag 20', 'obsolete-tag 28']],
    ['v=DMARC1; p=rejct', [false, 'bad-policy 12']],
    ['v=DMARC1; p=rejct; rua=mailto:d@example.com', [true, 'bad-policy 12', 'taken-as-none -']],
    ['v=DMARC1', [false, 'missing-policy -']],
    ['v=dmarc1; p=none', [false, 'bad-version 0']],
    [' v=DMARC1; p=none', [false, 'bad-version 0']],
    ['p=none; v=DMARC1', [false, 'bad-version 0']],
  ])('%j', (record, expected) => expect(verdict('dmarc', record)).toEqual(expected))
})

describe('the others', () => {
  test.each<[LintKind, string, unknown[]]>([
    ['mta-sts', 'v=STSv1; id=20260101;', [true]],
    ['mta-sts', 'v=STSv1', [false, 'missing-id -']],
    ['mta-sts-policy', 'version: STSv1\nmode: none\nmax_age: 86400\n', [true]],
    ['mta-sts-policy', 'version: STSv1\nmode: enforce\nmx: a_b\n', [false, 'bad-mx 33', 'missing-max-age -']],
    ['tls-rpt', 'v=TLSRPTv1; rua=mailto:a@b.example', [true]],
    ['tls-rpt', 'v=TLSRPTv1; rua=a@b.example', [false, 'no-destination 12', 'bad-uri 16']],
    ['tlsa', `3 1 1 ${digest}`, [true]],
    ['tlsa', `3 1 2 ${digest}`, [false, 'wrong-length 6']],
    ['bimi', 'v=BIMI1; l=; a=', [true]],
    ['bimi', 'v=BIMI1; a=', [false, 'missing-location -']],
    ['dkim-signature', 'v=1', [false, ...Array.from({ length: 6 }, () => 'missing-tag -')]],
  ])('%s %j', (kind, record, expected) => expect(verdict(kind, record)).toEqual(expected))
})

test('kinds', () => {
  expect(lintKinds).toEqual(['spf', 'dkim', 'dmarc', 'mta-sts', 'mta-sts-policy', 'tls-rpt', 'tlsa', 'bimi', 'dkim-signature'])
  expect([isLintKind('spf'), isLintKind('SPF'), isLintKind('constructor')]).toEqual([true, false, false])
})

const anyKind = fc.constantFrom(...lintKinds)
const heads = ['v=spf1 ', 'v=DKIM1; ', 'v=DMARC1; ', 'v=STSv1; ', 'version: STSv1\n', 'v=TLSRPTv1; ', '3 1 1 ', 'v=BIMI1; ', 'v=1; ']

test('any octets: one line of text for each problem, at a place in the record, in order; a fault alone makes it invalid', () => {
  const piece = fc.oneof(fc.constantFrom(...heads, 'p=', ';', ' ', '\n', 'a', '=', ':'), fc.nat(255).map(code => String.fromCharCode(code)))
  fc.assert(fc.property(anyKind, fc.array(piece).map(pieces => pieces.join('')), (kind, record) => {
    const { valid, problems } = lint(kind, record)
    const places = problems.map(({ at }) => at ?? record.length)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    for (const { at, why } of problems) {
      if (at !== null) expect(at).toBeLessThanOrEqual(record.length)
      expect(why).toMatch(/^[^\n]{10,150}$/)
    }
    if (!valid) expect(problems.some(({ note }) => !note)).toBe(true)
    if (valid && kind !== 'dmarc') expect(problems.every(({ note }) => note)).toBe(true)
  }))
})

test('64 KiB of anything are judged: nothing quadratic would come to the end of them all', () => {
  const fillings = ['a=b;', ';', ' ', '\0', '\xc3', 'a', 'a ', 'ip4:192.0.2.1 ', '%{i}', 'mailto:a@b.c,', 'x=', '\n', '30', '\\;', '"', 'include:a.example ', 'mx: a.b\n']
  for (const kind of lintKinds) {
    for (const head of ['', ...heads]) {
      for (const filling of fillings) {
        lint(kind, (head + filling.repeat(65_536)).slice(0, 65_535))
      }
    }
  }
})
