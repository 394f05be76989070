import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/record-single.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const two = 'example.com TXT "v=spf1 mx -all"\nexample.com TXT "V=SPF1 include:_spf.example.net ~all"'

checkTable(check, {
  'one record beside other TXT': {
    zone: 'example.com TXT "v=spf1 mx -all"\nexample.com TXT "verification=1"',
    expect: { 'example.com': 'pass' },
  },
  'two records, in whatever case': {
    zone: two,
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { count: 2, records: ['v=spf1 mx -all', 'V=SPF1 include:_spf.example.net ~all'] } },
  },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'TXT is not answered': { zone: 'example.com TXT (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})

test('the remedy is one record with the terms of both', async () => {
  const [finding] = await judgeWorld([check], { zone: two })
  expect(finding?.remedy?.records).toEqual({
    set: ['example.com. TXT "v=spf1 mx include:_spf.example.net ~all"'],
    remove: ['example.com. TXT "v=spf1 mx -all"', 'example.com. TXT "V=SPF1 include:_spf.example.net ~all"'],
  })
})
