import check from '../../../src/checks/dkim/key-unshared.ts'
import { checkTable } from '../../check-table.ts'
import { signer } from '../../evaluate/sign.ts'

const key = (name: string, record: string) => `${name} TXT ${(record.match(/.{1,200}/g) ?? []).map(part => `"${part}"`).join(' ')}`
const one = signer('rsa2048').record
const two = signer('rsa1024').record
const scope = { selectors: ['a', 'b'] }
const [a, b] = ['a._domainkey.example.com', 'b._domainkey.example.com']

checkTable(check, {
  'a key each': { zone: `${key(a, one)}\n${key(b, two)}`, scope, expect: { [a]: 'pass', [b]: 'pass' } },
  'one key at two selectors': { zone: `${key(a, one)}\n${key(b, one)}`, scope, expect: { [a]: 'pass', [b]: 'failed' }, args: { [b]: { name: b, other: a } } },
  'however it is written': { zone: `${key(a, one)}\n${key(b, one.replace('v=DKIM1; ', 't=s; '))}`, scope, expect: { [a]: 'pass', [b]: 'failed' } },
  'both through the provider': {
    zone: `${a} CNAME k.esp.example\n${b} CNAME k.esp.example\n${key('k.esp.example', one)}`, scope, expect: { [a]: 'skip', [b]: 'skip' },
  },
  'one through the provider': { zone: `${key(a, one)}\n${b} CNAME k.esp.example\n${key('k.esp.example', one)}`, scope, expect: { [a]: 'pass', [b]: 'skip' } },
  revoked: { zone: `${key(a, 'v=DKIM1; p=')}\n${key(b, 'v=DKIM1; p=')}`, scope, expect: { [a]: 'skip', [b]: 'skip' } },
  'not answered': { zone: `${key(a, one)}\n${b} TXT (servfail)`, scope, expect: { [a]: 'pass', [b]: 'unknown:dns-servfail' } },
})
