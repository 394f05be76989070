import { expect, test } from 'vitest'
import check from '../../../src/checks/dkim/record-valid.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { ed25519, rsaKey, txt } from './keys.ts'

const s1 = 's1._domainkey.example.com'
const scope = { selectors: ['s1'] }
const row = (text: string, code: string, args?: Record<string, unknown>) => ({
  zone: txt(s1, text), scope, expect: { [s1]: code }, ...args ? { args: { [s1]: { name: s1, count: 1, ...args } } } : {},
})

checkTable(check, {
  'a key': row(`v=DKIM1; k=rsa; p=${rsaKey(2048)}`, 'pass'),
  'p alone, and tags that nobody knows': row('p=; x=1; n=a note; s=email; t=s', 'pass'),
  'a word between the semicolons': row('v=DKIM1; rsa; p=', 'failed', { tag: 'rsa' }),
  'another version': row('v=DKIM2; p=', 'bad-version', { tag: 'v=DKIM2' }),
  'another kind of record': row('v=spf1 -all', 'bad-version'),
  'the version in small letters': row('v=dkim1; p=', 'bad-version', { tag: 'v=dkim1' }),
  'the version in second place': row('k=rsa; v=DKIM1; p=', 'version-not-first', {}),
  'no key': row('v=DKIM1; k=rsa', 'missing-key', {}),
  'two keys': row('v=DKIM1; p=; p=', 'duplicate-tag', { tag: 'p' }),
  'an octet that is no ASCII': row('v=DKIM1; n=\xfc; p=', 'bad-character', { tag: 'n' }),
  'backslashes of a zone file': row('v=DKIM1\\; k=rsa\\; p=', 'escaped', { tag: '\\;' }),
  'quotation marks of a zone file': row('"v=DKIM1; k=rsa; p="', 'quoted', { tag: '"' }),
  'more than fits': row(`v=DKIM1; n=${'a'.repeat(66_000)}`, 'too-long', {}),
  'two records': {
    zone: `${txt(s1, ed25519)}\n${txt(s1, 'v=DKIM1; p=')}`, scope, expect: { [s1]: 'several' }, args: { [s1]: { name: s1, records: 2 } },
  },
  'behind an alias': { zone: `${s1} CNAME k.example.net\n${txt('k.example.net', 'v=DKIM1; p=; p=')}`, scope, expect: { [s1]: 'duplicate-tag' } },
  'a guess that met a broken key': {
    zone: txt('default._domainkey.example.com', 'v=DKIM1; k=rsa'), expect: { 'default._domainkey.example.com': 'missing-key' },
  },
  'a guess that met something else': { zone: txt('default._domainkey.example.com', 'hello'), expect: { 'example.com': 'skip' } },
  'nothing declared, nothing guessed': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a declared selector without a key is for another check': { zone: 'example.com A 192.0.2.1', scope, expect: { 'example.com': 'skip' } },
  'a selector that is not answered': { zone: `${s1} TXT (servfail)`, scope, expect: { [s1]: 'unknown:dns-servfail' } },
})

test.each([
  ['v=DKIM1\\; k=ed25519\\; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='],
  ['"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'],
])('%s: the record is given as it should be', async text => {
  const [finding] = await judgeWorld([check], { zone: txt(s1, text), scope })
  expect(finding?.remedy?.records?.set).toEqual([`${s1}. TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="`])
})
