import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/no-pass-all.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const record = (text: string) => `example.com TXT "${text}"`
const open = { term: '+all', domain: 'example.com' }

checkTable(check, {
  'an ordinary record': { zone: record('v=spf1 mx include:_spf.example.net -all'), expect: { 'example.com': 'pass' } },
  '+all': { zone: record('v=spf1 mx +all'), expect: { 'example.com': 'failed' }, args: { 'example.com': open } },
  'all without a sign': { zone: record('v=spf1 all'), expect: { 'example.com': 'failed' }, args: { 'example.com': { ...open, term: 'all' } } },
  'all behind another all is never reached': { zone: record('v=spf1 -all +all'), expect: { 'example.com': 'pass' } },
  'neutral, softfail and fail pass nobody': { zone: record('v=spf1 ?ip4:0.0.0.0/0 ~all'), expect: { 'example.com': 'pass' } },
  'every IPv4 address': {
    zone: record('v=spf1 ip4:192.0.2.1/0 -all'), expect: { 'example.com': 'one-family' },
    args: { 'example.com': { term: 'ip4:192.0.2.1/0', family: 'IPv4', domain: 'example.com' } },
  },
  'every IPv6 address': { zone: record('v=spf1 mx ip6:::/0 -all'), expect: { 'example.com': 'one-family' } },
  'every address of a family that a host has': { zone: `${record('v=spf1 a/0 -all')}\nexample.com A 192.0.2.1`, expect: { 'example.com': 'one-family' } },
  'of one that it has not': { zone: `${record('v=spf1 a//0 -all')}\nexample.com A 192.0.2.1`, expect: { 'example.com': 'pass' } },
  'through the MX': { zone: `${record('v=spf1 mx/0//0 -all')}\nexample.com MX 10 mx1.example.com`, expect: { 'example.com': 'failed' } },
  'exists that asks for the same name, whoever sends': {
    zone: `${record('v=spf1 exists:example.com -all')}\nexample.com A 192.0.2.1`, expect: { 'example.com': 'failed' },
  },
  'exists by address is the usual way': { zone: record('v=spf1 exists:%{i}._spf.example.com -all'), expect: { 'example.com': 'pass' } },
  'an include that passes everybody': {
    zone: `${record('v=spf1 mx include:_spf.example.net -all')}\n_spf.example.net TXT "v=spf1 include:_open.example.net -all"\n_open.example.net TXT "v=spf1 +all"`,
    expect: { 'example.com': 'failed' }, args: { 'example.com': { term: 'include:_spf.example.net', domain: 'example.com' } },
  },
  'an include that is neutral on everybody matches nobody': {
    zone: `${record('v=spf1 include:_spf.example.net -all')}\n_spf.example.net TXT "v=spf1 ip4:192.0.2.1 ?all"`, expect: { 'example.com': 'pass' },
  },
  'such an include, turned round': {
    zone: `${record('v=spf1 -include:_open.example.net +all')}\n_open.example.net TXT "v=spf1 +all"`, expect: { 'example.com': 'pass' },
  },
  'a redirect to such a record': {
    zone: `${record('v=spf1 redirect=_open.example.net')}\n_open.example.net TXT "v=spf1 +all"`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { term: 'redirect=_open.example.net', domain: 'example.com' } },
  },
  'a broken include before it does not help for long': { zone: record('v=spf1 include:gone.example +all'), expect: { 'example.com': 'failed' } },
  'a redirect beside all is ignored': { zone: `${record('v=spf1 -all redirect=_open.example.net')}\n_open.example.net TXT "v=spf1 +all"`, expect: { 'example.com': 'pass' } },
  'an include that is not answered might': {
    zone: `${record('v=spf1 include:_spf.example.net -all')}\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'one that is not answered, behind a minus': {
    zone: `${record('v=spf1 -include:_spf.example.net -all')}\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'pass' },
  },
  'a redirect that is not answered': {
    zone: `${record('v=spf1 redirect=_spf.example.net')}\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'a record without end': { zone: record('v=spf1 mx'), expect: { 'example.com': 'pass' } },
  'two records': { zone: `${record('v=spf1 +all')}\n${record('v=spf1 -all')}`, expect: { 'example.com': 'skip' } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
})

test('the trail leads to the record that is open, and the remedy closes one’s own', async () => {
  const [through] = await judgeWorld([check], { zone: `${record('v=spf1 include:_open.example.net -all')}\n_open.example.net TXT "v=spf1 +all"` })
  expect(through?.evidence).toMatchObject([{ name: 'example.com', at: 7 }, { name: '_open.example.net', at: 7 }])
  expect(through?.remedy?.records).toBeUndefined()
  const [own] = await judgeWorld([check], { zone: record('v=spf1 mx All') })
  expect(own?.remedy?.records?.set).toEqual(['example.com. TXT "v=spf1 mx -all"'])
})
