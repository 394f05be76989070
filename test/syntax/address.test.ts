import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOctets, canonicalIpv6, formatAddress } from '../../src/syntax/address.ts'

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
