import check from '../../../src/checks/dns/nameservers-redundant.ts'
import { checkTable } from '../../check-table.ts'
import { zone } from './zone.ts'

const one = 'example.com SOA ns1.example.com h.example.com 1 2 3 4 5\nexample.com NS ns1.example.com\nns1.example.com A 9.9.9.1'

checkTable(check, {
  'two servers': { zone, expect: { 'example.com': 'pass' } },
  'one server': {
    zone: one, expect: { 'example.com': 'failed' }, args: { 'example.com': { zone: 'example.com', host: ['ns1.example.com'], address: ['9.9.9.1'] } },
  },
  'one server with two addresses': { zone: `${one}\nns1.example.com AAAA 2620:fe::1`, expect: { 'example.com': 'failed' } },
  'two names of one address': {
    zone: `${one}\nexample.com NS ns2.example.com\nns2.example.com A 9.9.9.1`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { zone: 'example.com', host: ['ns1.example.com', 'ns2.example.com'], address: ['9.9.9.1'] } },
  },
  'the second name leads nowhere': { zone: `${one}\nexample.com NS ns2.example.com`, expect: { 'example.com': 'skip' } },
  'the second name cannot be looked up': { zone: `${one}\nexample.com NS ns2.example.com\nns2.example.com A (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'a domain within a zone': { zone, scope: { domain: 'mx1.example.com' }, expect: { 'example.com': 'pass' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
  'a resolver that does not answer': { zone: 'example.com SOA (timeout)\nexample.com NS (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
