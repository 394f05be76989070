import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { everybody, formatNumber, formatRange, intersect, networkOf, setOf, sizeOf, subtract, union, type AddressSet } from '../../src/evaluate/address-set.ts'
import { addressOctets } from '../../src/syntax/address.ts'

/** Of a small world of addresses, so that every one of them can be looked at. */
const top = 40
const anySet = fc.array(fc.tuple(fc.nat(top), fc.nat(8)), { maxLength: 8 })
  .map(ranges => setOf(ranges.map(([first, length]) => ({ first: BigInt(first), last: BigInt(Math.min(top, first + length)) }))))

function members(set: AddressSet): number[] {
  return Array.from({ length: top + 1 }, (_, i) => i).filter(i => set.some(({ first, last }) => first <= i && i <= last))
}

describe('sets of ranges are sets of addresses', () => {
  test('union, intersection and difference, address by address', () => {
    fc.assert(fc.property(anySet, anySet, (a, b) => {
      const [inA, inB] = [members(a), members(b)]
      expect(members(union(a, b))).toEqual([...new Set([...inA, ...inB])].toSorted((x, y) => x - y))
      expect(members(intersect(a, b))).toEqual(inA.filter(i => inB.includes(i)))
      expect(members(subtract(a, b))).toEqual(inA.filter(i => !inB.includes(i)))
      expect(sizeOf(a)).toBe(BigInt(inA.length))
    }), { numRuns: 1000 })
  })

  test('equal sets look the same: sorted, disjoint, not adjacent', () => {
    fc.assert(fc.property(anySet, anySet, (a, b) => {
      for (const set of [a, union(a, b), intersect(a, b), subtract(a, b)]) {
        expect(setOf(members(set).map(i => ({ first: BigInt(i), last: BigInt(i) })))).toEqual(set)
      }
    }), { numRuns: 1000 })
  })

  test('the sets that were given stay as they are', () => {
    const a = setOf([{ first: 1n, last: 2n }])
    union(a, setOf([{ first: 2n, last: 9n }]))
    expect(a).toEqual([{ first: 1n, last: 2n }])
  })
})

test.each([
  ['192.0.2.77', 24, '192.0.2.0/24', 256n], ['192.0.2.77', 32, '192.0.2.77', 1n], ['192.0.2.77', 0, '0.0.0.0/0', 2n ** 32n], ['192.0.2.77', 31, '192.0.2.76/31', 2n],
  ['2001:db8::1', 32, '2001:db8::/32', 2n ** 96n], ['2001:db8::1', 128, '2001:db8::1', 1n], ['::1', 0, '::/0', 2n ** 128n],
])('the network of %s/%d is %s', (address, prefix, text, size) => {
  const octets = addressOctets(address) ?? new Uint8Array()
  const range = networkOf(octets, prefix)
  expect(formatRange(range, octets.length === 4 ? 4 : 6)).toBe(text)
  expect(sizeOf([range])).toBe(size)
})

test('ranges that are no network have two ends', () => {
  expect(formatRange({ first: 0xc0000201n, last: 0xc0000203n }, 4)).toBe('192.0.2.1-192.0.2.3')
  expect(formatRange({ first: 0xc0000201n, last: 0xc0000202n }, 4)).toBe('192.0.2.1-192.0.2.2') // two, but not aligned
  expect(formatRange({ first: 1n, last: 5n }, 6)).toBe('::1-::5')
  expect(formatNumber(0n, 4)).toBe('0.0.0.0')
})

test('everybody', () => {
  expect([4, 6].map(family => sizeOf(everybody(family as 4 | 6)))).toEqual([2n ** 32n, 2n ** 128n])
})
