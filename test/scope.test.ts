import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseConfig } from '../src/config.ts'
import { makeScope } from '../src/scope.ts'
import { parseHostPort } from '../src/syntax/host-port.ts'

const config = parseConfig(`
domains:
  example.com:
    selectors: [s2026, google]
    context: { sending: yes }
    own: true
    services: { imaps: Mail.example.com, submissions: "mail.example.com:2465", pop3: null }
    senders: [{ address: 198.51.100.7, mailFrom: bounce.example.com }]
vantage: [mx.example.net, "mx.example.org:25"]
lists:
  spamhaus-zen: { key: env:MAILCHECK_TEST_KEY }
  uribl: { off: true }
  local: { zone: bl.example.net, codes: { 127.0.0.2: seen here }, key: file:/nowhere/at/all }
`, 'mailcheck.yaml')
const input = { domain: 'example.com', shownAs: 'Example.com' }

test('without flags and configuration nothing is claimed', () => {
  expect(makeScope({ ehloName: 'probe.example.net' }, null, input)).toEqual({
    ...input, selectors: [], services: {}, senders: [], accounts: [], context: {}, families: [4, 6], permissions: new Set(), bulk: false,
    ehloName: 'probe.example.net', vantage: [],
  })
})

test('the configuration of the domain counts, and of no other', () => {
  expect(makeScope({ ehloName: 'x' }, config, input)).toMatchObject({
    selectors: ['s2026', 'google'],
    services: { imaps: { host: 'mail.example.com', port: 993 }, submissions: { host: 'mail.example.com', port: 2465 }, pop3: null },
    senders: [{ address: '198.51.100.7', mailFrom: 'bounce.example.com' }],
    context: { sending: 'yes' },
    permissions: new Set(['own']),
    vantage: [{ host: 'mx.example.net' }, { host: 'mx.example.org', port: 25 }],
  })
  expect(makeScope({ ehloName: 'x' }, config, { domain: 'example.org', shownAs: 'example.org' })).toMatchObject({ selectors: [], permissions: new Set() })
})

test('block lists: what the configuration says of them, and their keys when they are needed', () => {
  const { lists = [] } = makeScope({ ehloName: 'x' }, config, input)
  expect(lists.map(({ id, off, zone }) => [id, off, zone])).toEqual([['spamhaus-zen', false, undefined], ['uribl', true, undefined], ['local', false, 'bl.example.net']])
  process.env['MAILCHECK_TEST_KEY'] = 'k3y '
  expect(lists.map(({ key }) => key?.())).toEqual(['k3y', undefined, undefined])
  for (const none of ['', 'two words', 'a.b', 'root:x:0:0', 'x'.repeat(64)]) {
    process.env['MAILCHECK_TEST_KEY'] = none
    expect(lists[0]?.key?.(), none).toBeUndefined()
  }
  delete process.env['MAILCHECK_TEST_KEY']
  expect(lists[0]?.key?.()).toBeUndefined()
  expect(JSON.stringify(lists)).not.toContain('k3y')
})

test('flags come first; selectors may be pasted as whole names', () => {
  expect(makeScope({
    ehloName: 'x', selectors: ['S1._domainkey.example.com.', 'google'], families: [4], permissions: ['lists'], vantage: [], bulk: true,
  }, config, input)).toMatchObject({ selectors: ['s1', 'google', 's2026'], families: [4], permissions: new Set(['lists', 'own']), vantage: [], bulk: true })
})

test.each([
  ['mail.example.com', { host: 'mail.example.com' }],
  ['Mail.Example.com.:465', { host: 'mail.example.com', port: 465 }],
  ['192.0.2.1:25', { host: '192.0.2.1', port: 25 }],
  ['2001:db8::1', { host: '2001:db8::1' }],
  ['[2001:db8::1]:25', { host: '2001:db8::1', port: 25 }],
  ['münchen.de:25', { host: 'xn--mnchen-3ya.de', port: 25 }],
  ['mail_1.example.com', { host: 'mail_1.example.com' }],
  ['', null], ['mail.example.com:0', null], ['mail.example.com:65536', null], ['mail.example.com:x', null], ['[192.0.2.1]:25', null],
  ['user@example.com', null], ['http://example.com', null], ['example.com/x', null], ['a b.example', null], ['localhost', null],
])('host and port of %s', (text, expected) => {
  expect(parseHostPort(text)).toEqual(expected)
})

test('any text is a host, a host and a port, or nothing', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z.:[\]0-9-]{0,30}$/)), text => {
    const parsed = parseHostPort(text)
    if (parsed === null) return
    const written = parsed.host.includes(':') ? `[${parsed.host}]` : parsed.host
    expect(parseHostPort(parsed.port === undefined ? parsed.host : `${written}:${parsed.port}`)).toEqual(parsed)
  }))
})
