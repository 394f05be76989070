import check from '../../../src/checks/mx/route-exists.ts'
import { checkTable } from '../../check-table.ts'
import { servers, zone } from '../dns/zone.ts'

const sends = 'example.com TXT "v=spf1 ip4:9.9.9.9 -all"'

const without = zone.replace('example.com MX 10 mx1.example.com', '')

checkTable(check, {
  'the zone’s own servers have an MX': {
    zone: `${without}\n; at ${servers.ns1} example.com MX 10 mx1.example.com\n; at ${servers.ns2} example.com MX 10 mx1.example.com`,
    expect: { 'example.com': 'unknown:split-view' },
  },
  'the zone’s own servers have none either': { zone: without, expect: { 'example.com': 'failed' } },
  'an MX': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'pass' } },
  'no MX, but an address': { zone: `example.com AAAA 2a00::1\n${sends}`, expect: { 'example.com': 'pass' } },
  'a sender without any route': { zone: sends, expect: { 'example.com': 'failed' }, args: { 'example.com': { domain: 'example.com' } } },
  'a sender whose address lookup fails': { zone: `${sends}\nexample.com A (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'a parked domain': { zone: 'example.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
  'a domain that may send, or may not': { zone: 'example.com TXT (servfail)', expect: { 'example.com': 'unknown' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'no such domain': { zone: 'example.org A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'declared to be parked': { zone: sends, scope: { context: { parked: 'yes' } }, expect: { 'example.com': 'skip' } },
})
