import { expect, test } from 'vitest'
import check from '../../../src/checks/mx/route-explicit.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

checkTable(check, {
  'an MX': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'pass' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'pass' } },
  'an address in place of an MX': {
    zone: 'example.com A 9.9.9.9',
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', address: '9.9.9.9' } },
  },
  'an IPv6 address in place of an MX': { zone: 'example.com AAAA 2a00::1', expect: { 'example.com': 'failed' } },
  'one family found, the other not to be asked': { zone: 'example.com A 9.9.9.9\nexample.com AAAA (timeout)', expect: { 'example.com': 'failed' } },
  'neither MX nor address': { zone: 'example.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
  'an address that cannot be asked': { zone: 'example.com A (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
  'no such domain': { zone: 'example.org A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('the remedy is a null MX where nothing is received', async () => {
  const zone = 'example.com A 9.9.9.9\nexample.com TXT "v=spf1 -all"'
  const [finding] = await judgeWorld([check], { zone })
  expect(finding?.remedy?.records).toEqual({ set: ['example.com. MX 0 .'] })
  const [other] = await judgeWorld([check], { zone, scope: { context: { receiving: 'yes' } } })
  expect(other?.remedy?.records).toEqual({ set: ['example.com. MX 10 example.com.'] })
})
