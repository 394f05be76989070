import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTlsRpt, isTlsRpt, parseTlsRpt } from '../../src/syntax/tls-rpt.ts'

const problems = (text: string) => parseTlsRpt(text).problems.map(({ code, at }) => [code, at])

test.each([
  ['v=TLSRPTv1;rua=mailto:reports@example.com', [['mailto', 'example.com', 15]]], // RFC 8460 §3.1.1
  ['v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt', [['https', 'reporting.example.com', 16]]], // §3.1.2
  ['v=TLSRPTv1; rua=mailto:a@example.com , https://b.example/?x=%2C;', [['mailto', 'example.com', 16], ['https', 'b.example', 39]]],
  ['v=TLSRPTv1; ext=1-2; rua=MAILTO:a@Example.com', [['mailto', 'example.com', 25]]],
])('%j', (text, destinations) => {
  const { rua, valid } = parseTlsRpt(text)
  expect(rua.map(({ scheme, host, at }) => [scheme, host, at])).toEqual(destinations)
  expect(valid).toBe(true)
})

test.each([
  ['v=TLSRPTv1;', [['missing-rua', 11]]],
  ['v=TLSRPTv1; RUA=mailto:a@b.example', [['unknown-field', 12], ['missing-rua', 34]]],
  ['v=TLSRPTv1; rua=', [['no-destination', 12], ['bad-uri', 16]]],
  ['v=TLSRPTv1; rua=tls@example.com', [['no-destination', 12], ['bad-uri', 16]]],
  ['v=TLSRPTv1; rua=mailto:tls', [['no-destination', 12], ['bad-uri', 16]]],
  ['v=TLSRPTv1; rua=mailto:tls@localhost', [['no-destination', 12], ['bad-uri', 16]]],
  ['v=TLSRPTv1; rua=mailto:tls!@example.com', [['no-destination', 12], ['bad-uri', 16]]],
  ['v=TLSRPTv1; rua=http://example.com/', [['no-destination', 12], ['other-scheme', 16]]],
  ['v=tlsrptv1; rua=mailto:a@b.example', [['bad-version', 0]]],
  ['v=TLSRPTv1 rua=mailto:a@b.example', [['bad-version', 0], ['missing-rua', 33]]],
  ['v=TLSRPTv1; rua = mailto:a@b.example', [['malformed-field', 12], ['missing-rua', 36]]],
  ['v=TLSRPTv1;; rua=mailto:a@b.example', [['empty-field', 11]]],
  ['v=TLSRPTv1; rua=mailto:a@b.example; x y', [['malformed-field', 36]]],
  ['v=TLSRPTv1; rua=mailto:\xfc@b.example', [['bad-character', 23], ['missing-rua', 34]]],
])('no record: %j', (text, expected) => {
  expect(problems(text)).toEqual(expected)
  expect(parseTlsRpt(text).valid).toBe(false)
})

test.each([
  ['v=TLSRPTv1; rua=mailto:a@b.example,tls@example.com', [['bad-uri', 35]]],
  ['v=TLSRPTv1; rua=mailto:a@b.example,', [['bad-uri', 35]]],
  ['v=TLSRPTv1; rua=ftp://b.example/,mailto:a@b.example', [['other-scheme', 16]]],
  ['v=TLSRPTv1; rua=mailto:a@b.example; rua=x', [['duplicate-field', 36]]],
  ['v=TLSRPTv1; rua=mailto:a@b.example; ruf=x', [['unknown-field', 36]]],
])('reports come all the same: %j', (text, expected) => {
  expect(problems(text)).toEqual(expected)
  expect(parseTlsRpt(text).valid).toBe(true)
})

test('what no TXT record can hold', () => {
  expect(parseTlsRpt(`v=TLSRPTv1; rua=${','.repeat(70_000)}`)).toEqual({ rua: [], fields: [], problems: [{ code: 'too-long', text: '', at: 0 }], valid: false })
})

test('which TXT records count', () => {
  expect(['v=TLSRPTv1; rua=x', 'v=TLSRPTv1', 'v=TLSRPTv10;'].map(isTlsRpt)).toEqual([true, false, false])
})

test('what is written is read', () => {
  const host = fc.stringMatching(/^[a-z0-9]{1,9}\.example$/)
  const uri = fc.oneof(host.map(name => `mailto:tls@${name}`), host.map(name => `https://${name}/in?x=%21`))
  fc.assert(fc.property(fc.array(uri, { minLength: 1, maxLength: 4 }), rua => {
    const record = parseTlsRpt(formatTlsRpt(rua))
    expect(record).toMatchObject({ valid: true, problems: [] })
    expect(record.rua.map(({ uri: text }) => text)).toEqual(rua)
  }))
})

test('any octets: no exception, and every position lies in the text', () => {
  const piece = fc.oneof(fc.constantFrom('v=TLSRPTv1', ';', 'rua=', 'mailto:', 'a@b.example', 'https://', ',', ' ', '!'), fc.nat(255).map(code => String.fromCharCode(code)))
  fc.assert(fc.property(fc.array(piece).map(pieces => pieces.join('')), text => {
    const { problems: found, rua } = parseTlsRpt(text)
    for (const { at } of [...found, ...rua]) expect(at).toBeLessThanOrEqual(text.length)
  }))
})
