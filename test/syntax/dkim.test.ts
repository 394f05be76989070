import { generateKeyPairSync, type RSAKeyPairKeyObjectOptions } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDkim, resemblesDkim } from '../../src/syntax/dkim.ts'

function rsa(modulusLength: number, options: Partial<RSAKeyPairKeyObjectOptions> = {}) {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength, ...options })
  const text = (type: 'spki' | 'pkcs1') => publicKey.export({ type, format: 'der' }).toString('base64')
  return { spki: text('spki'), pkcs1: text('pkcs1') }
}

const key2048 = rsa(2048)
const problems = (text: string) => parseDkim(text).problems.map(({ code, tag, at }) => [code, tag, at])
const keyProblem = (text: string) => {
  const { keyProblem } = parseDkim(text)
  return keyProblem ? [keyProblem.code, keyProblem.at] : null
}

// RFC 6376 appendix C, RFC 8463 appendix A.
const brisbane6376 = 'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB'
const test8463 = 'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB'

test.each([
  [`v=DKIM1; p=${brisbane6376}`, { type: 'rsa', bits: 1024, encoding: 'spki', exponent: '65537' }],
  [`v=DKIM1; k=rsa; p=${test8463}`, { type: 'rsa', bits: 1024, encoding: 'spki' }],
  ['v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=', { type: 'ed25519', point: expect.stringMatching(/^d75a980182b10ab7/) as string }],
])('the example of an RFC: %s', (text, key) => {
  expect(parseDkim(text)).toMatchObject({ key, problems: [], keyProblem: null, revoked: false })
})

test.each([512, 1024, 2048, 4096])('an RSA key of %i bits, wrapped and bare', bits => {
  const { spki, pkcs1 } = bits === 2048 ? key2048 : rsa(bits)
  expect(parseDkim(`p=${spki}`).key).toMatchObject({ type: 'rsa', bits, encoding: 'spki' })
  expect(parseDkim(`v=DKIM1;k=rsa;p=${pkcs1}`).key).toMatchObject({ type: 'rsa', bits, encoding: 'pkcs1' })
})

test('an odd size and a small exponent are what they are', () => {
  expect(parseDkim(`p=${rsa(1023, { publicExponent: 3 }).spki}`).key).toMatchObject({ bits: 1023, exponent: '3' })
})

test('white space within base64 means nothing, and padding may be missing', () => {
  const folded = key2048.spki.replace(/.{40}/g, '$& \t').replace(/=+$/, '')
  expect(parseDkim(`v=DKIM1; p=${folded}`)).toMatchObject({ key: { bits: 2048 }, keyProblem: null })
})

test('the other tags', () => {
  expect(parseDkim('v=DKIM1; k=RSA; h=sha1 : SHA256; s=email:*; t=y:s; n=mind the gap; x=1; p=')).toMatchObject({
    keyType: 'rsa', hashes: ['sha1', 'sha256'], services: ['email', '*'], flags: ['y', 's'], notes: 'mind the gap', revoked: true,
    key: null, problems: [], keyProblem: null,
  })
  expect(parseDkim('p=')).toMatchObject({ keyType: 'rsa', hashes: null, services: ['*'], flags: [], notes: null })
  expect(parseDkim('k=dsa; p=AAAA')).toMatchObject({ keyType: 'dsa', key: null, keyProblem: null })
})

test.each([
  ['v=DKIM2; p=', [['bad-version', 'v=DKIM2', 2]]],
  ['v=dkim1; p=', [['bad-version', 'v=dkim1', 2]]],
  ['v=spf1 -all', [['bad-version', 'v=spf1 -all', 2], ['missing-key', 'p', 0]]],
  ['k=rsa; v=DKIM1; p=', [['version-not-first', 'v', 7]]],
  ['v=DKIM1; k=rsa', [['missing-key', 'p', 0]]],
  ['v=DKIM1; p=; p=', [['duplicate-tag', 'p', 13]]],
  ['v=DKIM1; rsa; p=', [['malformed-tag', 'rsa', 9]]],
  ['v=DKIM1\\; k=rsa\\; p=AAAA', [['escaped', '\\;', 7]]],
  ['"v=DKIM1; k=rsa; p="', [['quoted', '"', 0]]],
  ['\'v=DKIM1; p=\'', [['quoted', '\'', 0]]],
  ['v=DKIM1; n=\xfc; p=', [['bad-character', 'n', 11]]],
  ['v=DKIM1;; p=;', []],
  ['', [['missing-key', 'p', 0]]],
])('%j', (text, expected) => expect(problems(text)).toEqual(expected))

