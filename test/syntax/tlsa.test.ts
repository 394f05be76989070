import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestsOfNothing, formatTlsa, isUsableTlsa, parseTlsa, tlsaFaults } from '../../src/syntax/tlsa.ts'
import { parseData } from '../../src/syntax/record.ts'

const sha256 = 'd2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971'
const sha512 = createHash('sha512').update('key').digest('hex')
const der = '3003020101'
const codes = (text: string) => parseTlsa(text).problems.map(({ code, at }) => [code, at])

test('digests of nothing are what they say', () => {
  expect(digestsOfNothing).toEqual(['sha256', 'sha512'].map(name => createHash(name).digest('hex')))
})

test.each([
  [`3 1 1 ${sha256}`, []], // RFC 7672 §3.1.1
  [`2 0 1 ${sha256}`, []],
  [`2 1 2 ${sha512}`, []],
  [`3\t1  1 ${sha256.slice(0, 20)} ${sha256.slice(20).toUpperCase()}\r\n`, []],
  [`3 0 1 ${sha256}`, [['pins-certificate', 2]]],
  [`3 1 0 ${der}`, [['whole-data', 4]]],
  ['2 0 0 3082000402020102', [['whole-data', 4]]],
])('%j can be used', (text, expected) => {
  expect(codes(text)).toEqual(expected)
  expect(parseTlsa(text).valid).toBe(true)
})

test.each([
  // RFC 6698 §2.3, whose usages 0 and 1 no SMTP client honours (RFC 7672 §3.1.3).
  [`0 0 1 ${sha256}`, [['pkix-usage', 0]]],
  [`1 1 2 ${sha512}`, [['pkix-usage', 0]]],
  [`4 1 1 ${sha256}`, [['unknown-usage', 0]]],
  [`255 1 1 ${sha256}`, [['unknown-usage', 0]]],
  [`3 2 1 ${sha256}`, [['unknown-selector', 2]]],
  [`3 1 3 ${sha256}`, [['unknown-matching', 4]]],
  [`3 1 1 ${sha256.slice(2)}`, [['wrong-length', 6]]],
  [`3 1 1 ${sha512}`, [['wrong-length', 6]]],
  [`3 1 2 ${sha256}`, [['wrong-length', 6]]],
  [`3 1 1 ${digestsOfNothing[0]}`, [['digest-of-nothing', 6]]],
  [`3 1 2 ${digestsOfNothing[1]?.toUpperCase()}`, [['digest-of-nothing', 6]]],
  [`3 1 0 ${sha256}`, [['not-der', 6]]],
  ['3 1 0 3003020101ff', [['not-der', 6]]],
  ['3 1 0 30', [['not-der', 6]]],
  ['3 1 0 3080', [['not-der', 6]]],
  ['0 9 9 00', [['pkix-usage', 0], ['unknown-selector', 2], ['unknown-matching', 4]]],
])('%j is a record that no client can use', (text, expected) => {
  expect(codes(text)).toEqual(expected)
  expect(parseTlsa(text)).toMatchObject({ valid: false, data: { usage: Number(text.split(' ')[0]) } })
})

test.each([
  ['', [['missing-field', 0]]],
  ['3 1', [['missing-field', 3]]],
  ['3 1 1', [['missing-field', 5]]],
  ['3 1 1 ', [['missing-field', 6]]],
  ['256 1 1 00', [['bad-number', 0]]],
  ['3 -1 x 00', [['bad-number', 2], ['bad-number', 5]]],
  ['3 1 1 0x00', [['bad-hexadecimal', 7]]],
  ['3 1 1 00 0g', [['bad-hexadecimal', 10]]],
  ['3 1 1 000', [['odd-hexadecimal', 6]]],
  ['3 1 1 \xff\0', [['bad-hexadecimal', 6]]],
])('%j is no record', (text, expected) => {
  expect(codes(text)).toEqual(expected)
  expect(parseTlsa(text)).toMatchObject({ valid: false, data: null })
})

test('what no record can hold', () => {
  expect(parseTlsa(`3 1 0 ${'00'.repeat(140_000)}`)).toEqual({ data: null, problems: [{ code: 'too-long', text: '', at: 0 }], valid: false })
})

test('answers of DNS are judged like text', () => {
  const data = parseData('TLSA', `3 1 1 ${sha256}`)
  expect(isUsableTlsa(data)).toBe(true)
  expect(isUsableTlsa({ ...data, usage: 1 })).toBe(false)
  expect(tlsaFaults({ ...data, data: '' })).toEqual([{ code: 'wrong-length', field: 3 }])
})

test('what is written is read', () => {
  const octet = fc.nat(255)
  fc.assert(fc.property(octet, octet, octet, fc.uint8Array({ minLength: 1, maxLength: 80 }), (usage, selector, matching, octets) => {
    const data = { usage, selector, matching, data: Buffer.from(octets).toString('hex') }
    expect(parseTlsa(formatTlsa(data)).data).toEqual(data)
  }))
})

test('any octets: no exception, and every position lies in the text', () => {
  const piece = fc.oneof(fc.constantFrom('3', '1', ' ', sha256, '30', 'ff'), fc.nat(255).map(code => String.fromCharCode(code)))
  fc.assert(fc.property(fc.array(piece).map(pieces => pieces.join('')), text => {
    for (const { at } of parseTlsa(text).problems) expect(at).toBeLessThanOrEqual(text.length)
  }))
})
