import check from '../../../src/checks/mx/reachable-over-ipv4.ts'
import { checkTable } from '../../check-table.ts'

const mx = 'example.com MX 10 mx1.example.com\nexample.com MX 20 mx2.example.com'

checkTable(check, {
  'one host is enough': { zone: `${mx}\nmx1.example.com AAAA 2620:fe::9\nmx2.example.com A 9.9.9.9`, expect: { 'example.com': 'pass' } },
  'no host has it': { zone: `${mx}\nmx1.example.com AAAA 2620:fe::9`, expect: { 'example.com': 'failed' }, args: { 'example.com': { domain: 'example.com' } } },
  'one host cannot be asked': {
    zone: `${mx}\nmx1.example.com AAAA 2620:fe::9\nmx2.example.com AAAA 2620:fe::9\nmx2.example.com A (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'no host has any address': { zone: mx, expect: { 'example.com': 'skip' } },
  'an implicit MX of a domain that sends': {
    zone: 'example.com AAAA 2620:fe::9\nexample.com TXT "v=spf1 a -all"', expect: { 'example.com': 'failed' },
  },
  'it cannot be told whether mail is taken': {
    zone: 'example.com AAAA 2620:fe::9\nexample.com TXT (timeout)', expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'a web site': { zone: 'example.com AAAA 2620:fe::9\nexample.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .\nexample.com AAAA 2620:fe::9', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