const { spki } = key2048
const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' })
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')

test.each([
  ['a key cut where the 255th octet of a string was', `v=DKIM1; k=rsa; p=${spki}`.slice(0, 255), ['truncated', 18]],
  ['a key cut behind its first digits', 'v=DKIM1; p=MIIBI', ['truncated', 11]],
  ['a key cut after whole groups of digits', `p=${spki.slice(0, 240)}`, ['truncated', 2]],
  ['a digit too many', `p=${spki.replace(/=+$/, '')}${'A'.repeat((5 - (spki.replace(/=+$/, '').length % 4)) % 4)}`, ['truncated', 2]],
  ['quotes left within', `v=DKIM1; p=${spki.slice(0, 100)}" "${spki.slice(100)}`, ['quoted', 111]],
  ['a backslash', 'v=DKIM1; p=MI\\GB', ['escaped', 13]],
  ['what is no base64', 'p=MIIB-IjAN_', ['not-base64', 6]],
  ['padding in the middle', 'p=MI=GBAAA', ['not-base64', 4]],
  ['base64 of something else', `p=${Buffer.from('no key at all').toString('base64')}`, ['not-a-key', 2]],
  ['a sequence that is no key', `p=${Buffer.from('300302010a', 'hex').toString('base64')}`, ['not-a-key', 2]],
  ['PEM armour', `p=-----BEGIN PUBLIC KEY-----${spki}`, ['not-base64', 2]],
  ['an elliptic curve key', `p=${ec}`, ['other-algorithm', 2]],
  ['an RSA key that says ed25519', `k=ed25519; p=${spki}`, ['wrong-length', 13]],
  ['an ed25519 key in its wrapping', `k=ed25519; p=${ed25519.toString('base64')}`, ['wrapped', 13]],
  ['an ed25519 key without k', `p=${ed25519.subarray(12).toString('base64')}`, ['not-a-key', 2]],
  ['31 octets for ed25519', `k=ed25519; p=${ed25519.subarray(13).toString('base64')}`, ['wrong-length', 13]],
  ['more than any key', `p=${'A'.repeat(20_000)}`, ['too-long', 2]],
])('%s', (_name, text, expected) => expect(keyProblem(text)).toEqual(expected))

test.each([
  ['v=DKIM1; p=', true], ['k=rsa; p=MIGf', true], ['p=MIGf', true], ['"v=DKIM1; k=rsa"', true], ['v = DKIM1', true],
  ['v=spf1 include:_spf.example.net ip4:192.0.2.1 -all', false], ['google-site-verification=p', false], ['v=spf1 exp=e.example.com', false], ['', false],
])('%j means to be a key: %s', (text, expected) => expect(resemblesDkim(text)).toBe(expected))

test('any octets: no exception, and every position lies in the text', () => {
  const piece = fc.oneof(fc.constantFrom('v=DKIM1', '; ', 'p=', 'k=ed25519', 'MII', '\\;', '"', 'h=', ':', spki, spki.slice(0, 90)), fc.nat(255).map(n => String.fromCharCode(n)))
  fc.assert(fc.property(fc.array(piece), pieces => {
    const text = pieces.join('')
    const { problems, keyProblem } = parseDkim(text)
    for (const { at } of [...problems, ...keyProblem ? [keyProblem] : []]) expect(at).toBeLessThanOrEqual(text.length)
  }))
})

test('random octets as a key: no exception', () => {
  fc.assert(fc.property(fc.constantFrom('rsa', 'ed25519'), fc.uint8Array({ maxLength: 100 }), (type, octets) => {
    const sequence = Buffer.from([0x30, octets.length, ...octets])
    const { key, keyProblem } = parseDkim(`k=${type}; p=${sequence.toString('base64')}`)
    expect(key === null).toBe(keyProblem !== null)
  }))
})
