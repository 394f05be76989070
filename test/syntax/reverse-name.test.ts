import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOctets } from '../../src/syntax/address.ts'
import { reversedLabels, reverseName } from '../../src/syntax/reverse-name.ts'

test('the names of the RFCs', () => {
  expect(reverseName('10.2.0.52')).toBe('52.0.2.10.in-addr.arpa') // RFC 1035 §3.5
  expect(reverseName('4321:0:1:2:3:4:567:89ab')).toBe('b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa') // RFC 3596 §2.5
  expect(reversedLabels('192.0.2.99')).toBe('99.2.0.192') // RFC 5782 §2.1
  expect(reversedLabels('2001:db8:1:2:3:4:567:89ab')).toBe('b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2') // RFC 5782 §2.4
  expect(reversedLabels('::ffff:127.0.0.2')).toBe('2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0')
  expect(reverseName('255.255.255.255')).toBe('255.255.255.255.in-addr.arpa')
})

test('what is no address has no name', () => {
  for (const text of ['', 'example.com', '192.0.2', 'fe80::1%eth0', '192.0.2.256']) expect(reverseName(text)).toBeNull()
  fc.assert(fc.property(fc.string(), text => {
    const labels = reversedLabels(text)
    if (labels !== null) expect(labels).toMatch(/^(?:\d+(?:\.\d+){3}|[0-9a-f](?:\.[0-9a-f]){31})$/)
  }))
})

test('read backwards it is the address again', () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), address => {
    const labels = (reversedLabels(address) ?? '').split('.').toReversed()
    const octets = labels.length === 4 ? labels.map(Number) : Array.from({ length: 16 }, (_, i) => parseInt(labels.slice(2 * i, 2 * i + 2).join(''), 16))
    expect(octets).toEqual([...addressOctets(address) ?? []])
  }))
})
