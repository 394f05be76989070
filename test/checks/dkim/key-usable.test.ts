import { expect, test } from 'vitest'
import check from '../../../src/checks/dkim/key-usable.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { ed25519, rsaKey, txt } from './keys.ts'

const s1 = 's1._domainkey.example.com'
const p = `p=${rsaKey(1024)}`
const declared = { selectors: ['s1'] }
const record = (tags: string) => ({ zone: txt(s1, `v=DKIM1; ${tags}; ${p}`), scope: declared })
const wrong = (tag: string, value: string) => ({ [s1]: { name: s1, tag, value, count: 1 } })

checkTable(check, {
  'no tags but the key': { zone: txt(s1, p), scope: declared, expect: { [s1]: 'pass' } },
  'all that may be said': { ...record('k=rsa; h=sha1:sha256; s=*:other; t=s; n=x'), expect: { [s1]: 'pass' } },
  'for e-mail': { ...record('s=email'), expect: { [s1]: 'pass' } },
  'white space round the colons': { ...record('h= sha1 : sha256 ; s= x : email '), expect: { [s1]: 'pass' } },
  'ed25519': { zone: txt(s1, ed25519), scope: declared, expect: { [s1]: 'pass' } },
  'SHA-1 alone': { ...record('h=sha1'), expect: { [s1]: 'failed' }, args: wrong('h', 'sha1') },
  'another service': { ...record('s=tlsrpt'), expect: { [s1]: 'failed' }, args: wrong('s', 'tlsrpt') },
  'an algorithm that nobody knows': { ...record('k=dsa'), expect: { [s1]: 'failed' }, args: wrong('k', 'dsa') },
  'two at once': { ...record('h=sha1; s=web'), expect: { [s1]: 'failed' }, args: { [s1]: { name: s1, tag: 'h', value: 'sha1', count: 2 } } },
  'a revoked key': { zone: `${s1} TXT "v=DKIM1; h=sha1; p="`, scope: declared, expect: { [s1]: 'skip' } },
  'no key known': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'skip' } },
  'no answer': { zone: `${s1} TXT (servfail)`, scope: declared, expect: { [s1]: 'unknown:dns-servfail' } },
})

test('the remedy is the record without those tags, unless an alias says that it is another’s', async () => {
  const [finding] = await judgeWorld([check], record('h=sha1; n=ours; s=web'))
  expect(finding?.remedy?.text).toBe('Remove h= and s=: without it the key is good for every hash.')
  expect(finding?.remedy?.records?.set).toEqual([txt(`${s1}.`, `v=DKIM1; n=ours; ${p}`)])
  expect(finding?.evidence).toMatchObject([{ at: 9 }, { at: 25 }])
  const [foreign] = await judgeWorld([check], { zone: `${s1} CNAME keys.example.net\n${txt('keys.example.net', `h=sha1; ${p}`)}`, scope: declared })
  expect(foreign?.remedy?.records).toBeUndefined()
})
