import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { algorithmName, isKeySigning, keyTag, rsaKeyBits } from '../../src/syntax/dnskey.ts'
import { parseData } from '../../src/syntax/record.ts'

test('the key tags of the RFCs', () => {
  // RFC 6605 §6.1 and §6.2, RFC 8080 §6.1, RFC 5702 §6.1
  for (const [text, tag] of [
    ['257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==', 55648],
    ['257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40', 10771],
    ['257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=', 3613],
    ['256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=', 9033],
  ] as const) expect(keyTag(parseData('DNSKEY', text))).toBe(tag)
})

test('the size of RSA keys', () => {
  expect(rsaKeyBits(parseData('DNSKEY', '256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk='))).toBe(512)
  for (const bits of [1024, 1025, 2048]) {
    const { n = '', e = '' } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' })
    const [exponent, modulus] = [Buffer.from(e, 'base64url'), Buffer.from(n, 'base64url')]
    const short = Buffer.concat([Buffer.from([exponent.length]), exponent, modulus])
    const long = Buffer.concat([Buffer.from([0, 0, exponent.length]), exponent, Buffer.alloc(2), modulus]) // RFC 3110 §2: three octets of length
    for (const key of [short, long]) expect(rsaKeyBits({ flags: 257, protocol: 3, algorithm: 8, key: key.toString('base64') })).toBe(bits)
  }
  expect(rsaKeyBits(parseData('DNSKEY', '257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4='))).toBeNull()
})

test('whatever the octets, there is an answer', () => {
  const dnskey = fc.record({
    flags: fc.nat({ max: 65535 }), protocol: fc.nat({ max: 255 }), algorithm: fc.nat({ max: 255 }),
    key: fc.uint8Array({ maxLength: 40 }).map(octets => Buffer.from(octets).toString('base64')),
  })
  fc.assert(fc.property(dnskey, data => {
    expect(keyTag(data)).toBeGreaterThanOrEqual(0)
    expect(keyTag(data)).toBeLessThan(65536)
    expect(rsaKeyBits(data) ?? 1).toBeGreaterThan(0)
    expect(isKeySigning(data)).toBe(data.flags % 2 === 1)
    expect(algorithmName(data.algorithm)).toMatch(/^\d+(?: \([A-Z0-9-]+\))?$/)
  }))
})
