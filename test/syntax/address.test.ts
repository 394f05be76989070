import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOctets, canonicalIpv6, formatAddress, samePrefix } from '../../src/syntax/address.ts'

test.each([
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:0DB8:0:0:0:0:0:0001', '2001:db8::1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['::ffff:c000:0201', '::ffff:192.0.2.1'],
  ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ['::1.2.3.4', '::102:304'],
])('%s is %s', (text, canonical) => expect(canonicalIpv6(text)).toBe(canonical))

test.each(['', '192.0.2.1', 'fe80::1%eth0', '1::2::3', '12345::', 'x'])('%j is no IPv6 address', text => expect(canonicalIpv6(text)).toBeNull())

test('addressOctets reads back what formatAddress writes', () => {
  const octets = (length: number) => fc.array(fc.oneof(fc.constantFrom(0, 255), fc.nat(255)), { minLength: length, maxLength: length })
  fc.assert(fc.property(fc.oneof(octets(4), octets(16)), address => {
    expect([...addressOctets(formatAddress(Uint8Array.from(address))) ?? []]).toEqual(address)
  }))
})

test('an address is what node:net takes for one, zones apart', () => {
  const piece = fc.oneof(
    fc.constantFrom(':', '::', '.', '0', '00', '1', 'ffff', 'FFFF', '10000', 'g', '255', '256', '01', '192.0.2.1', ' ', ''),
    fc.nat(0xffff).map(group => group.toString(16)), fc.nat(300).map(String),
  )
  const joined = (separator: string) => fc.array(piece, { maxLength: 9 }).map(pieces => pieces.join(separator))
  fc.assert(fc.property(fc.oneof(joined(':'), joined('.'), joined(''), fc.ipV4(), fc.ipV6()), text => {
    expect(addressOctets(text)?.length ?? 0, text).toBe(isIPv4(text) ? 4 : isIPv6(text) ? 16 : 0)
  }), { numRuns: 3000 })
})

test.each([
  ['192.0.2.1', '192.0.2.254', 24, true], ['192.0.2.1', '192.0.3.1', 24, false], ['192.0.2.1', '192.0.3.1', 23, true],
  ['192.0.2.1', '192.0.2.0', 32, false], ['192.0.2.1', '192.0.2.0', 31, true], ['1.2.3.4', '200.0.0.0', 0, true],
  ['2001:db8::', '2001:db8:8000::', 33, false], ['2001:db8::', '2001:db8:7fff::', 33, true], ['::1', '::', 128, false],
])('%s and %s share %d bits: %s', (a, b, bits, same) => {
  expect(samePrefix(addressOctets(a) ?? new Uint8Array(), addressOctets(b) ?? new Uint8Array(), bits)).toBe(same)
})
