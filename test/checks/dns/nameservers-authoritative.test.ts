import check from '../../../src/checks/dns/nameservers-authoritative.ts'
import { checkTable } from '../../check-table.ts'
import { servers, zone } from './zone.ts'

const v6 = `${zone}\nns1.example.com AAAA 2620:fe::1`

checkTable(check, {
  'every server knows the zone': { zone, expect: { 'example.com': 'pass' } },
  'one refuses': {
    zone: `${zone}\n; at ${servers.ns2} * (refused)`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { host: 'ns2.example.net (9.9.9.2)', zone: 'example.com', rcode: 'REFUSED', count: 1 } },
  },
  'one fails': {
    zone: `${zone}\n; at ${servers.ns2} * (servfail)`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { host: 'ns2.example.net (9.9.9.2)', zone: 'example.com', rcode: 'SERVFAIL', count: 1 } },
  },
  'one answers from a cache': { zone: `${zone}\n; at ${servers.ns2} lame`, expect: { 'example.com': 'failed' } },
  'one answers for the zone above': { zone: `${zone}\n; at ${servers.ns2} example.com SOA (nxdomain)`, expect: { 'example.com': 'failed' } },
  'one is silent while another answers': {
    zone: `${zone}\n; at ${servers.ns2} * (timeout)`, expect: { 'example.com': 'silent' },
    args: { 'example.com': { host: 'ns2.example.net (9.9.9.2)', zone: 'example.com', count: 1 } },
  },
  'one has no address': {
    zone: zone.replace('ns2.example.net A 9.9.9.2', ''), expect: { 'example.com': 'nowhere' },
    args: { 'example.com': { host: 'ns2.example.net', zone: 'example.com', count: 1 } },
  },
  'the address of one cannot be looked up': { zone: zone.replace('net A 9.9.9.2', 'net A (servfail)'), expect: { 'example.com': 'unknown:dns-servfail' } },
  'all are silent: it may be this network': { zone: `${zone}\n; at ${servers.ns1} * (timeout)\n; at ${servers.ns2} * (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'silence over IPv6 alone says nothing': { zone: `${v6}\n; at 2620:fe::1 * (timeout)`, expect: { 'example.com': 'pass' } },
  'silence over IPv6 where another answers over it': {
    zone: `${v6}\nns2.example.net AAAA 2620:fe::2\n; at 2620:fe::1 * (timeout)`, expect: { 'example.com': 'silent' },
  },
  'nobody is an authority, yet the resolver finds the zone': {
    zone: `${zone}\n; at ${servers.ns1} lame\n; at ${servers.ns2} lame`, expect: { 'example.com': 'unknown:intercepted-here' },
  },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
  'a resolver that does not answer': { zone: 'example.com SOA (timeout)\nexample.com NS (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
