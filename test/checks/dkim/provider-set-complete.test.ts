import { expect, test } from 'vitest'
import check from '../../../src/checks/dkim/provider-set-complete.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { ed25519, txt } from './keys.ts'

const microsoft = 'example.com MX 0 example-com.mail.protection.outlook.com'
const alias = (n: number) => `selector${n}._domainkey.example.com CNAME selector${n}-example-com._domainkey.example.onmicrosoft.com`
const sendgrid = 'example.com MX 10 mx1.example.com\nexample.com TXT "v=spf1 include:sendgrid.net -all"'

checkTable(check, {
  'both selectors, the second not yet in use': { zone: `${microsoft}\n${alias(1)}\n${alias(2)}`, expect: { 'example.com': 'pass' } },
  'the first alone': {
    zone: `${microsoft}\n${alias(1)}`, expect: { 'example.com': 'failed' }, args: { 'example.com': { provider: 'Microsoft 365', missing: ['selector2'], count: 1 } },
  },
  'the newer form of the alias': {
    zone: `${microsoft}\nselector2._domainkey.example.com CNAME selector2-example-com._domainkey.example.n-v1.dkim.mail.microsoft`,
    expect: { 'example.com': 'failed' }, args: { 'example.com': { provider: 'Microsoft 365', missing: ['selector1'], count: 1 } },
  },
  'two of three': {
    zone: `example.com MX 10 aspmx1.migadu.com
      key1._domainkey.example.com CNAME key1.example.com._domainkey.migadu.com
      key3._domainkey.example.com CNAME key3.example.com._domainkey.migadu.com`,
    expect: { 'example.com': 'failed' }, args: { 'example.com': { provider: 'Migadu', missing: ['key2'], count: 1 } },
  },
  'a declared selector counts for the set, too': {
    zone: `${microsoft}\n${alias(1)}\n${alias(2)}`, scope: { selectors: ['selector1'] }, expect: { 'example.com': 'pass' },
  },
  'none at all: the provider may sign with names of its own': { zone: microsoft, expect: { 'example.com': 'skip' } },
  'a selector of that name that is somebody else’s': { zone: `${sendgrid}\n${txt('s1._domainkey.example.com', ed25519)}`, expect: { 'example.com': 'skip' } },
  'the same, as the provider would have it': { zone: `${sendgrid}\ns1._domainkey.example.com CNAME s1.domainkey.u1.wl.sendgrid.net`, expect: { 'example.com': 'failed' } },
  'a missing one that a wildcard answers for': {
    zone: `${microsoft}\n${alias(1)}\n*._domainkey.example.com TXT "v=DKIM1; p="`, expect: { 'example.com': 'failed' },
  },
  'a provider with one selector': { zone: `example.com MX 1 aspmx.l.google.com\n${txt('google._domainkey.example.com', ed25519)}`, expect: { 'example.com': 'skip' } },
  'no provider known': { zone: `example.com MX 10 mx1.example.com\n${alias(1)}`, expect: { 'example.com': 'skip' } },
  'one that is not answered': { zone: `${microsoft}\n${alias(1)}\nselector2._domainkey.example.com TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('the remedy is the alias, where it can be told from its sibling', async () => {
  const records = async (zone: string) => (await judgeWorld([check], { zone }))[0]?.remedy?.records?.set
  expect(await records(`${microsoft}\n${alias(1)}`)).toEqual(['selector2._domainkey.example.com. CNAME selector2-example-com._domainkey.example.onmicrosoft.com.'])
  expect(await records(`${microsoft}\n${alias(2)}\nexample.com TXT "v=spf1 include:spf.migadu.com -all"
    key1._domainkey.example.com CNAME key1.example.com._domainkey.migadu.com\nkey2._domainkey.example.com CNAME key2.example.com._domainkey.migadu.com
    key3._domainkey.example.com CNAME key3.example.com._domainkey.migadu.com`)).toEqual(['selector1._domainkey.example.com. CNAME selector1-example-com._domainkey.example.onmicrosoft.com.'])
  expect(await records('example.com TXT "v=spf1 include:servers.mcsv.net -all"\nk2._domainkey.example.com CNAME dkim2.mcsv.net')).toBeUndefined()
})
