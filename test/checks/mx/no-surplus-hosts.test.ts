import check from '../../../src/checks/mx/no-surplus-hosts.ts'
import { checkTable } from '../../check-table.ts'

checkTable(check, {
  'each host once': { zone: 'example.com MX 10 mx1.example.com\nexample.com MX 20 mx2.example.com', expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'pass' } },
  'a host twice': {
    zone: 'example.com MX 10 mx1.example.com\nexample.com MX 20 MX1.example.com\nexample.com MX 20 mx2.example.com',
    expect: { 'mx1.example.com': 'failed', 'mx2.example.com': 'pass' }, args: { 'mx1.example.com': { host: 'mx1.example.com', count: 2 } },
  },
  'the rest of a proof of ownership': {
    zone: 'example.com MX 10 mx1.example.com\nexample.com MX 32767 ms12345.msv1.invalid',
    expect: { 'mx1.example.com': 'pass', 'ms12345.msv1.invalid': 'invalid' },
  },
  'no MX': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
