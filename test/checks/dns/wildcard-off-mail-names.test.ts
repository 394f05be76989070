import check from '../../../src/checks/dns/wildcard-off-mail-names.ts'
import { checkTable } from '../../check-table.ts'
import { zone } from './zone.ts'

const label = 'mailcheck-imdezq-absent'

checkTable(check, {
  'no wildcard': { zone, expect: { 'example.com': 'pass' } },
  'a wildcard among the keys': {
    zone: `${zone}\n*._domainkey.example.com TXT "v=DKIM1; p=AAAA"`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: `${label}._domainkey.example.com`, wildcard: '*._domainkey.example.com', value: '"v=DKIM1; p=AAAA"', count: 1 } },
  },
  'a wildcard that revokes all keys': { zone: `${zone}\n*._domainkey.example.com TXT "v=DKIM1; p="`, expect: { 'example.com': 'pass' } },
  'a wildcard at the top': {
    zone: `${zone}\n*.example.com TXT "site-verification=1"`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: `${label}._domainkey.example.com`, wildcard: '*.example.com', value: '"site-verification=1"', count: 3 } },
  },
  'a wildcard that denies all senders': { zone: `${zone}\n*.example.com TXT "v=spf1 -all"`, expect: { 'example.com': 'pass' } },
  'a wildcard of addresses': { zone: `${zone}\n*.example.com A 9.9.9.80`, expect: { 'example.com': 'pass' } },
  'a wildcard that is an alias': {
    zone: `${zone}\n*.example.com CNAME example.com`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: `${label}._domainkey.example.com`, wildcard: '*.example.com', value: '"v=spf1 mx -all"', count: 3 } },
  },
  'an answer that no wildcard explains': {
    zone: `${zone}\n${label}._domainkey.example.com TXT "v=DKIM1; p=AAAA"`, expect: { 'example.com': 'unseen' },
  },
  'a name cannot be asked': { zone: `${zone}\n${label}._mta-sts.example.com TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})
