import { expect, test } from 'vitest'
import check from '../../../src/checks/dkim/key-not-revoked.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { ed25519, txt } from './keys.ts'

const mx = 'example.com MX 10 mx1.example.com'
const s1 = 's1._domainkey.example.com'
const declared = { selectors: ['s1'] }

checkTable(check, {
  'a key': { zone: `${mx}\n${txt(s1, ed25519)}`, scope: declared, expect: { [s1]: 'pass' } },
  'an empty p=, at a selector that is declared': {
    zone: `${mx}\n${s1} TXT "v=DKIM1; p="`, scope: declared, expect: { [s1]: 'failed' }, args: { [s1]: { name: s1 } },
  },
  'white space is empty, too': { zone: `${mx}\n${s1} TXT "v=DKIM1; p= ;"`, scope: declared, expect: { [s1]: 'failed' } },
  'no p= at all is no revocation': { zone: `${mx}\n${s1} TXT "v=DKIM1; k=rsa"`, scope: declared, expect: { [s1]: 'pass' } },
  'behind an alias': { zone: `${mx}\n${s1} CNAME s1.keys.example.net\ns1.keys.example.net TXT "v=DKIM1; p="`, scope: declared, expect: { [s1]: 'failed' } },
  'a wildcard revokes what is in use': { zone: `${mx}\n*._domainkey.example.com TXT "v=DKIM1; p="`, scope: declared, expect: { [s1]: 'failed' } },
  'a guessed selector may be one of former days': {
    zone: `${mx}\ndefault._domainkey.example.com TXT "v=DKIM1; p="`, expect: { 'default._domainkey.example.com': 'skip' },
  },
  'a domain that sends no mail': {
    zone: `example.com MX 0 .\nexample.com TXT "v=spf1 -all"\n${s1} TXT "v=DKIM1; p="`, scope: declared, expect: { [s1]: 'skip' },
  },
  'two records': { zone: `${mx}\n${s1} TXT "v=DKIM1; p="\n${txt(s1, ed25519)}`, scope: declared, expect: { [s1]: 'skip' } },
  'no record': { zone: mx, scope: declared, expect: { 'example.com': 'skip' } },
  'no answer': { zone: `${mx}\n${s1} TXT (timeout)`, scope: declared, expect: { [s1]: 'unknown:dns-timeout' } },
})

test('the empty tag is pointed at', async () => {
  const [finding] = await judgeWorld([check], { zone: `${mx}\n${s1} TXT "v=DKIM1; p="`, scope: declared })
  expect(finding?.evidence).toMatchObject([{ name: s1, at: 9 }])
})
