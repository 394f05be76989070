import check from '../../../src/checks/iprev/ptr-exists.ts'
import { checkTable } from '../../check-table.ts'
import { declared, reverse6, sending } from './senders.ts'

checkTable(check, {
  'a name': { zone: `${sending}\n25.9.9.9.in-addr.arpa PTR mx1.example.com`, expect: { '9.9.9.25': 'pass' } },
  'no such name': { zone: sending, expect: { '9.9.9.25': 'failed' }, args: { '9.9.9.25': { address: '9.9.9.25' } } },
  'something else stands there': { zone: `${sending}\n25.9.9.9.in-addr.arpa TXT "x"`, expect: { '9.9.9.25': 'failed' } },
  'delegated by an alias (RFC 2317)': {
    zone: `${sending}\n25.9.9.9.in-addr.arpa CNAME 25.0-127.9.9.9.in-addr.arpa\n25.0-127.9.9.9.in-addr.arpa PTR mx1.example.com`, expect: { '9.9.9.25': 'pass' },
  },
  'declared senders, of both families': {
    zone: `example.com MX 0 .\n7.9.9.9.in-addr.arpa PTR out.example.com\n${reverse6} PTR out.example.com`, scope: declared,
    expect: { '9.9.9.7': 'pass', '2620:fe::7': 'pass' },
  },
  'an MX host of which it cannot be told whether it may send': {
    zone: `${sending}\nexample.com MX 20 mx2.example.com\nmx2.example.com A 9.9.9.26\nmx2.example.com AAAA (timeout)\n25.9.9.9.in-addr.arpa PTR mx1.example.com\n26.9.9.9.in-addr.arpa PTR mx2.example.com`
      .replace('mx -all', 'ip4:9.9.9.25 a:mx3.example.com -all') + '\nmx3.example.com A (timeout)',
    expect: { '9.9.9.25': 'pass', 'example.com': 'unknown:dns-timeout' },
  },
  'an MX host that may not send': { zone: sending.replace('mx -all', '-all'), expect: { 'example.com': 'skip' } },
  'the reverse name cannot be asked': { zone: `${sending}\n25.9.9.9.in-addr.arpa PTR (servfail)`, expect: { '9.9.9.25': 'unknown:dns-servfail' } },
  'it cannot be told who sends': { zone: sending.replace('TXT "v=spf1 mx -all"', 'TXT (timeout)'), expect: { 'example.com': 'unknown:dns-timeout' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
