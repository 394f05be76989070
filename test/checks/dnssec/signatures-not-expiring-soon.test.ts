import { expect, test } from 'vitest'
import check from '../../../src/checks/dnssec/signatures-not-expiring-soon.ts'
import fresh from '../../../src/checks/dnssec/signatures-fresh.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { ds, key, records, signatures, signed, unsigned } from './signed.ts'

const base = `; secure example.com\n${records}\n${key}\n${ds}`
const last = `${base}\n${signatures('20261123060000')}`

checkTable(check, {
  'two weeks are left': { zone: signed, expect: { 'example.com': 'pass' } },
  'two days of nine': {
    zone: `${base}\n${signatures('20261124120000')}`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'example.com', type: 'SOA', date: '2026-11-24T12:00:00Z' } },
  },
  'a quarter of the whole is enough': { zone: `${base}\n${signatures('20261125120000')}`, expect: { 'example.com': 'pass' } },
  'never more than five days': { zone: `${base}\n${signatures('20261127120100', '20260101000000')}`, expect: { 'example.com': 'pass' } },
  'four days of a year': { zone: `${base}\n${signatures('20261126120000', '20260101000000')}`, expect: { 'example.com': 'failed' } },
  'an online signer': { zone: `${base}\n${signatures('20261123120000', '20261121120000')}`, expect: { 'example.com': 'pass' } },
  'not signed': { zone: unsigned, expect: { 'example.com': 'skip' } },
  'the DS cannot be asked': { zone: `${unsigned}\nexample.com DS (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})

test('what is about to end is said once', async () => {
  const findings = await judgeWorld([fresh, check], { zone: last })
  expect(findings.map(({ verdict, code }) => [verdict, code])).toEqual([['fail', 'failed'], ['skip', 'deferred']])
})
