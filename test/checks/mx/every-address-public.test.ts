import check from '../../../src/checks/mx/every-address-public.ts'
import { checkTable } from '../../check-table.ts'
import { zone as servedZone } from '../dns/zone.ts'

const mx = 'example.com MX 10 mx1.example.com\nexample.com MX 20 mx2.example.com\nmx1.example.com A 9.9.9.9'

const split = (more: string): string => `${servedZone}\nexample.com MX 20 mx2.example.com\nmx2.example.com A 10.0.0.1\n${more}`

checkTable(check, {
  'public addresses': { zone: `${mx}\nmx2.example.com AAAA 2620:fe::9`, expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'pass' } },
  'a private one beside a public one': {
    zone: `${mx}\nmx2.example.com A 9.9.9.10\nmx2.example.com A 10.1.2.3\nmx2.example.com AAAA fd00::1`,
    expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'failed' },
    args: { 'mx2.example.com': { host: 'mx2.example.com', address: '10.1.2.3', block: 'private, RFC 1918', count: 2 } },
  },
  ...Object.fromEntries(['127.0.0.1', '169.254.1.1', '100.64.0.1', '192.0.2.1', '0.0.0.0'].map(address =>
    [address, { zone: `${mx}\nmx2.example.com A ${address}`, expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'failed' } }])),
  'a private one here, and a public one for everybody else': {
    zone: split('; at 9.9.9.1 mx2.example.com A 9.9.9.10'), expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'unknown:split-view' },
  },
  'a private one for everybody': { zone: split(''), expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'failed' } },
  'what is seen is enough, though a family is not': {
    zone: `${mx}\nmx2.example.com A 10.0.0.1\nmx2.example.com AAAA (timeout)`, expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'failed' },
  },
  'a family cannot be asked': {
    zone: `${mx}\nmx2.example.com A 9.9.9.10\nmx2.example.com AAAA (timeout)`, expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'unknown:dns-timeout' },
  },
  'no address': { zone: mx, expect: { 'mx1.example.com': 'pass', 'mx2.example.com': 'skip' } },
  'no MX': { zone: 'example.com A 10.0.0.1', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
