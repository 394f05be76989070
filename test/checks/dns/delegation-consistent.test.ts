import check from '../../../src/checks/dns/delegation-consistent.ts'
import { checkTable } from '../../check-table.ts'
import { servers, zone } from './zone.ts'

const delegation = /; at 9\.9\.9\.9 delegates .*/

checkTable(check, {
  'both name the same': { zone, expect: { 'example.com': 'pass' } },
  'the parent names one that the zone does not': {
    zone: zone.replace(delegation, '; at 9.9.9.9 delegates example.com ns1.example.com old.example.org'), expect: { 'example.com': 'failed' },
    args: { 'example.com': { parent: ['ns1.example.com', 'old.example.org'], child: ['ns1.example.com', 'ns2.example.net'] } },
  },
  'the zone names one more than the parent': {
    zone: zone.replace(delegation, '; at 9.9.9.9 delegates example.com ns1.example.com'), expect: { 'example.com': 'failed' },
  },
  'the resolver has the parent’s set, the zone another': {
    zone: `${zone}\n; at ${servers.ns1} example.com NS ns1.example.com\n; at ${servers.ns1} example.com NS ns3.example.com`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { parent: ['ns1.example.com', 'ns2.example.net'], child: ['ns1.example.com', 'ns3.example.com'] } },
  },
  'the parent’s servers serve the zone, too': { zone: zone.replace(delegation, ''), expect: { 'example.com': 'skip' } },
  'the parent’s servers do not answer': { zone: `${zone.replace(delegation, '')}\n; at ${servers.registry} * (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'the parent cannot be resolved': { zone: `${zone}\ncom NS (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})
