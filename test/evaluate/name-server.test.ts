import { expect, test } from 'vitest'
import { knowsZone, stateOf } from '../../src/evaluate/name-server.ts'
import type { Answer, Failure, Outcome } from '../../src/network/network.ts'
import { parseZone } from '../../src/syntax/zone.ts'
import type { DnsRecord } from '../../src/syntax/record.ts'

const soa = parseZone('example.com SOA a b 1 2 3 4 5').records as DnsRecord<'SOA'>[]
const told = (more: Partial<Answer<'SOA'>>): Outcome<Answer<'SOA'>> => ({
  value: {
    question: { name: 'example.com', type: 'SOA', server: '192.0.2.53' }, rcode: 'NOERROR', records: soa, aliases: [], authority: [], signatures: [], secure: false,
    adTrusted: false, authoritative: true, origin: 'live', resolver: '192.0.2.53:53', transport: 'udp', octets: 1, elapsed: 0, extendedErrors: [], ...more,
  },
})
const failed = (event: Failure['event'], reason: Failure['reason'], detail = ''): Outcome<never> => ({ problem: { event, reason, detail } })

test.each([
  ['an authority', told({}), true, { state: 'authoritative' }],
  ['an answer from a cache', told({ authoritative: false }), true, { state: 'lame', rcode: 'NOERROR' }],
  ['a referral', told({ authoritative: false, records: [] }), true, { state: 'lame', rcode: 'NOERROR' }],
  ['an authority for the zone above', told({ rcode: 'NXDOMAIN', records: [] }), true, { state: 'lame', rcode: 'NXDOMAIN' }],
  ['SERVFAIL', failed('rcode', 'dns-servfail', '192.0.2.53:53 answers SERVFAIL'), true, { state: 'lame', rcode: 'SERVFAIL' }],
  ['REFUSED', failed('rcode', 'resolver-refused', '192.0.2.53:53 answers REFUSED'), true, { state: 'lame', rcode: 'REFUSED' }],
  ['NOTAUTH', failed('rcode', 'resolver-refused', '192.0.2.53:53 answers NOTAUTH'), true, { state: 'lame', rcode: 'NOTAUTH' }],
  ['a closed port', failed('refused', 'dns-timeout'), false, { state: 'silent', how: 'refused' }],
  ['silence, while another was heard', failed('timeout', 'dns-timeout'), true, { state: 'silent', how: 'timed-out' }],
])('%s', (_, answer, heard, expected) => {
  expect(stateOf(answer, 'example.com', heard)).toEqual(expected)
})

test('what may be this network’s doing is left open', () => {
  for (const answer of [failed('timeout', 'dns-timeout'), failed('unreachable', 'dns-timeout'), failed('unavailable', 'deadline-spent'), failed('malformed', 'dns-malformed')]) {
    expect(stateOf(answer, 'example.com', false).state).toBe('undecided')
  }
  expect(stateOf(failed('unreachable', 'no-ipv6-here'), 'example.com', true).state).toBe('undecided')
  expect(knowsZone(told({}), 'com')).toBe(false)
})
