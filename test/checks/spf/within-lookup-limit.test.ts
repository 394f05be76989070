import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/within-lookup-limit.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const terms = (count: number, ending = '-all') => `example.com TXT "v=spf1 ${Array.from({ length: count }, (_, i) => `a:h${i}.example.com`).join(' ')} ${ending}"`
const chain = (length: number) => [
  'example.com TXT "v=spf1 include:s1.example.com -all"',
  ...Array.from({ length }, (_, i) => `s${i + 1}.example.com TXT "v=spf1 include:s${i + 2}.example.com -all"`),
].join('\n')

checkTable(check, {
  'ten terms': { zone: terms(10), expect: { 'example.com': 'pass' } },
  'eleven terms': {
    zone: terms(11), expect: { 'example.com': 'failed' },
    args: { 'example.com': { count: 11, terms: Array.from({ length: 11 }, (_, i) => `a:h${i}.example.com`) } },
  },
  'what does not ask DNS does not count, nor what is never reached': {
    zone: `example.com TXT "v=spf1 ${'ip4:192.0.2.1 ip6:2001:db8::1 '.repeat(5)} mx exp=e.example.com x=y -all ${'a '.repeat(12)} redirect=r.example.com"`,
    expect: { 'example.com': 'pass' },
  },
  'a large provider, as it is': {
    zone: `
      example.com TXT "v=spf1 include:_spf.google.example include:spf.protection.example include:sendgrid.example ~all"
      _spf.google.example TXT "v=spf1 include:_n1.google.example include:_n2.google.example include:_n3.google.example ~all"
      _n1.google.example TXT "v=spf1 ip4:192.0.2.0/24 ~all"
      _n2.google.example TXT "v=spf1 ip6:2001:db8::/36 ~all"
      _n3.google.example TXT "v=spf1 ip4:198.51.100.0/24 ~all"
      spf.protection.example TXT "v=spf1 ip4:192.0.2.0/24 include:spfd.protection.example -all"
      spfd.protection.example TXT "v=spf1 ip4:198.51.100.0/24 -all"
      sendgrid.example TXT "v=spf1 ip4:203.0.113.0/24 ~all"`,
    expect: { 'example.com': 'pass' },
  },
  'includes count with all that they include': {
    zone: `
      example.com TXT "v=spf1 mx a include:big.example.net include:big.example.net ~all"
      big.example.net TXT "v=spf1 a mx include:leaf.example.net exists:%{i}.x.example.net ?all"
      leaf.example.net TXT "v=spf1 ptr -all"`,
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { count: 14, terms: ['mx', 'a', 'include:big.example.net (6)', 'include:big.example.net (6)'] } },
  },
  'redirect counts, and what it leads to': {
    zone: `example.com TXT "v=spf1 mx redirect=_spf.example.net"\n${terms(9).replace(/^example.com/, '_spf.example.net')}`,
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { count: 11, terms: ['mx', 'redirect=_spf.example.net (10)'] } },
  },
  'macros count one term each': {
    zone: `example.com TXT "v=spf1 ${'exists:%{i}.x.de '.repeat(11)}-all"`,
    expect: { 'example.com': 'failed' },
  },
  'a loop through another record': {
    zone: `
      example.com TXT "v=spf1 include:a.example.net -all"
      a.example.net TXT "v=spf1 include:b.example.net -all"
      b.example.net TXT "v=spf1 redirect=A.example.NET"`,
    expect: { 'example.com': 'loop' },
    args: { 'example.com': { path: ['a.example.net', 'b.example.net', 'a.example.net'] } },
  },
  'a record that redirects to itself': {
    zone: 'example.com TXT "v=spf1 redirect=example.com"', expect: { 'example.com': 'loop' },
    args: { 'example.com': { path: ['example.com', 'example.com'] } },
  },
  'a redirect to itself beside all is ignored': { zone: 'example.com TXT "v=spf1 redirect=example.com ~all"', expect: { 'example.com': 'pass' } },
  'a chain that goes on and on': { zone: chain(60), expect: { 'example.com': 'at-least' } },
  'eleven MX names': {
    zone: `example.com TXT "v=spf1 mx -all"\n${Array.from({ length: 11 }, (_, i) => `example.com MX ${i} mx${i}.example.com`).join('\n')}`,
    expect: { 'example.com': 'mx-names' },
    args: { 'example.com': { term: 'mx', names: 11, count: 1 } },
  },
  'ten MX names': {
    zone: `example.com TXT "v=spf1 mx -all"\n${Array.from({ length: 10 }, (_, i) => `example.com MX ${i} mx${i}.example.com`).join('\n')}`,
    expect: { 'example.com': 'pass' },
  },
  'an include that is not answered may hold anything': {
    zone: 'example.com TXT "v=spf1 a include:_spf.example.net -all"\n_spf.example.net TXT (timeout)',
    expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'too many already, whatever it holds': {
    zone: `${terms(11).replace(' -all', ' include:_spf.example.net -all')}\n_spf.example.net TXT (timeout)`,
    expect: { 'example.com': 'failed' },
  },
  'an address that is not answered changes no count': {
    zone: 'example.com TXT "v=spf1 a mx -all"\nexample.com A (timeout)', expect: { 'example.com': 'pass' },
  },
  'two records': { zone: `${terms(11)}\nexample.com TXT "v=spf1 -all"`, expect: { 'example.com': 'skip' } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
})

test('the remedy names what can go first', async () => {
  const [finding] = await judgeWorld([check], { zone: `
    example.com TXT "v=spf1 a mx ptr a:gone.example.com include:big.example.net include:old.example.net -all"
    example.com A 192.0.2.1
    example.com MX 10 mx1.example.com
    ${terms(6).replace(/^example.com/, 'big.example.net')}
    old.example.net TXT "v=spf1 -all"` })
  expect(finding?.remedy?.text).toBe('Remove or replace: a:gone.example.com (of no effect); ptr (slow, and ignored by some receivers); '
    + 'a, mx by ip4: and ip6: with the addresses; the includes of services that you no longer use.')
})
