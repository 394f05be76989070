import { expect, test } from 'vitest'
import accepted from '../../../src/checks/dkim/rsa-key-accepted.ts'
import check from '../../../src/checks/dkim/rsa-key-strong.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { ed25519, rsaKey, txt } from './keys.ts'

const s1 = 's1._domainkey.example.com'
const scope = { selectors: ['s1'] }
const key = (bits: number) => txt(s1, `v=DKIM1; k=rsa; p=${rsaKey(bits)}`)

checkTable(check, {
  '1024 bits': { zone: key(1024), scope, expect: { [s1]: 'failed' }, args: { [s1]: { name: s1, bits: 1024 } } },
  '2048 bits': { zone: key(2048), scope, expect: { [s1]: 'pass' } },
  '4096 bits': { zone: key(4096), scope, expect: { [s1]: 'pass' } },
  'ed25519': { zone: txt(s1, ed25519), scope, expect: { [s1]: 'skip' } },
  'no key': { zone: 'example.com A 192.0.2.1', scope, expect: { 'example.com': 'skip' } },
  'not answered': { zone: `${s1} TXT (timeout)`, scope, expect: { [s1]: 'unknown:dns-timeout' } },
})

test('a key that nobody accepts is told once', async () => {
  const findings = await judgeWorld([accepted, check], { zone: key(512), scope })
  expect(findings.map(({ check: id, verdict, code }) => [id, verdict, code])).toEqual([
    ['dkim/rsa-key-accepted', 'fail', 'failed'], ['dkim/rsa-key-strong', 'skip', 'deferred'],
  ])
})
