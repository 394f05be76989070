import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/authorised-space-bounded.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const record = (text: string) => `example.com TXT "${text}"`
const large = `
  _spf.example.net TXT "v=spf1 include:_n1.example.net include:_n2.example.net ~all"
  _n1.example.net TXT "v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 ip4:52.100.0.0/14 ip4:104.47.0.0/17 ip6:2a01:111:f400::/48 ~all"
  _n2.example.net TXT "v=spf1 ip4:35.190.247.0/24 ip4:64.233.160.0/19 ip4:66.102.0.0/20 ip4:74.125.0.0/16 ip4:209.85.128.0/17 ip6:2001:4860:4000::/36 ~all"`

/** Four thousand networks that have nothing to do with each other. */
function scattered(name: string, block: number): string {
  const terms = Array.from({ length: 4000 }, (_, i) => `ip4:${block}.${i >> 8}.${i & 255}.7`).join(' ')
  return `${name} TXT ${`v=spf1 ${terms} -all`.replace(/.{1,255}/g, '"$&" ')}`
}

checkTable(check, {
  'a few servers': { zone: record('v=spf1 ip4:192.0.2.0/24 -all'), expect: { 'example.com': 'pass' } },
  'the largest providers': { zone: `${record('v=spf1 include:_spf.example.net ~all')}${large}`, expect: { 'example.com': 'pass' } },
  'just within': { zone: record('v=spf1 ip4:11.0.0.0/9 ip4:11.128.0.0/10 ip4:11.192.0.0/11 ip4:11.224.0.0/12 -all'), expect: { 'example.com': 'pass' } },
  'a whole /8': { zone: record('v=spf1 ip4:11.0.0.0/8 -all'), expect: { 'example.com': 'failed' }, args: { 'example.com': { count: 16_777_216, domain: 'example.com' } } },
  'in parts, behind includes': {
    zone: `${record('v=spf1 ip4:11.0.0.0/9 include:_spf.example.net -all')}\n_spf.example.net TXT "v=spf1 ip4:11.128.0.0/9 ip4:11.0.0.0/8 -all"`, expect: { 'example.com': 'failed' },
  },
  'the same range many times is one': { zone: record(`v=spf1 ip4:11.0.0.0/9 ip4:11.0.0.0/10 ip4:11.0.0.0/9 -all`), expect: { 'example.com': 'pass' } },
  'what is denied before': { zone: record('v=spf1 -ip4:11.0.0.0/9 ip4:11.0.0.0/8 -all'), expect: { 'example.com': 'pass' } },
  'a host and all round it': { zone: `${record('v=spf1 a/8 -all')}\nexample.com A 11.1.1.1`, expect: { 'example.com': 'failed' } },
  'private addresses, from which nothing gets anywhere': { zone: record('v=spf1 ip4:10.0.0.0/8 ip6:fc00::/7 -all'), expect: { 'example.com': 'pass' } },
  'an IPv6 prefix as long as those of registries': {
    zone: record('v=spf1 ip6:2a00::/12 -all'), expect: { 'example.com': 'wide-prefix' }, args: { 'example.com': { range: '2a00::/12', domain: 'example.com' } },
  },
  'a /16': { zone: record('v=spf1 ip6:2a00::/16 -all'), expect: { 'example.com': 'wide-prefix' } },
  'a /17': { zone: record('v=spf1 ip6:2a00::/17 -all'), expect: { 'example.com': 'pass' } },
  'everybody': { zone: record('v=spf1 +all'), expect: { 'example.com': 'failed' } },
  'an include that is not answered, beside hosts that are': {
    zone: `${record('v=spf1 a include:_spf.example.net -all')}\nexample.com A 11.0.0.1\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'an include that is not answered': { zone: `${record('v=spf1 include:_spf.example.net -all')}\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'too many already': { zone: `${record('v=spf1 ip4:11.0.0.0/8 include:_spf.example.net -all')}\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'failed' } },
  'a host that is not answered has no room for many': {
    zone: `${record('v=spf1 a mx -all')}\nexample.com A 11.0.0.1\nexample.com AAAA (timeout)\nexample.com MX 10 mx1.example.com\nmx1.example.com A (servfail)`, expect: { 'example.com': 'pass' },
  },
  'a host with all round it, not answered': { zone: `${record('v=spf1 a/8 -all')}\nexample.com A (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'more networks than can be added up, and a large part of the Internet behind them': {
    zone: `${record('v=spf1 include:a.example.net include:b.example.net ip4:0.0.0.0/1 -all')}\n${scattered('a.example.net', 11)}\n${scattered('b.example.net', 12)}`,
    expect: { 'example.com': 'unknown:deadline-spent' },
  },
  'two records': { zone: `${record('v=spf1 +all')}\n${record('v=spf1 -all')}`, expect: { 'example.com': 'skip' } },
  'TXT is not answered': { zone: 'example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('the remedy names the terms that it takes', async () => {
  const [finding] = await judgeWorld([check], { zone: record('v=spf1 ip4:11.0.0.0/24 ip4:12.0.0.0/7 ip4:14.0.0.0/8 ip4:15.0.0.0/12 -all') })
  expect(finding?.remedy?.text).toBe('Narrow ip4:12.0.0.0/7, ip4:14.0.0.0/8 to the servers that send for you.')
  expect(finding?.evidence).toMatchObject([{ at: 23 }, { at: 38 }])
})
