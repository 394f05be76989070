import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMailDate, parseReceived } from '../../src/syntax/received.ts'

describe('Received', () => {
  test.each([
    ['from mail.example.org (mx.example.org [192.0.2.1])\tby mx.example.com (Postfix) with ESMTPS id 4ABC\tfor <bob@example.com>; Mon, 23 Nov 2026 10:00:05 +0100 (CET)',
      { helo: 'mail.example.org', reverse: 'mx.example.org', address: '192.0.2.1', by: 'mx.example.com', protocol: 'ESMTPS', tls: true, authenticated: false, for: 'bob@example.com', at: '2026-11-23T09:00:05.000Z' }],
    ['from [IPv6:2001:DB8::1] (unknown [IPv6:2001:db8:0::1]) by mx with ESMTPSA id 1; 23 Nov 2026 10:00 GMT',
      { helo: '[IPv6:2001:DB8::1]', reverse: null, address: '2001:db8::1', protocol: 'ESMTPSA', tls: true, authenticated: true, at: '2026-11-23T10:00:00.000Z' }],
    ['from x.example by y.example with SMTP; never', { helo: 'x.example', address: null, by: 'y.example', protocol: 'SMTP', tls: false, at: null }],
    ['from a (b.example. [198.51.100.1]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) by c with ESMTP id 2; Mon, 23 Nov 26 10:00:05 EST',
      { reverse: 'b.example', address: '198.51.100.1', protocol: 'ESMTP', tls: true, at: '2026-11-23T15:00:05.000Z' }],
    ['by local.example (Postfix, from userid 1000) id 3; Mon, 23 Nov 2026 10:00:05 +0000', { helo: null, address: null, by: 'local.example', protocol: null, tls: false }],
  ])('%s', (value, expected) => {
    const { at, ...rest } = parseReceived(value)
    expect({ ...rest, at: at?.toISOString() ?? null }).toMatchObject(expected)
  })

  test('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('from ', 'by ', 'with ', '(', ')', '[', ']', '1.2.3.4', ';', ' ', '\\', 'x.example', '\0') }), text => {
      expect(() => parseReceived(text)).not.toThrow()
    }))
  })
})

test.each([
  ['Mon, 23 Nov 2026 10:00:00 +0000', '2026-11-23T10:00:00.000Z'],
  ['23 Nov 2026 10:00:00 -0830 (somewhere)', '2026-11-23T18:30:00.000Z'],
  ['Thu, 29 Feb 2024 00:00:60 UT', '2024-02-29T00:01:00.000Z'],
  ['1 Jan 99 00:00 PST', '1999-01-01T08:00:00.000Z'],
  ['Mon, 29 Feb 2025 10:00:00 +0000', null],
  ['Mon, 23 Nov 2026 24:00:00 +0000', null],
  ['Mon, 23 Nov 2026 10:00:00', null],
  ['2026-11-23T10:00:00Z', null],
  ['', null],
])('the date %j', (text, expected) => {
  expect(parseMailDate(text)?.toISOString() ?? null).toBe(expected)
})
