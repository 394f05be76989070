import check from '../../../src/checks/dnssec/signatures-fresh.ts'
import { checkTable } from '../../check-table.ts'
import { ds, key, records, signatures, signed, unsigned } from './signed.ts'

const base = `; secure example.com\n${records}\n${key}\n${ds}`
const late = signatures('20261124000000') // 36 hours after now, of nine days

checkTable(check, {
  'two weeks are left': { zone: signed, expect: { 'example.com': 'pass' } },
  'hours are left of nine days': {
    zone: `${base}\n${signatures('20261123060000')}`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'example.com', type: 'SOA', date: '2026-11-23T06:00:00Z' } },
  },
  'a tenth of the whole is enough': { zone: `${base}\n${late}`, expect: { 'example.com': 'pass' } },
  'never more than two days': { zone: `${base}\n${signatures('20261124120100', '20260101000000')}`, expect: { 'example.com': 'pass' } },
  'a day of a year': { zone: `${base}\n${signatures('20261123120000', '20260101000000')}`, expect: { 'example.com': 'failed' } },
  'an online signer': { zone: `${base}\n${signatures('20261123120000', '20261121120000')}`, expect: { 'example.com': 'pass' } },
  'they ended': { zone: `${base}\n${signatures('20261122000000')}`, expect: { 'example.com': 'failed' } },
  'they ended, and are refused': { zone: `${base}\n${signatures('20261122000000')}\n; bogus example.com`, expect: { 'example.com': 'failed' } },
  'only one of them': {
    zone: `${signed.replace(/.* RRSIG TXT .*/, '')}\nexample.com RRSIG TXT 13 2 3600 20261122180000 20261101000000 1 example.com c2ln`,
    expect: { 'example.com': 'failed' }, args: { 'example.com': { name: 'example.com', type: 'TXT', date: '2026-11-22T18:00:00Z' } },
  },
  'an old one beside its successor': { zone: `${signed}\nexample.com RRSIG TXT 13 2 3600 20261122180000 20261101000000 1 example.com c2ln`, expect: { 'example.com': 'pass' } },
  'a second server that fell behind': {
    zone: `${signed}\nexample.com NS ns2.example.com\nns2.example.com A 9.9.9.2
      ; at 9.9.9.2 example.com MX 10 mx1.example.com\n; at 9.9.9.2 example.com RRSIG MX 13 2 3600 20261122180000 20261101000000 1 example.com c2ln`,
    expect: { 'example.com': 'failed' }, args: { 'example.com': { name: 'example.com', type: 'MX', date: '2026-11-22T18:00:00Z' } },
  },
  'a signature of another zone': { zone: `${signed}\nexample.com RRSIG TXT 8 2 3600 20261122180000 20261101000000 1 example.net c2ln`, expect: { 'example.com': 'pass' } },
  'not signed': { zone: `${unsigned}\n${late}`, expect: { 'example.com': 'skip' } },
  'a resolver that keeps signatures to itself': { zone: base, expect: { 'example.com': 'unknown:ad-untrusted' } },
  'the DS cannot be asked': { zone: `${unsigned}\nexample.com DS (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})
