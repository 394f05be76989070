import { expect, test } from 'vitest'
import check from '../../../src/checks/mta-sts/record-exists.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { mail } from './policies.ts'

const row = (record: string, code: string) => ({ zone: `${mail}\n${record}`, expect: { 'example.com': code } })

checkTable(check, {
  'a record': row('_mta-sts.example.com TXT "v=STSv1; id=1;"', 'pass'),
  'a record behind an alias': row('_mta-sts.example.com CNAME sts.example.org\nsts.example.org TXT "v=STSv1; id=1;"', 'pass'),
  'two records, which another check blames': row('_mta-sts.example.com TXT "v=STSv1; id=1;"\n_mta-sts.example.com TXT "v=STSv1; id=2;"', 'pass'),
  'no record': { ...row('', 'failed'), args: { 'example.com': { domain: 'example.com' } } },
  'another version': row('_mta-sts.example.com TXT "v=STSv2; id=1;"', 'unlike'),
  'in lower case': row('_mta-sts.example.com TXT "v=stsv1; id=1;"', 'unlike'),
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'no mail at all': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'it cannot be told whether there is mail': { zone: 'example.com A 192.0.2.1\nexample.com TXT (servfail)', expect: { 'example.com': 'unknown' } },
  'a record of the domain above is not inherited (§3.4)': {
    zone: 'sub.example.com MX 10 mx1.example.com\n_mta-sts.example.com TXT "v=STSv1; id=1;"', scope: { domain: 'sub.example.com' }, expect: { 'sub.example.com': 'failed' },
  },
  'not answered': row('_mta-sts.example.com TXT (timeout)', 'unknown:dns-timeout'),
})

test('the record to publish is one that senders read', async () => {
  const [finding] = await judgeWorld([check], { zone: mail, now: '2026-11-22T12:34:56.789Z' })
  expect(finding?.remedy?.records).toEqual({ set: ['_mta-sts.example.com. TXT "v=STSv1; id=20261122T123456;"'] })
})
