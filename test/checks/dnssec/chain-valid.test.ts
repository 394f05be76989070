import { expect, test } from 'vitest'
import check from '../../../src/checks/dnssec/chain-valid.ts'
import resolvable from '../../../src/checks/domain/resolvable.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { rootSigned, signed, unsigned } from './signed.ts'

checkTable(check, {
  'a chain that holds': { zone: signed, expect: { 'example.com': 'pass' } },
  'no chain at all': { zone: unsigned, expect: { 'example.com': 'skip' } },
  'a broken chain': {
    zone: `${signed}\n; bogus example.com`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'example.com', type: 'MX', ede: ['6 DNSSEC Bogus'], count: 4 } },
  },
  'bogus addresses of an MX host': {
    zone: `${signed}\n; bogus mx1.example.com`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'mx1.example.com', type: 'A', ede: ['6 DNSSEC Bogus'], count: 1 } },
  },
  'a resolver whose word does not count': { zone: `${signed}\n; bogus example.com\n; ad-untrusted`, expect: { 'example.com': 'unknown:ad-untrusted' } },
  'answers that nobody validated': { zone: signed.replace('; secure', '; insecure'), expect: { 'example.com': 'unknown:ad-untrusted' } },
  'answers of a resolver whose word does not count': { zone: `${signed}\n; ad-untrusted`, expect: { 'example.com': 'unknown:ad-untrusted' } },
  'a failure that has nothing to do with validation': { zone: `${signed}\nexample.com MX (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'a failure in a zone that is not signed': { zone: `${unsigned}\n; bogus mx1.example.com\nexample.com TXT (servfail)`, expect: { 'example.com': 'skip' } },
  'a parent whose denial is bogus': { zone: `; secure example.com\n${unsigned}\n; bogus com`, expect: { 'example.com': 'failed' } },
  'an MX host in a broken zone of somebody else': {
    zone: `${signed}\nexample.com MX 20 mx.example.net\nexample.net SOA a b 1 2 3 4 5\nmx.example.net A 9.9.9.26\n; bogus example.net`,
    expect: { 'example.com': 'pass', 'example.net': 'failed' },
  },
  'an MX host whose zone cannot be had': {
    zone: `${signed}\nexample.com MX 20 mx.example.net\nmx.example.net SOA (timeout)\nmx.example.net A 9.9.9.26`,
    expect: { 'example.com': 'pass', 'mx.example.net': 'unknown:dns-timeout' },
  },
  'a broken chain by a clock that is wrong, as that of the resolver may be': {
    zone: `${signed}\n; bogus example.com\n${rootSigned}`, now: '2031-11-22T12:00:00Z', expect: { 'example.com': 'unknown:clock-wrong-here' },
  },
  'a chain that holds, whatever the clock here says': { zone: `${signed}\n${rootSigned}`, now: '2031-11-22T12:00:00Z', expect: { 'example.com': 'pass' } },
  'a resolver that does not answer': { zone: `${signed}\nexample.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})

test('what is bogus is not also called unresolvable', async () => {
  const findings = await judgeWorld([resolvable, check], { zone: `${signed}\n; bogus example.com\n; resolvers 2` })
  expect(findings.map(({ check: id, verdict, code }) => [id, verdict, code])).toEqual([
    ['domain/resolvable', 'skip', 'deferred'], ['dnssec/chain-valid', 'fail', 'failed'],
  ])
})
