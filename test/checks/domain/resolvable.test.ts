import check from '../../../src/checks/domain/resolvable.ts'
import { checkTable } from '../../check-table.ts'
import { rootSigned } from '../dnssec/signed.ts'
import { servers, unresolved, zone } from '../dns/zone.ts'

checkTable(check, {
  'a domain that is answered for': { zone, expect: { 'example.com': 'pass' } },
  'a domain within a zone': { zone, scope: { domain: 'mx1.example.com' }, expect: { 'mx1.example.com': 'pass' } },
  'two resolvers fail alike': {
    zone: `${unresolved}\n; resolvers 2`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { count: 2, domain: 'example.com', ede: ['without a reason'] } },
  },
  'two validators refuse': {
    zone: `${zone}\n; bogus example.com\n; resolvers 2`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { count: 2, domain: 'example.com', ede: ['6 DNSSEC Bogus'] } },
  },
  'two validators refuse by a clock that is wrong': {
    zone: `${zone}\n; bogus example.com\n; resolvers 2\n${rootSigned}`, now: '2021-11-22T12:00:00Z', expect: { 'example.com': 'unknown:clock-wrong-here' },
  },
  'one resolver fails, and the name servers answer': {
    zone: `${unresolved}\n${['ns1', 'ns2'].map(name => `; at ${servers[name as 'ns1']} example.com SOA ns1.example.com h.example.com 1 2 3 4 5`).join('\n')}`,
    expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'one resolver fails, and so do all name servers': {
    zone: `${unresolved}\n; at ${servers.ns1} * (refused)`, expect: { 'example.com': 'unserved' },
    args: { 'example.com': { domain: 'example.com', nameservers: ['ns1.example.com', 'ns2.example.net'] } },
  },
  'the address of a name server cannot be looked up': {
    zone: `${unresolved}\nns2.example.net A (servfail)\n; at ${servers.ns1} * (refused)`, expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'the resolver is silent, and all name servers refuse': {
    zone: `${zone}\nexample.com SOA (timeout)\n; at ${servers.ns1} * (refused)\n; at ${servers.ns2} * (refused)`, expect: { 'example.com': 'unserved' },
  },
  'a name server is silent, which may be this network': { zone: `${unresolved}\n; at ${servers.ns1} * (timeout)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'one validator refuses': { zone: `${zone}\n; bogus example.com`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'no delegation is to be seen': { zone: 'example.com SOA (servfail)\nexample.com NS (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
  'a resolver that does not answer': { zone: 'example.com SOA (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
