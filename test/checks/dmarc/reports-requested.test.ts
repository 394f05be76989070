import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/reports-requested.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const mx = 'example.com MX 10 mx1.example.com'
const row = (record: string, code: string) => ({ zone: `${mx}\n_dmarc.example.com TXT "${record}"`, expect: { 'example.com': code } })

checkTable(check, {
  'rua': row('v=DMARC1; p=none; rua=mailto:d@example.com', 'pass'),
  'what rua names is another finding': row('v=DMARC1; p=none; rua=d@example.com', 'pass'),
  'nothing': { ...row('v=DMARC1; p=reject', 'failed'), args: { 'example.com': { domain: 'example.com' } } },
  'ruf alone': row('v=DMARC1; p=reject; ruf=mailto:d@example.com', 'failed'),
  'an empty rua': row('v=DMARC1; p=reject; rua=', 'failed'),
  'parked': { zone: 'example.com MX 0 .\n_dmarc.example.com TXT "v=DMARC1; p=reject"', expect: { 'example.com': 'skip' } },
  'parked, and it asks': { zone: 'example.com MX 0 .\n_dmarc.example.com TXT "v=DMARC1; p=reject; rua=mailto:d@example.net"', expect: { 'example.com': 'pass' } },
  'inherited': { zone: 'm.example.com MX 10 mx1.example.com\n_dmarc.example.com TXT "v=DMARC1; p=reject"', scope: { domain: 'm.example.com' }, expect: { 'm.example.com': 'failed' } },
  'a record of which nothing is made': row('v=DMARC1; p=x', 'skip'),
  'no record': { zone: mx, expect: { 'example.com': 'skip' } },
  'not answered': { zone: `${mx}\n_dmarc.example.com TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('the remedy adds rua to the record there is', async () => {
  const [finding] = await judgeWorld([check], { zone: 'm.example.com MX 10 mx1.example.com\n_dmarc.example.com TXT "v=DMARC1; p=reject;"', scope: { domain: 'm.example.com' } })
  expect(finding?.remedy?.records?.set).toEqual(['_dmarc.example.com. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"'])
})
