import { createPrivateKey, createPublicKey } from 'node:crypto'
import { expect, test } from 'vitest'
import check from '../../../src/checks/dkim/key-not-compromised.ts'
import { publishedKeys } from '../../../src/data/published-keys.ts'
import { keyFingerprint, parseDkim } from '../../../src/syntax/dkim.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { ed25519, rsaKey, rsaKeyOf, rsaModulus, txt } from './keys.ts'

const s1 = 's1._domainkey.example.com'
const key = (modulus: bigint, exponent?: bigint) => ({ zone: txt(s1, `v=DKIM1; p=${rsaKeyOf(modulus, exponent)}`), scope: { selectors: ['s1'] } })

const small: bigint[] = []
for (let n = 2n; n < 1000n; n++) if (small.every(prime => n % prime !== 0n)) small.push(n)

/** The product of the first primes, as the faulty generator took it. */
function primorial(count: number): bigint {
  return small.slice(0, count).reduce((product, prime) => product * prime, 1n)
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let square = base % modulus, rest = exponent; rest > 0n; rest >>= 1n, square = square * square % modulus) if (rest & 1n) result = result * square % modulus
  return result
}

/** A modulus as the product of two numbers k·M + (65537^a mod M). */
function rocaModulus(bits: number, primes: number): bigint {
  const m = primorial(primes)
  const top = ((1n << BigInt(bits / 2)) - 1n) / m * m - m
  const half = (a: bigint): bigint => {
    const number = top + power(65537n, a, m)
    return small.every(prime => number % prime !== 0n) ? number : half(a + 1n) // no prime, but none that division finds out
  }
  return half(123_456_789n) * half(987_654_321n)
}

const rsa6376 = 'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB'
const rsa8463 = 'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB'
const good = rsaModulus(1024)

checkTable(check, {
  'a good key': { zone: txt(s1, `p=${rsaKey(2048)}`), scope: { selectors: ['s1'] }, expect: { [s1]: 'pass' } },
  'an exponent of three is short, and no secret either': { ...key(good, 3n), expect: { [s1]: 'pass' } },
  'another ed25519 key': { zone: `${s1} TXT "k=ed25519; p=//nEPgnpJD+mlyLwhhgNSvW0viJ3MpxUG4P/Y1aCKp0="`, scope: { selectors: ['s1'] }, expect: { [s1]: 'pass' } },
  'a 2048-bit key of the faulty generator': { ...key(rocaModulus(2048, 126)), expect: { [s1]: 'failed' }, args: { [s1]: { name: s1 } } },
  'a 1024-bit one': { ...key(rocaModulus(1024, 71)), expect: { [s1]: 'failed' } },
  'a 512-bit one': { ...key(rocaModulus(512, 39)), expect: { [s1]: 'failed' } },
  'the example key of DKIM itself': {
    zone: txt(s1, `v=DKIM1; p=${rsa6376}`), scope: { selectors: ['s1'] }, expect: { [s1]: 'published' }, args: { [s1]: { name: s1, source: 'RFC 6376, Appendix C' } },
  },
  'that of the elliptic one': {
    zone: txt(s1, ed25519), scope: { selectors: ['s1'] }, expect: { [s1]: 'published' }, args: { [s1]: { name: s1, source: 'RFC 8463, Appendix A' } },
  },
  'its companion': { zone: txt(s1, `p=${rsa8463}`), scope: { selectors: ['s1'] }, expect: { [s1]: 'published' } },
  'an exponent of one': { ...key(good, 1n), expect: { [s1]: 'exponent' }, args: { [s1]: { name: s1, exponent: '1' } } },
  'an even exponent': { ...key(good, 2n), expect: { [s1]: 'exponent' } },
  'an even modulus': { ...key(good - 1n), expect: { [s1]: 'factor' }, args: { [s1]: { name: s1, factor: 2 } } },
  'a modulus with a small factor': { ...key((good / 997n | 1n) * 997n), expect: { [s1]: 'factor' } },
  'a guessed key counts like any other': { zone: txt('mail._domainkey.example.com', ed25519), expect: { 'mail._domainkey.example.com': 'published' } },
  'a revoked key': { zone: `${s1} TXT "v=DKIM1; p="`, scope: { selectors: ['s1'] }, expect: { [s1]: 'skip' } },
  'no key known': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'skip' } },
  'no answer': { zone: `${s1} TXT (timeout)`, scope: { selectors: ['s1'] }, expect: { [s1]: 'unknown:dns-timeout' } },
})

test('the vectors of RFC 8032 are known by what their secrets make', () => {
  const secrets = [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5',
    '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
  ]
  const found = secrets.map(secret => {
    const wrapped = Buffer.from(`302e020100300506032b657004220420${secret}`, 'hex')
    const { x = '' } = createPublicKey(createPrivateKey({ key: wrapped, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' })
    const { key: parsed } = parseDkim(`k=ed25519; p=${Buffer.from(x, 'base64url').toString('base64')}`)
    return parsed ? publishedKeys.get(keyFingerprint(parsed)) : undefined
  })
  expect(found).toEqual(['RFC 8463, Appendix A', ...Array<string>(4).fill('RFC 8032, Section 7.1')])
})

test('many good keys, and no alarm', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `k${i}`)
  const findings = await judgeWorld([check], {
    zone: names.map(name => txt(`${name}._domainkey.example.com`, `p=${rsaKeyOf(rsaModulus(512))}`)).join('\n'), scope: { selectors: names },
  })
  expect(findings.map(({ verdict }) => verdict)).toEqual(names.map(() => 'pass'))
})
