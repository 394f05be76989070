import check from '../../../src/checks/mx/every-host-resolves.ts'
import { checkTable } from '../../check-table.ts'

const mx = 'example.com MX 10 mx1.example.com\nexample.com MX 20 mx2.example.com\nmx1.example.com A 192.0.2.1'

checkTable(check, {
  'every host has an address': {
    zone: `${mx}\nmx2.example.com AAAA 2001:db8::2`,
    expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'pass' },
  },
  'one host does not exist': {
    zone: mx,
    expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'failed' },
    args: { 'mx2.example.com': { host: 'mx2.example.com' } },
  },
  'one host exists without addresses': { zone: `${mx}\nmx2.example.com TXT "here"`, expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'failed' } },
  'an alias that leads nowhere': { zone: `${mx}\nmx2.example.com CNAME gone.example.org`, expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'failed' } },
  'one family is absent, the other cannot be asked': {
    zone: `${mx}\nmx2.example.com AAAA (servfail)`,
    expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'unknown:dns-servfail' },
  },
  'one family is enough': { zone: `example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1\nmx1.example.com AAAA (timeout)`, expect: { 'mx1.example.com': 'pass' } },
  'the rest of a proof of ownership': {
    zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1\nexample.com MX 32767 ms12345.msv1.invalid',
    expect: { 'mx1.example.com': 'pass', 'ms12345.msv1.invalid': 'skip' },
  },
  'no MX': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
