import check from '../../../src/checks/dns/cname-alone.ts'
import { checkTable } from '../../check-table.ts'
import { servers, zone } from './zone.ts'

checkTable(check, {
  'no aliases': { zone, expect: { 'example.com': 'pass' } },
  'aliases alone': { zone: `${zone}\nmta-sts.example.com CNAME host.example.net\nautodiscover.example.com CNAME gone.example.net`, expect: { 'example.com': 'pass' } },
  'an alias at the top of the zone': {
    zone: `${zone}\nexample.com CNAME shop.example.net`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'example.com', target: 'shop.example.net', types: ['SOA', 'NS', 'MX', 'TXT'], count: 1 } },
  },
  'an alias beside a policy': {
    zone: `${zone}\n_dmarc.example.com CNAME _dmarc.example.net`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: '_dmarc.example.com', target: '_dmarc.example.net', types: ['TXT'], count: 1 } },
  },
  'an alias beside a declared key, and an MX host with an address of its own': {
    zone: `${zone}\ns1._domainkey.example.com CNAME s1.example.net\ns1._domainkey.example.com TXT "v=DKIM1; p=AAAA"\nmx1.example.com CNAME mx.example.net`,
    scope: { selectors: ['s1'] }, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'mx1.example.com', target: 'mx.example.net', types: ['A'], count: 2 } },
  },
  'the resolver shows the alias alone, the name server shows more': {
    zone: `${zone.replace(/_dmarc.*/, '_dmarc.example.com CNAME _dmarc.example.net')}\n; at ${servers.ns1} _dmarc.example.com TXT "v=DMARC1; p=none"`,
    expect: { 'example.com': 'failed' },
  },
  'a name cannot be asked': { zone: `${zone}\n_dmarc.example.com CNAME (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})
