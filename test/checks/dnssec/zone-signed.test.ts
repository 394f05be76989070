import check from '../../../src/checks/dnssec/zone-signed.ts'
import { checkTable } from '../../check-table.ts'
import { ds, key, signed, unsigned } from './signed.ts'

checkTable(check, {
  'signed': { zone: signed, expect: { 'example.com': 'pass' } },
  'not signed': { zone: unsigned, expect: { 'example.com': 'failed' }, args: { 'example.com': { zone: 'example.com' } } },
  'the registrar was not told': { zone: `${unsigned}\n${key}`, expect: { 'example.com': 'unanchored' }, args: { 'example.com': { zone: 'example.com', parent: 'com' } } },
  'only the registrar knows of it': { zone: `${unsigned}\n${ds}`, expect: { 'example.com': 'keyless' } },
  'an MX host in another zone': {
    zone: `${signed}\nexample.com MX 20 mx.example.net\nexample.net SOA a b 1 2 3 4 5\nmx.example.net A 9.9.9.26`,
    expect: { 'example.com': 'pass', 'example.net': 'failed' },
  },
  'a domain within the zone of another': { zone: signed, scope: { domain: 'mx1.example.com' }, expect: { 'example.com': 'pass' } },
  'the DS cannot be asked': { zone: `${unsigned}\nexample.com DS (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})
