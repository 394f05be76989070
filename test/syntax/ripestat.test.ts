import fc from 'fast-check'
import { expect, test } from 'vitest'
import { routeOriginState } from '../../src/evaluate/route-origin.ts'
import { parseHolder, parseNetworkInfo, parseRpkiValidation, readPrefix } from '../../src/syntax/ripestat.ts'

test('a prefix', () => {
  expect(readPrefix('193.0.20.0/23')).toEqual({ octets: Uint8Array.of(193, 0, 20, 0), length: 23 })
  expect(readPrefix('0.0.0.0/0')).toMatchObject({ length: 0 })
  for (const text of ['', '193.0.20.0', '193.0.20.0/', '193.0.20.0/33', '::/129', '1.2.3/8', '1.2.3.4/-1', '1.2.3.4/8 ']) expect(readPrefix(text)).toBeNull()
})

test('never throws on whatever JSON, or none', () => {
  const keys = fc.constantFrom('status', 'data', 'asns', 'prefix', 'validating_roas', 'origin', 'max_length', 'holder', '__proto__')
  const json = fc.letrec(tie => ({ value: fc.oneof({ maxDepth: 4 }, fc.constantFrom('ok', 'valid', '1.2.3.0/24', null, 24, -1, 'AS1'), fc.array(tie('value')), fc.dictionary(keys, tie('value'))) })).value
  fc.assert(fc.property(json, value => {
    for (const text of [JSON.stringify(value), JSON.stringify({ status: 'ok', data: value })]) {
      parseNetworkInfo(text)
      parseHolder(text)
      for (const payload of parseRpkiValidation(text) ?? []) expect(readPrefix(payload.prefix)?.length ?? Infinity).toBeLessThanOrEqual(payload.maxLength)
    }
  }))
})

test('a payload counts for every prefix within its own, bit for bit', () => {
  const v4 = fc.array(fc.nat({ max: 255 }), { minLength: 4, maxLength: 4 })
  fc.assert(fc.property(v4, v4, fc.nat({ max: 32 }), fc.nat({ max: 32 }), (a, b, length, covering) => {
    const bits = (octets: number[]): string => octets.map(octet => octet.toString(2).padStart(8, '0')).join('')
    const within = length >= covering && bits(a).slice(0, covering) === bits(b).slice(0, covering)
    const state = (origin: number, maxLength: number) => routeOriginState(`${a.join('.')}/${length}`, 7, [{ prefix: `${b.join('.')}/${covering}`, maxLength, origin }])
    expect(state(7, 32)).toBe(within ? 'valid' : 'not-found')
    expect(state(8, 32)).toBe(within ? 'invalid' : 'not-found')
    expect(state(7, covering)).toBe(!within ? 'not-found' : length === covering ? 'valid' : 'invalid')
  }))
})
