import check from '../../../src/checks/mx/host-is-hostname.ts'
import { checkTable } from '../../check-table.ts'

checkTable(check, {
  'names of hosts': {
    zone: 'example.com MX 10 mx1.example.com\nexample.com MX 20 a-b.9x.example.net\nexample.com MX 30 xn--mller-kva.example',
    expect: { 'mx1.example.com': 'pass', 'a-b.9x.example.net': 'pass', 'xn--mller-kva.example': 'pass' },
  },
  'an address': {
    zone: 'example.com MX 10 192.0.2.1.\nexample.com MX 20 [192.0.2.2].',
    expect: { '192.0.2.1': 'address', '[192.0.2.2]': 'address' }, args: { '192.0.2.1': { host: '192.0.2.1' } },
  },
  'an IPv6 address': { zone: 'example.com MX 10 2001:db8::1.', expect: { '2001:db8::1': 'address' } },
  'an address to which the zone was appended': {
    zone: 'example.com MX 10 192.0.2.1.example.com.\nexample.com MX 20 2001:db8::1.example.com',
    expect: { '192.0.2.1.example.com': 'holds-address', '2001:db8::1.example.com': 'holds-address' },
    args: { '192.0.2.1.example.com': { host: '192.0.2.1.example.com', address: '192.0.2.1' } },
  },
  'an address behind the zone': { zone: 'example.com MX 10 example.com.192.0.2.1.', expect: { 'example.com.192.0.2.1': 'holds-address' } },
  'numbers that are no address': { zone: 'example.com MX 10 1.2.3.4.rev.example.com\nexample.com MX 20 1.2.3.example.com', expect: { '1.2.3.4.rev.example.com': 'pass', '1.2.3.example.com': 'pass' } },
  'other characters': {
    zone: 'example.com MX 10 mail_1.example.com\nexample.com MX 20 -mx.example.com\nexample.com MX 30 mx\\ 1.example.com',
    expect: { 'mail_1.example.com': 'failed', '-mx.example.com': 'failed', 'mx\\0321.example.com': 'failed' },
    args: { 'mail_1.example.com': { host: 'mail_1.example.com', label: 'mail_1' } },
  },
  'the zone twice': {
    zone: 'example.com MX 10 mx.example.com.example.com\nexample.com MX 20 example.com.example.com',
    expect: { 'mx.example.com.example.com': 'doubled', 'example.com.example.com': 'doubled' },
    args: { 'mx.example.com.example.com': { host: 'mx.example.com.example.com', domain: 'example.com' } },
  },
  'no MX': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
