import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/strings-joined-cleanly.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const record = (...strings: string[]) => `example.com TXT ${strings.map(text => `"${text}"`).join(' ')}`
const seam = (joined: string, n = 1) => ({ 'example.com': { n, m: n + 1, joined, count: 1 } })

checkTable(check, {
  'one string': { zone: record('v=spf1 mx -all'), expect: { 'example.com': 'skip' } },
  'a space at the end of the first': { zone: record('v=spf1 mx ', 'include:_spf.example.net -all'), expect: { 'example.com': 'pass' } },
  'a space at the beginning of the second': { zone: record('v=spf1 mx', ' include:_spf.example.net -all'), expect: { 'example.com': 'pass' } },
  'a string that ends within a term': { zone: record('v=spf1 mx include:_spf.exam', 'ple.net -all'), expect: { 'example.com': 'pass' } },
  'within a name that goes on with a word of SPF': { zone: record('v=spf1 include:_spf.', 'mx.example.net -all'), expect: { 'example.com': 'pass' } },
  'within an address': { zone: record('v=spf1 ip4:192.0.2.1', '0 ip6:2001:db8::', 'a -all'), expect: { 'example.com': 'pass' } },
  'within a name that might have ended': { zone: record('v=spf1 include:_spf.exampl', 'a -all'), expect: { 'example.com': 'pass' } },
  'two terms run together': {
    zone: record('v=spf1 include:_spf.example.com', 'include:_spf.example.net -all'), expect: { 'example.com': 'failed' },
    args: seam('include:_spf.example.cominclude:_spf.example.net'),
  },
  'an address and a term': { zone: record('v=spf1 ip4:192.0.2.1', 'mx -all'), expect: { 'example.com': 'failed' }, args: seam('ip4:192.0.2.1mx') },
  'a term and "-all", which make one valid term': {
    zone: record('v=spf1 include:_spf.example.com', '-all'), expect: { 'example.com': 'failed' }, args: seam('include:_spf.example.com-all'),
  },
  'the version and a term': { zone: record('v=spf1', 'mx -all'), expect: { 'example.com': 'failed' }, args: seam('v=spf1mx') },
  'the second seam': { zone: record('v=spf1 mx ', 'a', 'ip4:192.0.2.1 -all'), expect: { 'example.com': 'failed' }, args: seam('aip4:192.0.2.1', 2) },
  'a string that says nothing of SPF': { zone: record('some', 'thing'), expect: { 'example.com': 'skip' } },
  'TXT is not answered': { zone: 'example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('a record in order beside it is left alone', async () => {
  const [finding] = await judgeWorld([check], { zone: `${record('v=spf1 mx', 'a -all')}\n${record('v=spf1 mx ', 'a ~all')}\n${record('some', 'thing')}` })
  expect(finding?.remedy?.records?.set).toEqual(['example.com. TXT "v=spf1 mx a -all"'])
})

test('the remedy has the spaces, and the seam is pointed at', async () => {
  const [finding] = await judgeWorld([check], { zone: record('v=spf1', 'mx', 'a -all') })
  expect(finding?.args).toMatchObject({ count: 2 })
  expect(finding?.evidence).toMatchObject([{ at: 6 }, { at: 8 }])
  expect(finding?.remedy?.records).toEqual({ set: ['example.com. TXT "v=spf1 mx a -all"'], remove: ['example.com. TXT "v=spf1" "mx" "a -all"'] })
})
