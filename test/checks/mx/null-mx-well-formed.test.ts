import check from '../../../src/checks/mx/null-mx-well-formed.ts'
import { checkTable } from '../../check-table.ts'

checkTable(check, {
  'a null MX alone': { zone: 'example.com MX 0 .', expect: { 'example.com': 'pass' } },
  'beside a host': {
    zone: 'example.com MX 0 .\nexample.com MX 10 mx1.example.com', expect: { 'example.com': 'failed' },
    args: { 'example.com': { records: ['0 .', '10 mx1.example.com.'] } },
  },
  'twice': { zone: 'example.com MX 0 .\nexample.com MX 10 .', expect: { 'example.com': 'failed' } },
  'with another preference': {
    zone: 'example.com MX 10 .', expect: { 'example.com': 'preference' }, args: { 'example.com': { records: ['10 .'], preference: 10 } },
  },
  'hosts alone': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'skip' } },
  'no MX': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
