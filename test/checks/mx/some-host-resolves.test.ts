import check from '../../../src/checks/mx/some-host-resolves.ts'
import { checkTable } from '../../check-table.ts'

const mx = 'example.com MX 10 mx1.example.com\nexample.com MX 20 mx2.example.com'

checkTable(check, {
  'every host has an address': { zone: `${mx}\nmx1.example.com A 9.9.9.9\nmx2.example.com A 9.9.9.10`, expect: { 'example.com': 'pass' } },
  'the second host has one': { zone: `${mx}\nmx2.example.com AAAA 2a00::1`, expect: { 'example.com': 'pass' } },
  'a host behind an alias': { zone: `${mx}\nmx1.example.com CNAME host.example.org\nhost.example.org A 9.9.9.9`, expect: { 'example.com': 'pass' } },
  'no host has any': {
    zone: mx,
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', hosts: ['mx1.example.com', 'mx2.example.com'] } },
  },
  'private addresses only': {
    zone: `${mx}\nmx1.example.com A 10.0.0.5\nmx2.example.com AAAA fd00::1\nmx2.example.com A 127.0.0.1`,
    expect: { 'example.com': 'failed' },
  },
  'a private and a public address': { zone: `${mx}\nmx1.example.com A 10.0.0.5\nmx1.example.com A 9.9.9.9`, expect: { 'example.com': 'pass' } },
  'one host has none, the other cannot be asked': { zone: `${mx}\nmx2.example.com A (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'a private address, and a family that cannot be asked': {
    zone: `${mx}\nmx1.example.com A 10.0.0.5\nmx1.example.com AAAA (timeout)`,
    expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'a public address, and a family that cannot be asked': { zone: `${mx}\nmx1.example.com A 9.9.9.9\nmx1.example.com AAAA (servfail)`, expect: { 'example.com': 'pass' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a web site that sends no mail, at a private address': { zone: 'example.com A 10.0.0.5\nexample.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
  'an implicit MX at a private address': { zone: 'example.com A 10.0.0.5\nexample.com TXT "v=spf1 a -all"', expect: { 'example.com': 'failed' } },
  'an implicit MX that may be none': { zone: 'example.com A 10.0.0.5\nexample.com TXT (servfail)', expect: { 'example.com': 'unknown' } },
  'neither MX nor address': { zone: 'example.com TXT "v=spf1 ip4:9.9.9.9 -all"', expect: { 'example.com': 'skip' } },
  'declared to receive, without MX and address': { zone: 'example.com TXT "hello"', scope: { context: { receiving: 'yes' } }, expect: { 'example.com': 'skip' } },
  'declared to receive nothing': { zone: mx, scope: { context: { receiving: 'no' } }, expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
