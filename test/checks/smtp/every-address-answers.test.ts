import check from '../../../src/checks/smtp/every-address-answers.ts'
import { checkTable } from '../../check-table.ts'
import { smtp } from '../transcripts.ts'

const zone = `example.com MX 10 mx1.example.com
  mx1.example.com A 192.0.2.1
  mx1.example.com AAAA 2001:db8::1`
const v4 = 'mx1.example.com[192.0.2.1]:25'
const v6 = 'mx1.example.com[2001:db8::1]:25'

checkTable(check, {
  'both addresses answer': { zone, sessions: { [v4]: smtp, [v6]: smtp }, expect: { [v4]: 'pass', [v6]: 'pass' } },
  'an address that greets with 554 does answer': { zone, sessions: { [v4]: smtp, [v6]: 'S: 554 no' }, expect: { [v4]: 'pass', [v6]: 'pass' } },
  'a private address beside them is not asked': {
    zone: `${zone}\nmx1.example.com A 192.168.1.1`, sessions: { [v4]: smtp, [v6]: smtp, '[192.168.1.1]:25': smtp }, expect: { [v4]: 'pass', [v6]: 'pass' },
  },
  'published over IPv6, and nobody there': {
    zone, sessions: { [v4]: smtp },
    expect: { [v4]: 'pass', [v6]: 'failed' }, args: { [v6]: { host: 'mx1.example.com', address: '2001:db8::1' } },
  },
  'silent over IPv6, which may be the network here': { zone, sessions: { [v4]: smtp, [v6]: '* timeout' }, expect: { [v4]: 'pass', [v6]: 'unknown:connect-timeout' } },
  'silent, while another host answers over the same family': {
    zone: `${zone}\nexample.com MX 20 mx2.example.com\nmx2.example.com AAAA 2001:db8::2`,
    sessions: { [v4]: smtp, [v6]: '* timeout', 'mx2.example.com[2001:db8::2]:25': smtp },
    expect: { [v4]: 'pass', [v6]: 'timed-out', 'mx2.example.com[2001:db8::2]:25': 'pass' },
  },
  'no IPv6 here': { zone, sessions: { [v4]: smtp, [v6]: '* no-route' }, expect: { [v4]: 'pass', [v6]: 'unknown:no-ipv6-here' } },
  'port 25 is closed to this network': {
    zone, sessions: { [v4]: '* no-route local-egress-blocked "port 25 is filtered here"', [v6]: smtp },
    expect: { [v4]: 'unknown:local-egress-blocked', [v6]: 'pass' },
  },
  'the time is used up': { zone, sessions: { [v4]: '* unavailable deadline-spent "no time left"', [v6]: smtp }, expect: { [v4]: 'unknown:deadline-spent', [v6]: 'pass' } },
  'an address lookup that fails is unknown for that host': {
    zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1\nmx1.example.com AAAA (servfail)',
    sessions: { [v4]: smtp }, expect: { [v4]: 'pass', 'mx1.example.com': 'unknown:dns-servfail' },
  },
  'an address lookup that nobody needs': {
    zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1\nmx1.example.com AAAA (servfail)',
    sessions: { [v4]: smtp }, scope: { families: [4] }, expect: { [v4]: 'pass' },
  },
  'declared to receive nothing, with a lookup that fails': {
    zone: 'example.com MX 10 mx1.example.com\nmx1.example.com AAAA (servfail)', scope: { context: { receiving: 'no' } }, expect: { 'example.com': 'skip' },
  },
  'a web site that takes no mail': { zone: 'example.com A 192.0.2.1\nexample.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
  'an implicit MX that may be none': { zone: 'example.com A 192.0.2.1\nexample.com TXT (servfail)', expect: { 'example.com[192.0.2.1]:25': 'unknown' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
