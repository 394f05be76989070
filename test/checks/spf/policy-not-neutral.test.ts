import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/policy-not-neutral.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const record = (text: string) => `example.com TXT "${text}"\nexample.com MX 10 mx1.example.com`
const ends = (ending: string) => ({ 'example.com': { domain: 'example.com', ending } })

checkTable(check, {
  '-all': { zone: record('v=spf1 mx -all'), expect: { 'example.com': 'pass' } },
  '~all, in capitals': { zone: record('v=spf1 mx ~ALL'), expect: { 'example.com': 'pass' } },
  '?all': { zone: record('v=spf1 mx ?all'), expect: { 'example.com': 'failed' }, args: ends('with "?all"') },
  'no end': { zone: record('v=spf1 mx'), expect: { 'example.com': 'failed' }, args: ends('without "all"') },
  'nothing at all': { zone: record('v=spf1'), expect: { 'example.com': 'failed' } },
  'a redirect to a record that ends well': {
    zone: `${record('v=spf1 redirect=_spf.example.net')}\n_spf.example.net TXT "v=spf1 mx -all"`, expect: { 'example.com': 'pass' },
  },
  'a redirect to one that does not': {
    zone: `${record('v=spf1 redirect=_spf.example.net')}\n_spf.example.net TXT "v=spf1 mx ?all"`, expect: { 'example.com': 'failed' },
    args: ends('with redirect=_spf.example.net, which ends with "?all"'),
  },
  '?all inside an include is harmless': {
    zone: `${record('v=spf1 include:_spf.example.net ~all')}\n_spf.example.net TXT "v=spf1 ip4:192.0.2.1 ?all"`, expect: { 'example.com': 'pass' },
  },
  '-all inside an include is no end': {
    zone: `${record('v=spf1 include:_spf.example.net')}\n_spf.example.net TXT "v=spf1 -all"`, expect: { 'example.com': 'failed' },
  },
  'an include that is not answered does not change how the record ends': {
    zone: `${record('v=spf1 include:_spf.example.net ?all')}\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'failed' },
  },
  'a redirect that is not answered': {
    zone: `${record('v=spf1 redirect=_spf.example.net')}\n_spf.example.net TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'a redirect to nothing is another finding': { zone: record('v=spf1 redirect=gone.example'), expect: { 'example.com': 'skip' } },
  'a redirect that depends on the message': { zone: record('v=spf1 redirect=%{l}._spf.example.com'), expect: { 'example.com': 'skip' } },
  'an end with a typing error is another finding': { zone: record('v=spf1 mx -al'), expect: { 'example.com': 'skip' } },
  'everybody refused before the end': {
    zone: `${record('v=spf1 -include:_spf.example.net ?all')}\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'a parked domain': { zone: 'example.com TXT "v=spf1 ?all"\nexample.com MX 0 .', expect: { 'example.com': 'skip' } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
})

test.each([
  ['v=spf1 mx ?all', 'v=spf1 mx ~all'],
  ['v=spf1 mx', 'v=spf1 mx ~all'],
])('%s: publish %s', async (text, set) => {
  const [finding] = await judgeWorld([check], { zone: record(text) })
  expect(finding?.remedy?.records?.set).toEqual([`example.com. TXT "${set}"`])
})

test('another’s record is not ours to publish', async () => {
  const [finding] = await judgeWorld([check], { zone: `${record('v=spf1 redirect=_spf.example.net')}\n_spf.example.net TXT "v=spf1 mx"` })
  expect(finding?.remedy?.records).toBeUndefined()
  expect(finding?.evidence).toMatchObject([{ name: 'example.com' }, { name: '_spf.example.net' }])
})
