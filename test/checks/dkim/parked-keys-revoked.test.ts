import check from '../../../src/checks/dkim/parked-keys-revoked.ts'
import { checkTable } from '../../check-table.ts'
import { ed25519, txt } from './keys.ts'

const parked = 'example.com MX 0 .\nexample.com TXT "v=spf1 -all"'
const everywhere = '*._domainkey.example.com'

checkTable(check, {
  'an empty key everywhere': { zone: `${parked}\n${everywhere} TXT "v=DKIM1; p="`, expect: { 'example.com': 'pass' } },
  'without the version': { zone: `${parked}\n${everywhere} TXT "p="`, expect: { 'example.com': 'pass' } },
  'behind an alias': { zone: `${parked}\n${everywhere} CNAME revoked.example.net\nrevoked.example.net TXT "v=DKIM1; p="`, expect: { 'example.com': 'pass' } },
  'nothing': { zone: parked, expect: { 'example.com': 'failed' }, args: { 'example.com': { domain: 'example.com' } } },
  'a wildcard for something else': { zone: `${parked}\n*.example.com TXT "v=spf1 -all"`, expect: { 'example.com': 'failed' } },
  'an empty key at one selector': { zone: `${parked}\ndefault._domainkey.example.com TXT "v=DKIM1; p="`, expect: { 'example.com': 'failed' } },
  'a key everywhere, of a domain that says that it is parked': {
    zone: `${parked}\n${txt(everywhere, ed25519)}`, scope: { context: { parked: 'yes' } }, expect: { 'example.com': 'failed' },
  },
  'a domain with mail': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'skip' } },
  'a domain that does not exist': { zone: 'example.net MX 0 .', expect: { 'example.com': 'skip' } },
  'MX is not answered, but it is known to send': {
    zone: 'example.com MX (servfail)\nexample.com TXT "v=spf1 ip4:192.0.2.1 -all"', expect: { 'example.com': 'skip' },
  },
  'the wildcard is not answered': {
    zone: `${parked}\nmailcheck-imdezq-absent._domainkey.example.com TXT (servfail)`, scope: { context: { parked: 'yes' } }, expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'nobody knows whether it is parked': { zone: 'example.com MX 0 .\nexample.com TXT (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
