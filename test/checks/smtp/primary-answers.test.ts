import check from '../../../src/checks/smtp/primary-answers.ts'
import { checkTable } from '../../check-table.ts'
import { smtp } from '../transcripts.ts'

const domain = 'example.com'
const zone = `example.com MX 10 mx1.example.com
  example.com MX 20 mx2.example.com
  mx1.example.com A 192.0.2.1
  mx2.example.com A 192.0.2.2`
const first = 'mx1.example.com[192.0.2.1]:25'
const second = 'mx2.example.com[192.0.2.2]:25'

checkTable(check, {
  'both answer': { zone, sessions: { [first]: smtp, [second]: smtp }, expect: { [domain]: 'pass' } },
  'it accepts, and says nothing': { zone, sessions: { [first]: '* connected\n* timeout', [second]: smtp }, expect: { [domain]: 'pass' } },
  'the second does not matter here': { zone, sessions: { [first]: smtp }, expect: { [domain]: 'pass' } },
  'it refuses': { zone, sessions: { [second]: smtp }, expect: { [domain]: 'failed' }, args: { [domain]: { host: ['mx1.example.com'], next: 'mx2.example.com' } } },
  'one of its addresses answers': { zone: `${zone}\nmx1.example.com A 192.0.2.11`, sessions: { '[192.0.2.11]:25': smtp, [second]: smtp }, expect: { [domain]: 'pass' } },
  'none of its addresses answers': { zone: `${zone}\nmx1.example.com A 192.0.2.11`, sessions: { [second]: smtp }, expect: { [domain]: 'failed' } },
  'one of two that are equally preferred answers': {
    zone: `${zone}\nexample.com MX 10 mx3.example.com\nmx3.example.com A 192.0.2.3`, sessions: { '[192.0.2.3]:25': smtp, [second]: smtp }, expect: { [domain]: 'pass' },
  },
  'neither of two that are equally preferred answers': {
    zone: `${zone}\nexample.com MX 10 mx3.example.com\nmx3.example.com A 192.0.2.3`, sessions: { [second]: smtp }, expect: { [domain]: 'failed' },
    args: { [domain]: { host: ['mx1.example.com', 'mx3.example.com'], next: 'mx2.example.com' } },
  },
  'it is silent, while others answer': { zone, sessions: { [first]: '* timeout', [second]: smtp }, expect: { [domain]: 'failed' } },
  'all are silent': { zone, sessions: { [first]: '* timeout', [second]: '* timeout' }, expect: { [domain]: 'unknown:connect-timeout' } },
  'nobody answers': { zone, expect: { [domain]: 'skip' } },
  'no IPv6 here': {
    zone: zone.replace('mx1.example.com A 192.0.2.1', 'mx1.example.com AAAA 2001:db8::1'), sessions: { '[2001:db8::1]:25': '* no-route', [second]: smtp }, expect: { [domain]: 'unknown:no-ipv6-here' },
  },
  'IPv6 was not tried': { zone: `${zone}\nmx1.example.com AAAA 2001:db8::1`, sessions: { [second]: smtp }, scope: { families: [4] }, expect: { [domain]: 'unknown:no-ipv6-here' } },
  'its address cannot be looked up': { zone: zone.replace('mx1.example.com A 192.0.2.1', 'mx1.example.com A (servfail)'), sessions: { [second]: smtp }, expect: { [domain]: 'unknown:dns-servfail' } },
  'it has no address': { zone: zone.replace('mx1.example.com A 192.0.2.1', ''), sessions: { [second]: smtp }, expect: { [domain]: 'skip' } },
  'one MX host': { zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1', expect: { [domain]: 'skip' } },
  'hosts that are all equally preferred': { zone: zone.replace('MX 20', 'MX 10'), sessions: { [second]: smtp }, expect: { [domain]: 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { [domain]: 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { [domain]: 'unknown:dns-servfail' } },
})
