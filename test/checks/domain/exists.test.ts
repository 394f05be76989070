import check from '../../../src/checks/domain/exists.ts'
import { checkTable } from '../../check-table.ts'

checkTable(check, {
  'a domain with mail': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'pass' } },
  'a domain with nothing but a web site': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'pass' } },
  'a domain with names below it only': { zone: 'www.example.com A 192.0.2.1', expect: { 'example.com': 'pass' } },
  'a domain that nobody has': {
    zone: 'example.org A 192.0.2.1',
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', resolver: '127.0.0.1:53' } },
  },
  'an alias whose target is gone': { zone: 'example.com CNAME gone.example.org', expect: { 'example.com': 'pass' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'a resolver that is silent': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
  'a resolver that refuses': { zone: 'example.com MX (refused)', expect: { 'example.com': 'unknown:resolver-refused' } },
})
