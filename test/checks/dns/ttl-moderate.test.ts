import check from '../../../src/checks/dns/ttl-moderate.ts'
import { checkTable } from '../../check-table.ts'
import { servers, zone } from './zone.ts'

const ttl = (name: string, seconds: number): string => zone.replace(new RegExp(`(^ *${name}) (MX|TXT)`, 'm'), `$1 ${seconds} $2`)

checkTable(check, {
  'an hour': { zone, expect: { 'example.com': 'pass' } },
  'five minutes': { zone: ttl('_dmarc.example.com', 300), expect: { 'example.com': 'pass' } },
  'a day': { zone: ttl('_dmarc.example.com', 86400), expect: { 'example.com': 'pass' } },
  'a minute': {
    zone: ttl('_dmarc.example.com', 60), expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: '_dmarc.example.com', type: 'TXT', ttl: 60, count: 1 } },
  },
  'a week': { zone: ttl('example.com', 604800), expect: { 'example.com': 'failed' }, args: { 'example.com': { name: 'example.com', type: 'MX', ttl: 604800, count: 1 } } },
  'TXT that is not about mail': { zone: zone.replace(/example.com TXT "v=spf1.*/, 'example.com 60 TXT "site"'), expect: { 'example.com': 'pass' } },
  'where an alias leads': {
    zone: `${zone.replace(/_dmarc.*/, '')}\n_dmarc.example.com CNAME _dmarc.example.net\n_dmarc.example.net 60 TXT "v=DMARC1; p=none"`, expect: { 'example.com': 'pass' },
  },
  'no records for mail': { zone: zone.replace(/.*(?:MX|TXT).*/g, ''), expect: { 'example.com': 'skip' } },
  'one cannot be asked': { zone: `${zone}\n; at ${servers.ns1} example.com MX (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'a cache does not tell': { zone: `${ttl('example.com', 60)}\n; at ${servers.ns1} * (timeout)\n; at ${servers.ns2} * (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})
