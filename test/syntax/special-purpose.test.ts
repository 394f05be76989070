import { expect, test } from 'vitest'
import { specialPurposeBlock } from '../../src/syntax/special-purpose.ts'

test.each([
  ['10.0.0.5', 'private'], ['172.31.255.255', 'private'], ['192.168.1.1', 'private'], ['100.64.0.1', 'shared'],
  ['127.0.0.1', 'loopback'], ['169.254.1.1', 'link-local'], ['192.0.2.1', 'documentation'], ['198.51.100.9', 'documentation'],
  ['0.0.0.0', 'this network'], ['255.255.255.255', 'reserved'], ['224.0.0.251', 'multicast'], ['198.19.0.1', 'benchmarking'],
  ['::1', 'loopback'], ['::', 'unspecified'], ['fd00::1', 'unique local'], ['fe80::1', 'link-local'], ['2001:db8::1', 'documentation'],
  ['3fff:fff::1', 'documentation'], ['::ffff:192.0.2.1', 'IPv4-mapped'], ['ff02::1', 'multicast'],
  ['64:ff9b::127.0.0.1', 'loopback, RFC 1122, as 127.0.0.1 in IPv6'], ['64:ff9b::a9fe:a9fe', 'link-local'], ['2002:a00:1::', 'private'],
  ['2002:7f00:1:ffff::1', 'loopback'], ['::127.0.0.1', 'IPv4-compatible'],
])('%s cannot be reached by everybody: %s', (address, words) => {
  expect(specialPurposeBlock(address)).toContain(words)
})

test.each([
  '9.9.9.9', '11.0.0.1', '172.32.0.1', '172.15.255.255', '100.63.255.255', '100.128.0.1', '192.0.3.1', '198.20.0.1', '223.255.255.255',
  '2a01:4f8::1', '2001:4860:4860::8888', '2606:4700::1111', '2001:67c::1', '4000::1',
  '64:ff9b::9.9.9.9', '2002:909:909::1', '64:ff9b:0:0:0:1:7f00:1',
])('%s is global', address => {
  expect(specialPurposeBlock(address)).toBeNull()
})

test.each(['', 'mail.example.com', '10.0.0', '300.1.1.1', 'fe80::1%eth0', '10.0.0.1 '])('%j is judged without a throw', text => {
  expect(() => specialPurposeBlock(text)).not.toThrow()
})
