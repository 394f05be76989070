import check from '../../../src/checks/dns/tcp-answered.ts'
import { checkTable } from '../../check-table.ts'
import { servers, zone } from './zone.ts'

checkTable(check, {
  'all answer over TCP': { zone, expect: { 'example.com': 'pass' } },
  'one is silent over TCP': {
    zone: `${zone}\n; at ${servers.ns2} (timeout) over tcp`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { host: 'ns2.example.net (9.9.9.2)', count: 1 } },
  },
  'none answers over TCP: it may be this network': {
    zone: `${zone}\n; at ${servers.ns1} (timeout) over tcp\n; at ${servers.ns2} (timeout) over tcp`, expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'a server that does not answer at all is not judged': { zone: `${zone}\n; at ${servers.ns2} * (timeout)`, expect: { 'example.com': 'pass' } },
  'no server answers': { zone: `${zone}\n; at ${servers.ns1} * (timeout)\n; at ${servers.ns2} * (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'an error over TCP is no silence': { zone: `${zone}\n; at ${servers.ns2} (malformed) over tcp`, expect: { 'example.com': 'unknown:dns-malformed' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})
