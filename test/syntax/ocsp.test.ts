import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseOcspStaple } from '../../src/syntax/ocsp.ts'

const der = (tag: number, ...parts: (Buffer | string)[]): Buffer => {
  const content = Buffer.concat(parts.map(part => typeof part === 'string' ? Buffer.from(part, 'latin1') : part))
  const length = content.length < 0x80 ? Buffer.of(content.length) : Buffer.of(0x82, content.length >> 8, content.length & 0xff)
  return Buffer.concat([Buffer.of(tag), length, content])
}
const time = (text: string): Buffer => der(0x18, text)
const basic = Buffer.from('06092b0601050507300101', 'hex')

/** A response of RFC 6960 §4.2.1 with one answer. */
function response(status: Buffer, next: Buffer = der(0xa0, time('20261128100000Z')), thisUpdate = time('20261123100000Z')): string {
  const single = der(0x30, der(0x30, der(0x30), der(0x04, 'name'), der(0x04, 'key'), der(0x02, '\x05')), status, thisUpdate, next)
  const data = der(0x30, der(0xa2, der(0x04, 'key')), time('20261123100000Z'), der(0x30, single))
  return der(0x30, der(0x0a, '\0'), der(0xa0, der(0x30, basic, der(0x04, der(0x30, data, der(0x30), der(0x03, '\0')))))).toString('base64')
}

describe('a stapled response', () => {
  test.each([['good', der(0x80)], ['revoked', der(0xa1, time('20261101000000Z'))], ['unknown', der(0x82)]])('%s', (status, said) => {
    expect(parseOcspStaple(response(said))).toEqual({ status, thisUpdate: '2026-11-23T10:00:00Z', nextUpdate: '2026-11-28T10:00:00Z' })
  })

  test('need not say when the next comes', () => {
    expect(parseOcspStaple(response(der(0x80), Buffer.alloc(0)))).toMatchObject({ status: 'good', nextUpdate: null })
  })

  test('with times that are none', () => {
    expect(parseOcspStaple(response(der(0x80), der(0xa0, time('tomorrow')), time('20261399999999Z')))).toEqual({ status: 'good', thisUpdate: null, nextUpdate: null })
  })

  test('may be a refusal, or nothing', () => {
    expect(parseOcspStaple(der(0x30, der(0x0a, '\x06')).toString('base64'))).toBeNull()
    expect(parseOcspStaple('')).toBeNull()
    expect(parseOcspStaple(response(der(0x85)))).toBeNull()
  })

  test('never throws', () => {
    const whole = Buffer.from(response(der(0x80)), 'base64')
    fc.assert(fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }), fc.nat({ max: whole.length }), (at, octet, length) => {
      const broken = Buffer.from(whole)
      broken[at] = octet
      parseOcspStaple(broken.subarray(0, length).toString('base64'))
    }))
    fc.assert(fc.property(fc.base64String(), text => {
      parseOcspStaple(text)
    }))
  })
})
