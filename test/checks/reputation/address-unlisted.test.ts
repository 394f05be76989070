import { expect, test } from 'vitest'
import check from '../../../src/checks/reputation/address-unlisted.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { only, own, reversed6, sender, tests, zen } from './lists.ts'

const zone = `${sender}\n${tests('zen.spamhaus.org')}`
const at = '25.9.9.9.zen.spamhaus.org'

checkTable(check, {
  'not listed': { zone, scope: only(zen), expect: { '9.9.9.25': 'pass' } },
  'listed, and why': {
    zone: `${zone}\n${at} A 127.0.0.2\n${at} A 127.0.0.9\n${at} TXT "https://check.spamhaus.org/query/ip/9.9.9.25"`, scope: only(zen), expect: { '9.9.9.25': 'failed' },
    args: { '9.9.9.25': {
      address: '9.9.9.25', list: 'Spamhaus ZEN', count: 1,
      reason: 'SBL: a source of spam; DROP: a network in the hands of criminals; https://check.spamhaus.org/query/ip/9.9.9.25',
    } },
  },
  'not meant to send': { zone: `${zone}\n${at} A 127.0.0.10`, scope: only(zen), expect: { '9.9.9.25': 'failed' } },
  'an IPv6 address, by its nibbles': {
    zone: `${zone}\n${reversed6('7')}.zen.spamhaus.org A 127.0.0.3`, scope: { ...only(zen), senders: [{ address: '2620:fe::7' }, { address: '2620:fe::8' }] },
    expect: { '9.9.9.25': 'pass', '2620:fe::7': 'failed', '2620:fe::8': 'pass' },
  },
  ...Object.fromEntries(['127.255.255.252', '127.255.255.254', '127.255.255.255'].map(code =>
    [`${code}: the resolver is not served`, { zone: `${zone}\n${at} A ${code}`, scope: only(zen), expect: { '9.9.9.25': 'unknown:resolver-refused' } }])),
  'the test point is refused': { zone: `${sender}\n2.0.0.127.zen.spamhaus.org A 127.255.255.254`, scope: only(zen), expect: { '9.9.9.25': 'unknown:resolver-refused' } },
  'an answer of which nothing is documented': { zone: `${zone}\n${at} A 127.0.0.77`, scope: only(zen), expect: { '9.9.9.25': 'unknown:list-unhealthy' } },
  'an answer that is no answer': { zone: `${zone}\n${at} A 9.9.9.9`, scope: only(zen), expect: { '9.9.9.25': 'unknown:list-unhealthy' } },
  'a list that lists nothing any more': { zone: `${sender}\nzen.spamhaus.org TXT "closed"\n${at} A 127.0.0.2`, scope: only(zen), expect: { '9.9.9.25': 'unknown:list-unhealthy' } },
  'a list that lists everything': { zone: `${sender}\n*.zen.spamhaus.org A 127.0.0.2`, scope: only(zen), expect: { '9.9.9.25': 'unknown:list-unhealthy' } },
  'a list that does not answer': { zone: `${sender}\n2.0.0.127.zen.spamhaus.org A (timeout)`, scope: only(zen), expect: { '9.9.9.25': 'unknown:list-unhealthy' } },
  'the question is not answered': { zone: `${zone}\n${at} A (servfail)`, scope: only(zen), expect: { '9.9.9.25': 'unknown:dns-servfail' } },
  'one list is closed, the other says no': { zone: zone, scope: only(zen, own), expect: { '9.9.9.25': 'pass' } },
  'a list of one’s own': {
    zone: `${zone}\n${tests('bl.example.net')}\n25.9.9.9.bl.example.net A 127.0.0.2`, scope: only(zen, own), expect: { '9.9.9.25': 'failed' },
    args: { '9.9.9.25': { address: '9.9.9.25', list: 'local', reason: 'seen here', count: 1 } },
  },
  'a provider’s address': {
    zone: `example.com MX 10 alt1.aspmx.l.google.com\nexample.com TXT "v=spf1 mx -all"\nalt1.aspmx.l.google.com A 9.9.9.25\n${tests('zen.spamhaus.org')}\n${at} A 127.0.0.2`,
    scope: only(zen), expect: { '9.9.9.25': 'skip' },
  },
  'it only receives': { zone: zone.replace('mx -all', '-all'), scope: only(zen), expect: { 'example.com': 'skip' } },
  'no list is to be asked': { zone, scope: only(), expect: { '9.9.9.25': 'skip' } },
  'nobody permitted it': { zone, expect: { 'example.com': 'skip:needs-flag' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', scope: only(zen), expect: { 'example.com': 'unknown:dns-timeout' } },
})

test('a key goes into no finding', async () => {
  const keyed = `${sender}\n${tests('***.zen.dq.spamhaus.net')}\n25.9.9.9.***.zen.dq.spamhaus.net A 127.0.0.2`
  const findings = await judgeWorld([check], { zone: keyed, scope: only({ ...zen, key: () => 'abc123secret' }) })
  expect(findings.map(({ code }) => code)).toEqual(['failed'])
  expect(JSON.stringify(findings)).not.toContain('abc123secret')
})
