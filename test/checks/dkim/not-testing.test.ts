import { expect, test } from 'vitest'
import check from '../../../src/checks/dkim/not-testing.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { rsaKey, txt } from './keys.ts'

const s1 = 's1._domainkey.example.com'
const p = `p=${rsaKey(1024)}`
const record = (tags: string) => ({ zone: txt(s1, `v=DKIM1; ${tags}; ${p}`), scope: { selectors: ['s1'] } })

checkTable(check, {
  'no flags': { ...record('k=rsa'), expect: { [s1]: 'pass' } },
  'no subdomains': { ...record('t=s'), expect: { [s1]: 'pass' } },
  'testing': { ...record('t=y'), expect: { [s1]: 'failed' }, args: { [s1]: { name: s1 } } },
  'both': { ...record('t=s : y'), expect: { [s1]: 'failed' } },
  'a flag that nobody knows': { ...record('t=yes'), expect: { [s1]: 'pass' } },
  'a guessed selector counts like any other': { zone: txt('mail._domainkey.example.com', `t=y; ${p}`), expect: { 'mail._domainkey.example.com': 'failed' } },
  'a revoked key': { zone: `${s1} TXT "v=DKIM1; t=y; p="`, scope: { selectors: ['s1'] }, expect: { [s1]: 'skip' } },
  'no key known': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'skip' } },
  'no answer': { zone: `${s1} TXT (timeout)`, scope: { selectors: ['s1'] }, expect: { [s1]: 'unknown:dns-timeout' } },
})

test('the remedy keeps the other flag', async () => {
  const remedies = await Promise.all(['t=y', 't=y:s'].map(async tags => (await judgeWorld([check], record(tags)))[0]?.remedy?.records?.set))
  expect(remedies).toEqual([[txt(`${s1}.`, `v=DKIM1; ${p}`)], [txt(`${s1}.`, `v=DKIM1; t=s; ${p}`)]])
})
