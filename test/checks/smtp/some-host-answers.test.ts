import check from '../../../src/checks/smtp/some-host-answers.ts'
import { checkTable } from '../../check-table.ts'
import { smtp } from '../transcripts.ts'

const zone = `example.com MX 10 mx1.example.com
  example.com MX 20 mx2.example.com
  mx1.example.com A 192.0.2.1
  mx2.example.com A 192.0.2.2`
const first = 'mx1.example.com[192.0.2.1]:25'
const second = 'mx2.example.com[192.0.2.2]:25'
/** Says nothing of the domain, but shows that port 25 can be reached from here. */
const vantage = { vantage: [{ host: '192.0.2.99' }] }
const elsewhere = { '[192.0.2.99]:25': '* connected' }

checkTable(check, {
  'all answer': { zone, sessions: { [first]: smtp, [second]: smtp }, expect: { 'example.com': 'pass' } },
  'the backup answers': { zone, sessions: { [second]: smtp }, expect: { 'example.com': 'pass' } },
  'one accepts and says nothing': { zone, sessions: { [first]: '* connected\n* timeout' }, expect: { 'example.com': 'pass' } },
  'one accepts and refuses us': { zone, sessions: { [first]: 'S: 554 go away' }, expect: { 'example.com': 'pass' } },
  'all refuse': {
    zone,
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', addresses: ['mx1.example.com [192.0.2.1]', 'mx2.example.com [192.0.2.2]'] } },
  },
  'all are silent, and so may be the network here': {
    zone, sessions: { [first]: '* timeout', [second]: '* timeout' }, expect: { 'example.com': 'unknown:connect-timeout' },
  },
  'one refuses, the other is silent': { zone, sessions: { [second]: '* timeout' }, expect: { 'example.com': 'unknown:connect-timeout' } },
  'all are silent, while others answer on this port': {
    zone, sessions: { [first]: '* timeout', [second]: '* timeout', ...elsewhere }, scope: vantage, expect: { 'example.com': 'failed' },
  },
  'one refuses, the other is silent, while others answer': { zone, sessions: { [second]: '* timeout', ...elsewhere }, scope: vantage, expect: { 'example.com': 'failed' } },
  'others answer, but over the other family': {
    zone: `${zone}\nmx3.example.com AAAA 2001:db8::3\nexample.com MX 30 mx3.example.com`,
    sessions: { 'mx3.example.com[2001:db8::3]:25': '* timeout', ...elsewhere }, scope: vantage, expect: { 'example.com': 'unknown:connect-timeout' },
  },
  'no IPv6 here': {
    zone: 'example.com MX 10 mx1.example.com\nmx1.example.com AAAA 2001:db8::1',
    sessions: { 'mx1.example.com[2001:db8::1]:25': '* no-route' }, expect: { 'example.com': 'unknown:no-ipv6-here' },
  },
  'one refuses, and IPv6 was not tried': { zone: `${zone}\nmx1.example.com AAAA 2001:db8::1`, scope: { families: [4] }, expect: { 'example.com': 'unknown:no-ipv6-here' } },
  'one refuses, and one address lookup fails': {
    zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1\nmx1.example.com AAAA (servfail)',
    expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'no host has an address': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'skip' } },
  'a host that would be this machine, or a neighbour': {
    zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A 127.0.0.1\nmx1.example.com A 10.0.0.1\nmx1.example.com AAAA fe80::1',
    sessions: { '[127.0.0.1]:25': smtp, '[10.0.0.1]:25': smtp, '[fe80::1]:25': smtp }, expect: { 'example.com': 'skip' },
  },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a web site that takes no mail': { zone: 'example.com A 192.0.2.1\nexample.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
  'an implicit MX that is dead': { zone: 'example.com A 192.0.2.1\nexample.com TXT "v=spf1 a -all"', expect: { 'example.com': 'failed' } },
  'an implicit MX that may be none': { zone: 'example.com A 192.0.2.1\nexample.com TXT (servfail)', expect: { 'example.com': 'unknown' } },
  'declared to receive nothing': { zone, scope: { context: { receiving: 'no' } }, expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
