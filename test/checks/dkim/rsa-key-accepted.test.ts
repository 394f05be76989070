import check from '../../../src/checks/dkim/rsa-key-accepted.ts'
import { checkTable } from '../../check-table.ts'
import { ed25519, rsaKey, txt } from './keys.ts'

const s1 = 's1._domainkey.example.com'
const scope = { selectors: ['s1'] }
const key = (bits: number) => txt(s1, `v=DKIM1; k=rsa; p=${rsaKey(bits)}`)

checkTable(check, {
  '512 bits': { zone: key(512), scope, expect: { [s1]: 'failed' }, args: { [s1]: { name: s1, bits: 512 } } },
  '768 bits at a guessed selector': {
    zone: txt('mail._domainkey.example.com', `p=${rsaKey(768)}`), expect: { 'mail._domainkey.example.com': 'failed' },
  },
  '1024 bits': { zone: key(1024), scope, expect: { [s1]: 'pass' } },
  '4096 bits': { zone: key(4096), scope, expect: { [s1]: 'pass' } },
  'ed25519': { zone: txt(s1, ed25519), scope, expect: { [s1]: 'skip' } },
  'revoked': { zone: txt(s1, 'p='), scope, expect: { [s1]: 'skip' } },
  'broken': { zone: txt(s1, 'p=MIGf'), scope, expect: { [s1]: 'skip' } },
  'no key': { zone: 'example.com A 192.0.2.1', scope, expect: { 'example.com': 'skip' } },
  'not answered': { zone: `${s1} TXT (timeout)`, scope, expect: { [s1]: 'unknown:dns-timeout' } },
})
