import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/p-present.ts'
import enforced from '../../../src/checks/dmarc/policy-enforced.ts'
import values from '../../../src/checks/dmarc/policy-values-valid.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const row = (record: string, code: string) => ({ zone: `_dmarc.example.com TXT "${record}"`, expect: { 'example.com': code } })

checkTable(check, {
  'p': row('v=DMARC1; p=none', 'pass'),
  'p anywhere': row('v=DMARC1; rua=mailto:d@example.com; P = none', 'pass'),
  'a p that nobody knows is another finding': row('v=DMARC1; p=x', 'pass'),
  'no p': { ...row('v=DMARC1; rua=mailto:d@example.com', 'failed'), args: { 'example.com': { record: 'v=DMARC1; rua=mailto:d@example.com' } } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'not answered': { zone: '_dmarc.example.com TXT (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})

test('p is put where the older standard wants it', async () => {
  const [finding] = await judgeWorld([check], { zone: '_dmarc.example.com TXT "v=DMARC1;rua=mailto:d@example.com; fo=1;"' })
  expect(finding?.remedy?.records?.set).toEqual(['_dmarc.example.com. TXT "v=DMARC1; p=none; rua=mailto:d@example.com; fo=1"'])
})

test('one finding for one record without p', async () => {
  const failing = async (record: string) => (await judgeWorld([values, check, enforced], { zone: `example.com MX 10 mx1.example.com\n_dmarc.example.com TXT "${record}"` }))
    .filter(({ verdict }) => verdict === 'fail').map(({ check: id }) => id)
  expect(await failing('v=DMARC1; rua=mailto:d@example.com')).toEqual(['dmarc/p-present'])
  expect(await failing('v=DMARC1; adkim=s')).toEqual(['dmarc/policy-values-valid'])
})
