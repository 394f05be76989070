import check from '../../../src/checks/mx/null-mx-sends-nothing.ts'
import { checkTable } from '../../check-table.ts'
import { rsaKey, txt } from '../dkim/keys.ts'

const none = 'example.com MX 0 .'

checkTable(check, {
  'nobody may send': { zone: `${none}\nexample.com TXT "v=spf1 -all"\n*._domainkey.example.com TXT "v=DKIM1; p="`, expect: { 'example.com': 'pass' } },
  'no record at all': { zone: none, expect: { 'example.com': 'pass' } },
  'soft failures pass nobody': { zone: `${none}\nexample.com TXT "v=spf1 ~ip4:192.0.2.1 ?all"`, expect: { 'example.com': 'pass' } },
  'an SPF term passes somebody': {
    zone: `${none}\nexample.com TXT "v=spf1 ip4:192.0.2.1 -all"`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', evidence: ['SPF "ip4:192.0.2.1"'] } },
  },
  'an included record does': {
    zone: `${none}\nexample.com TXT "v=spf1 include:_spf.example.net -all"\n_spf.example.net TXT "v=spf1 ip4:192.0.2.1 -all"`,
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', evidence: ['SPF "ip4:192.0.2.1" (in the record of _spf.example.net)'] } },
  },
  'an included record does not': {
    zone: `${none}\nexample.com TXT "v=spf1 include:_spf.example.net -all"\n_spf.example.net TXT "v=spf1 -all"`, expect: { 'example.com': 'pass' },
  },
  'where redirect leads': {
    zone: `${none}\nexample.com TXT "v=spf1 redirect=_spf.example.net"\n_spf.example.net TXT "v=spf1 a:mail.example.net -all"`,
    expect: { 'example.com': 'failed' },
  },
  'a DKIM key is live': {
    zone: `${none}\nexample.com TXT "v=spf1 -all"\n${txt('s1._domainkey.example.com', `v=DKIM1; p=${rsaKey(2048)}`)}`, scope: { selectors: ['s1'] },
    expect: { 'example.com': 'failed' }, args: { 'example.com': { domain: 'example.com', evidence: ['the DKIM key s1._domainkey.example.com'] } },
  },
  'a null MX beside a host': { zone: `${none}\nexample.com MX 10 mx1.example.com\nexample.com TXT "v=spf1 mx -all"`, expect: { 'example.com': 'skip' } },
  'no null MX': { zone: 'example.com MX 10 mx1.example.com\nexample.com TXT "v=spf1 mx -all"', expect: { 'example.com': 'skip' } },
  'SPF cannot be asked': { zone: `${none}\nexample.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
