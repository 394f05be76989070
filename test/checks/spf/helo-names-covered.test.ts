import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/helo-names-covered.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const zone = `
  example.com MX 10 mx1.example.com
  example.com TXT "v=spf1 mx -all"
  mx1.example.com A 192.0.2.1`
const sender = { senders: [{ address: '198.51.100.7' }] }

checkTable(check, {
  'a host with a record': { zone: `${zone}\nmx1.example.com TXT "v=spf1 a -all"`, expect: { 'example.com': 'pass' } },
  'a host without': { zone, expect: { 'example.com': 'failed' }, args: { 'example.com': { host: 'mx1.example.com', count: 1 } } },
  'a host with another TXT record': { zone: `${zone}\nmx1.example.com TXT "hello"`, expect: { 'example.com': 'failed' } },
  'two of them': {
    zone: `${zone}\nexample.com MX 20 mx2.example.com\nmx2.example.com AAAA 2001:db8::2`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { host: 'mx1.example.com', count: 2 } },
  },
  'a host that only receives': { zone: zone.replace('mx -all', 'ip4:192.0.2.99 -all'), expect: { 'example.com': 'skip' } },
  'the provider’s hosts are the provider’s': { zone: zone.replaceAll('mx1.example.com', 'mx1.example.net'), expect: { 'example.com': 'skip' } },
  'the domain itself is the host': { zone: 'example.com MX 10 example.com\nexample.com A 192.0.2.1\nexample.com TXT "v=spf1 a -all"', expect: { 'example.com': 'skip' } },
  'a declared sender that is an MX host, by that name, too': { zone, scope: { senders: [{ address: '192.0.2.1' }] }, expect: { 'example.com': 'failed' } },
  'a declared sender, by its reverse name': {
    zone: 'example.com TXT "v=spf1 -all"\n7.100.51.198.in-addr.arpa PTR out.example.com', scope: sender, expect: { 'example.com': 'failed' },
    args: { 'example.com': { host: 'out.example.com', count: 1 } },
  },
  'a declared sender of somebody else’s': { zone: 'example.com TXT "v=spf1 -all"\n7.100.51.198.in-addr.arpa PTR out.example.net', scope: sender, expect: { 'example.com': 'skip' } },
  'a declared sender without a name': { zone: 'example.com TXT "v=spf1 -all"', scope: sender, expect: { 'example.com': 'skip' } },
  'its reverse name is not answered': {
    zone: 'example.com TXT "v=spf1 -all"\n7.100.51.198.in-addr.arpa PTR (timeout)', scope: sender, expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'its record is not answered': { zone: `${zone}\nmx1.example.com TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'nobody knows whether the MX may send': {
    zone: `${zone.replace('mx -all', 'include:_spf.example.net -all')}\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'nor of the provider’s, whom it would not concern': {
    zone: 'example.com MX 10 mx1.example.net\nexample.com TXT "v=spf1 include:_spf.example.net -all"\nmx1.example.net A 192.0.2.1\n_spf.example.net TXT (timeout)',
    expect: { 'example.com': 'skip' },
  },
  'a domain that sends nothing': { zone: 'example.com MX 0 .\nexample.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
})

test('a record for each of them', async () => {
  const [finding] = await judgeWorld([check], { zone: `${zone}\nexample.com MX 20 mx2.example.com\nmx2.example.com AAAA 2001:db8::2` })
  expect(finding?.remedy?.records?.set).toEqual(['mx1.example.com. TXT "v=spf1 a -all"', 'mx2.example.com. TXT "v=spf1 a -all"'])
})
