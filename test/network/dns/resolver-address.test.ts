import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseResolver, resolverName, systemResolvers, trustsAd } from '../../../src/network/dns/resolver-address.ts'

describe('parseResolver', () => {
  test.each([
    ['192.0.2.53', { host: '192.0.2.53', port: 53 }],
    [' 192.0.2.53:5353 ', { host: '192.0.2.53', port: 5353 }],
    ['2001:db8::53', { host: '2001:db8::53', port: 53 }],
    ['[2001:db8::53]', { host: '2001:db8::53', port: 53 }],
    ['[2001:db8::53]:5353', { host: '2001:db8::53', port: 5353 }],
    ['fe80::1%eth0', { host: 'fe80::1%eth0', port: 53 }],
    ['tls://192.0.2.53#dns.example.net', { host: '192.0.2.53', port: 853, tls: { name: 'dns.example.net' } }],
    ['TLS://192.0.2.53:8853#DNS.example.net.', { host: '192.0.2.53', port: 8853, tls: { name: 'dns.example.net' } }],
    ['tls://[2001:db8::53]:853#192.0.2.53', { host: '2001:db8::53', port: 853, tls: { name: '192.0.2.53' } }],
    ['tls://2001:db8::53#dns.example.net', { host: '2001:db8::53', port: 853, tls: { name: 'dns.example.net' } }],
  ])('%s', (text, address) => expect(parseResolver(text)).toEqual(address))

  test.each([
    ['', 'IP address'],
    ['dns.example.net', 'IP address'],
    ['192.0.2.53.', 'IP address'],
    ['192.0.2.53:', 'IP address'],
    ['[192.0.2.53]:53', 'IP address'],
    ['[2001:db8::53', 'IP address'],
    ['192.0.2.53:0', 'no port'],
    ['192.0.2.53:65536', 'no port'],
    ['192.0.2.53#dns.example.net', 'tls://'],
    ['https://192.0.2.53', 'not supported'],
    ['tls://192.0.2.53', 'which name'],
    ['tls://192.0.2.53#', 'which name'],
    ['tls://192.0.2.53#a b', 'no host name'],
    ['tls://dns.example.net#dns.example.net', 'IP address'],
  ])('%s is refused', (text, error) => expect(parseResolver(text)).toEqual({ error: expect.stringContaining(error) as string }))

  test('never throws, and reads what resolverName writes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
      parseResolver(text)
      parseResolver(`tls://${text}`)
    }))
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 1, max: 65535 }), (host, port) => {
      expect(parseResolver(resolverName({ host, port }))).toEqual({ host, port })
    }))
  })
})

describe('systemResolvers', () => {
  const read = (text: string) => {
    const directory = mkdtempSync(join(tmpdir(), 'mailcheck-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const file = join(directory, 'resolv.conf')
    writeFileSync(file, text)
    return systemResolvers(file).map(resolverName)
  }

  test('reads the nameserver lines', () => {
    expect(read([
      '# nameserver 192.0.2.1', 'search example.com', 'options timeout:1 edns0', 'nameserver 192.0.2.2', 'nameserver\t2001:db8::53 ; one',
      'nameserver fe80::1%eth0', 'nameserver 192.0.2.2', 'nameserver dns.example.net', 'nameserver',
    ].join('\n'))).toEqual(['192.0.2.2:53', '[2001:db8::53]:53', '[fe80::1%eth0]:53'])
  })

  test('without any, asks this machine', () => {
    expect(read('options edns0\n')).toEqual(['127.0.0.1:53'])
    expect(systemResolvers('/nonexistent/resolv.conf').map(resolverName)).toEqual(['127.0.0.1:53'])
  })
})

test.each([
  ['127.0.0.1', true], ['127.0.0.53', true], ['::1', true], ['0:0:0:0:0:0:0:1', true], ['::ffff:127.0.0.1', true],
  ['192.0.2.53', false], ['10.0.0.1', false], ['::ffff:192.0.2.1', false], ['fe80::1%eth0', false], ['2001:db8::1', false],
])('the AD bit of %s counts by itself: %s', (host, trusted) => {
  expect(trustsAd({ host, port: 53 })).toBe(trusted)
  expect(trustsAd({ host, port: 853, tls: { name: 'dns.example.net' } })).toBe(true)
})
