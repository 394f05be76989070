import { expect, test } from 'vitest'
import tlsaAnswered from '../../../src/checks/dane/tlsa-answered.ts'
import check from '../../../src/checks/dnssec/denial-answered.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { signed, unsigned } from './signed.ts'

const at = '; at 9.9.9.1'

checkTable(check, {
  'empty answers': { zone: signed, expect: { 'example.com': 'pass' } },
  'not signed': { zone: unsigned, expect: { 'example.com': 'pass' } },
  'the name server fails for types that it does not know': {
    zone: `${signed}\nmx1.example.com TLSA (servfail)`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'mx1.example.com', type: 'TLSA', outcome: 'SERVFAIL', count: 1 } },
  },
  'it refuses': {
    zone: `${signed}\nmx1.example.com AAAA (servfail)\n${at} mx1.example.com AAAA (refused)`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'mx1.example.com', type: 'AAAA', outcome: 'REFUSED', count: 1 } },
  },
  'it drops the question': {
    zone: `${signed}\nexample.com TLSA (timeout)`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'example.com', type: 'TLSA', outcome: 'silence', count: 1 } },
  },
  'it is silent altogether just then': {
    zone: `${signed}\nexample.com TLSA (timeout)\n${at} example.com CNAME (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'the denial does not validate': {
    zone: `${signed.replace('mx1.example.com A ', 'mx1.example.com TXT "x"\nmx1.example.com A ')}\n; bogus mx1.example.com`, expect: { 'example.com': 'failed' },
  },
  'only the resolver fails': {
    zone: `${signed}\nmx1.example.com TLSA (servfail)\n${at} mx1.example.com TLSA (nodata)`, expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'a resolver whose word does not count': { zone: `${signed}\n; bogus mx1.example.com\n; ad-untrusted`, expect: { 'example.com': 'unknown:ad-untrusted' } },
  'an MX host of somebody else, whose servers are not asked': {
    zone: `${signed}\nexample.com MX 20 mx.example.net\nexample.net SOA a b 1 2 3 4 5\nmx.example.net A 9.9.9.26\nmx.example.net TLSA (servfail)`,
    expect: { 'example.com': 'pass', 'example.net': 'unknown:dns-servfail' },
  },
  'the zone is not answered': { zone: `${signed}\nexample.com SOA (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'nothing of the zone is answered': { zone: `${signed}\n; bogus example.com`, expect: { 'example.com': 'skip' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})

test('what keeps DANE senders away is said once, and gravely', async () => {
  const zone = `${signed}\n${['mx1.example.com', '_25._tcp.mx1.example.com'].map(name => `${name} TLSA (servfail)`).join('\n')}`
  const findings = await judgeWorld([tlsaAnswered, check], { zone })
  expect(findings.map(({ check: id, subject, verdict, code }) => [id, subject, verdict, code])).toEqual([
    ['dane/tlsa-answered', 'mx1.example.com', 'fail', 'failed'], ['dnssec/denial-answered', 'example.com', 'skip', 'deferred'],
  ])
})
