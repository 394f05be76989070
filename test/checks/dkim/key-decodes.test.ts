import { generateKeyPairSync } from 'node:crypto'
import check from '../../../src/checks/dkim/key-decodes.ts'
import { checkTable } from '../../check-table.ts'
import { ed25519, rsaKey, txt } from './keys.ts'

const s1 = 's1._domainkey.example.com'
const scope = { selectors: ['s1'] }
const row = (text: string, code: string) => ({ zone: txt(s1, text), scope, expect: { [s1]: code } })
const key = rsaKey(2048)
const wrapped = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' })

checkTable(check, {
  'RSA, over two strings': row(`v=DKIM1; k=rsa; p=${key}`, 'pass'),
  'RSA with white space in its base64': row(`p=${key.replace(/.{64}/g, '$& ')}`, 'pass'),
  'ed25519': row(ed25519, 'pass'),
  'cut at the end of a string': row(`v=DKIM1; k=rsa; p=${key}`.slice(0, 255), 'truncated'),
  'quotation marks within': row(`v=DKIM1; p=${key.slice(0, 200)}" "${key.slice(200)}`, 'quoted'),
  'a backslash within': row(`v=DKIM1; p=${key.slice(0, 200)}\\${key.slice(200)}`, 'escaped'),
  'PEM and all': row(`v=DKIM1; p=-----BEGIN PUBLIC KEY-----${key}`, 'not-base64'),
  'base64 of something else': row(`v=DKIM1; p=${Buffer.from('not a key').toString('base64')}`, 'failed'),
  'an elliptic curve where RSA is said': row(`p=${generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`, 'other-algorithm'),
  'RSA where ed25519 is said': row(`k=ed25519; p=${key}`, 'wrong-length'),
  'ed25519 in its wrapping': row(`k=ed25519; p=${wrapped.toString('base64')}`, 'wrapped'),
  'more than any key': row(`p=${'A'.repeat(20_000)}`, 'too-long'),
  'revoked': row('v=DKIM1; p=', 'skip'),
  'no p': row('v=DKIM1', 'skip'),
  'a kind of key that nobody knows': row('k=lattice; p=AAAA', 'skip'),
  'two records': { zone: `${txt(s1, 'p=!')}\n${txt(s1, ed25519)}`, scope, expect: { [s1]: 'skip' } },
  'no selector known': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'not answered': { zone: `${s1} TXT (timeout)`, scope, expect: { [s1]: 'unknown:dns-timeout' } },
})
