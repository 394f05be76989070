import { expect, test } from 'vitest'
import { organizationalDomain } from '../../src/syntax/organizational-domain.ts'

test.each([
  ['example.com', 'example.com'],
  ['mail.eu.example.com', 'example.com'],
  ['a.b.example.co.uk', 'example.co.uk'],
  ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
  ['a.b.c.kobe.jp', 'b.c.kobe.jp'],
  // The private section of the list does not count.
  ['shop.customer.github.io', 'github.io'],
  // A suffix is its own organization: there is nothing above it to inherit from.
  ['co.uk', 'co.uk'],
  ['com', 'com'],
  ['', ''],
  ['_dmarc.example.com', 'example.com'],
  ['host.example.test', 'example.test'],
])('%s belongs to %s', (name, organization) => expect(organizationalDomain(name)).toBe(organization))
