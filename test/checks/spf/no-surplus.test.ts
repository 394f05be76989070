import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/no-surplus.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const record = (text: string) => `example.com TXT "${text}"`

checkTable(check, {
  'nothing too much': {
    zone: `${record('v=spf1 a mx a:h6.example.com ip4:192.0.2.0/24 ip6:2001:db8::/32 ip4:192.0.2.1 -all')}
      example.com A 192.0.2.1\nexample.com MX 10 mx1.example.com\nh6.example.com AAAA 2001:db8::6`,
    expect: { 'example.com': 'pass' },
  },
  'a host without addresses': { zone: record('v=spf1 a:gone.example.com -all'), expect: { 'example.com': 'failed' }, args: { 'example.com': { term: 'a:gone.example.com', count: 1 } } },
  'no MX': { zone: `${record('v=spf1 mx -all')}\nexample.com A 192.0.2.1`, expect: { 'example.com': 'failed' } },
  'a null MX is an answer': { zone: `${record('v=spf1 mx -all')}\nexample.com MX 0 .`, expect: { 'example.com': 'pass' } },
  'exists that never exists': { zone: record('v=spf1 exists:gone.example.com -all'), expect: { 'example.com': 'failed' } },
  'exists by address cannot be told': { zone: record('v=spf1 exists:%{i}.gone.example.com -all'), expect: { 'example.com': 'pass' } },
  'an include without record is an error of its own': { zone: record('v=spf1 include:gone.example.com -all'), expect: { 'example.com': 'pass' } },
  'a host of which one family is not answered': { zone: `${record('v=spf1 a:h.example.com -all')}\nh.example.com AAAA (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'a host of which the other family is not answered': {
    zone: `${record('v=spf1 a:h.example.com -all')}\nh.example.com A 9.9.9.9\nh.example.com AAAA (timeout)`, expect: { 'example.com': 'pass' },
  },
  'a term twice, in other letters': {
    zone: `${record('v=spf1 include:_spf.example.net +INCLUDE:_SPF.example.net -all')}\n_spf.example.net TXT "v=spf1 -all"`,
    expect: { 'example.com': 'twice' }, args: { 'example.com': { term: '+INCLUDE:_SPF.example.net', count: 1 } },
  },
  'bits behind the prefix': {
    zone: record('v=spf1 ip4:192.0.2.77/20 -all'), expect: { 'example.com': 'host-bits' }, args: { 'example.com': { term: 'ip4:192.0.2.77/20', network: '192.0.0.0/20', count: 1 } },
  },
  'the same for IPv6': { zone: record('v=spf1 ip6:2001:db8::1/33 -all'), expect: { 'example.com': 'host-bits' }, args: { 'example.com': { term: 'ip6:2001:db8::1/33', network: '2001:db8::/33', count: 1 } } },
  'in a provider’s record': { zone: `${record('v=spf1 include:_spf.example.net -all')}\n_spf.example.net TXT "v=spf1 ip4:192.0.2.1/24 -all"`, expect: { 'example.com': 'pass' } },
  'in a record of one’s own': {
    zone: `${record('v=spf1 include:_spf.example.com -all')}\n_spf.example.com TXT "v=spf1 ip4:192.0.2.1/24 -all"`, expect: { 'example.com': 'host-bits' },
  },
  'type 99': { zone: `${record('v=spf1 -all')}\nexample.com SPF "v=spf1 -all"`, expect: { 'example.com': 'type-99' }, args: { 'example.com': { record: 'v=spf1 -all', count: 1 } } },
  'Sender ID': { zone: `${record('v=spf1 -all')}\nexample.com TXT "spf2.0/pra -all"`, expect: { 'example.com': 'sender-id' } },
  'Sender ID alone': { zone: record('spf2.0/mfrom,pra mx -all'), expect: { 'example.com': 'sender-id' } },
  'type 99 is not answered, and matters to nobody': { zone: `${record('v=spf1 -all')}\nexample.com SPF (timeout)`, expect: { 'example.com': 'pass' } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'TXT is not answered': { zone: 'example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('the remedy is the record without it all', async () => {
  const [finding] = await judgeWorld([check], { zone: record('v=spf1 a:gone.example.com -ip4:192.0.2.1/24 ip4:192.0.2.9 ip4:192.0.2.9 ~all') })
  expect(finding?.args).toEqual({ term: 'a:gone.example.com', count: 3 })
  expect(finding?.remedy?.text).toBe('Remove a:gone.example.com, ip4:192.0.2.9. Write the network with its first address.')
  const [bits] = await judgeWorld([check], { zone: record('v=spf1 ip4:192.0.2.1/24 ~all') })
  expect(bits?.remedy?.text).toBe('Write the network with its first address.')
  const [own] = await judgeWorld([check], {
    zone: `${record('v=spf1 include:_spf.example.com ip4:192.0.2.1/24 -all')}\n_spf.example.com TXT "v=spf1 ip4:192.0.2.1/25 -all"`,
  })
  expect(own?.remedy?.records?.remove).toEqual(['example.com. TXT "v=spf1 include:_spf.example.com ip4:192.0.2.1/24 -all"'])
  expect(finding?.remedy?.records?.set).toEqual(['example.com. TXT "v=spf1 -ip4:192.0.2.0/24 ip4:192.0.2.9 ~all"'])
})
