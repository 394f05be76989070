import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/declared-senders-pass.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const record = (text: string) => `example.com TXT "${text}"`
const from = (...addresses: string[]) => ({ senders: addresses.map(address => ({ address })) })

checkTable(check, {
  'it passes': { zone: record('v=spf1 ip4:198.51.100.0/24 -all'), scope: from('198.51.100.7'), expect: { 'example.com': 'pass' } },
  'through an include': {
    zone: `${record('v=spf1 include:_spf.example.net ~all')}\n_spf.example.net TXT "v=spf1 ip6:2001:db8::/32 -all"`, scope: from('2001:db8::7'), expect: { 'example.com': 'pass' },
  },
  'by a macro': { zone: `${record('v=spf1 exists:%{i}._spf.%{d} -all')}\n198.51.100.7._spf.example.com A 127.0.0.2`, scope: from('198.51.100.7'), expect: { 'example.com': 'pass' } },
  'it fails': {
    zone: record('v=spf1 ip4:192.0.2.0/24 -all'), scope: from('198.51.100.7'), expect: { 'example.com': 'failed' },
    args: { 'example.com': { address: '198.51.100.7', result: 'fail', term: '-all', count: 1 } },
  },
  'one of several': {
    zone: record('v=spf1 ip4:192.0.2.0/24 ~all'), scope: from('192.0.2.1', '198.51.100.7', '2001:db8::7'), expect: { 'example.com': 'failed' },
    args: { 'example.com': { address: '198.51.100.7', result: 'softfail', term: '~all', count: 2 } },
  },
  'a range that is neutral': { zone: record('v=spf1 ?ip4:198.51.100.0/24 -all'), scope: from('198.51.100.7'), expect: { 'example.com': 'failed' } },
  'nothing matches': {
    zone: record('v=spf1 ip4:192.0.2.0/24'), scope: from('198.51.100.7'), expect: { 'example.com': 'unmatched' },
    args: { 'example.com': { address: '198.51.100.7', result: 'neutral', domain: 'example.com', because: 'no mechanism matches', count: 1 } },
  },
  'no record': { zone: 'example.com A 192.0.2.1', scope: from('198.51.100.7'), expect: { 'example.com': 'unmatched' } },
  'an error': { zone: record('v=spf1 ip4:192.0.2 -all'), scope: from('198.51.100.7'), expect: { 'example.com': 'unmatched' } },
  'the domain of MAIL FROM is another': {
    zone: `${record('v=spf1 -all')}\nbounce.example.com TXT "v=spf1 ip4:198.51.100.7 -all"`,
    scope: { senders: [{ address: '198.51.100.7', mailFrom: 'Bounce.example.com' }, { address: '198.51.100.7', mailFrom: 'x@bounce.example.com' }] },
    expect: { 'example.com': 'pass' },
  },
  'and fails there': {
    zone: `${record('v=spf1 ip4:198.51.100.7 -all')}\nbounce.example.com A 192.0.2.1`, scope: { senders: [{ address: '198.51.100.7', mailFrom: 'bounce.example.com' }] },
    expect: { 'example.com': 'unmatched' },
    args: { 'example.com': { address: '198.51.100.7', result: 'none', domain: 'bounce.example.com', because: 'bounce.example.com has no SPF record', count: 1 } },
  },
  'a lookup that fails': { zone: `${record('v=spf1 include:_spf.example.net -all')}\n_spf.example.net TXT (timeout)`, scope: from('198.51.100.7'), expect: { 'example.com': 'unknown:dns-timeout' } },
  'a lookup that fails behind the term that matches': {
    zone: `${record('v=spf1 ip4:198.51.100.7 include:_spf.example.net -all')}\n_spf.example.net TXT (timeout)`, scope: from('198.51.100.7'), expect: { 'example.com': 'pass' },
  },
  'an address of this machine alone is none': { zone: record('v=spf1 -all'), scope: from('fe80::1%eth0'), expect: { 'example.com': 'skip' } },
  'none declared': { zone: record('v=spf1 -all'), expect: { 'example.com': 'skip' } },
})

test('a record that hands over says so, and there the remedy goes before that', async () => {
  const [finding] = await judgeWorld([check], { zone: `${record('v=spf1 redirect=_spf.example.com')}\n_spf.example.com TXT "v=spf1 mx"`, scope: from('198.51.100.7') })
  expect(finding?.args).toMatchObject({ result: 'neutral', because: '_spf.example.com says so (no mechanism matches)' })
  expect(finding?.remedy?.records?.set).toEqual(['example.com. TXT "v=spf1 ip4:198.51.100.7 redirect=_spf.example.com"'])
})

test('what is not there is shown as it was answered', async () => {
  const seen = async (zone: string) => (await judgeWorld([check], { zone, scope: from('198.51.100.7') }))[0]?.evidence.map(piece => 'text' in piece ? piece.text : '')
  expect(await seen('example.net A 192.0.2.1')).toEqual(['(nxdomain)'])
  expect(await seen('example.com A 192.0.2.1')).toEqual(['(nodata)'])
  expect(await seen(`${record('v=spf1 -all')}\n${record('v=spf1 mx -all')}\n${record('hello')}`)).toEqual(['(3 TXT records, 2 of them SPF)'])
})

test('only those that fail are added, and no record is made up for an erroneous one', async () => {
  const [finding] = await judgeWorld([check], { zone: record('v=spf1 ip4:192.0.2.1 -all'), scope: from('192.0.2.1', '198.51.100.7') })
  expect(finding?.remedy?.records?.set).toEqual(['example.com. TXT "v=spf1 ip4:192.0.2.1 ip4:198.51.100.7 -all"'])
  for (const zone of [record('v=spf1 ip4:x -all'), 'example.com A 192.0.2.1']) {
    const [broken] = await judgeWorld([check], { zone, scope: from('198.51.100.7') })
    expect(broken?.remedy?.records).toBeUndefined()
  }
})

test('the remedy adds them before the end, and the term that decided is pointed at', async () => {
  const [finding] = await judgeWorld([check], { zone: record('v=spf1 mx -all'), scope: from('198.51.100.7', '2001:db8::7') })
  expect(finding?.remedy?.records).toEqual({
    set: ['example.com. TXT "v=spf1 mx ip4:198.51.100.7 ip6:2001:db8::7 -all"'], remove: ['example.com. TXT "v=spf1 mx -all"'],
  })
  expect(finding?.evidence).toMatchObject([{ name: 'example.com', at: 10 }, { name: 'example.com', at: 10 }])
})
