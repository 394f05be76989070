import check from '../../../src/checks/dkim/key-verifiable-everywhere.ts'
import { checkTable } from '../../check-table.ts'
import { ed25519, rsaKey, rsaKeyOf, txt } from './keys.ts'

const mx = 'example.com MX 10 mx1.example.com'
const s1 = 's1._domainkey.example.com'
const s2 = 's2._domainkey.example.com'
const rsa = (bits: number) => `v=DKIM1; p=${rsaKey(bits)}`
/** A modulus of so many bits takes minutes to make in earnest. */
const long = (bits: number) => `v=DKIM1; p=${rsaKeyOf((1n << BigInt(bits - 1)) + 981n)}`

checkTable(check, {
  'RSA of 2048 bits': { zone: `${mx}\n${txt(s1, rsa(2048))}`, scope: { selectors: ['s1'] }, expect: { [s1]: 'pass' } },
  'RSA of 4096 bits': { zone: `${mx}\n${txt(s1, long(4096))}`, scope: { selectors: ['s1'] }, expect: { [s1]: 'pass' } },
  'RSA of 4104 bits': {
    zone: `${mx}\n${txt(s1, long(4104))}`, scope: { selectors: ['s1'] }, expect: { [s1]: 'failed' }, args: { [s1]: { name: s1, bits: 4104 } },
  },
  'ed25519 beside RSA': { zone: `${mx}\n${txt(s1, ed25519)}\n${txt(s2, rsa(2048))}`, scope: { selectors: ['s1', 's2'] }, expect: { [s1]: 'pass', [s2]: 'pass' } },
  'ed25519 alone': { zone: `${mx}\n${txt(s1, ed25519)}`, scope: { selectors: ['s1'] }, expect: { [s1]: 'ed25519-alone' } },
  'ed25519 beside an RSA key that is revoked': {
    zone: `${mx}\n${txt(s1, ed25519)}\n${s2} TXT "v=DKIM1; p="`, scope: { selectors: ['s1', 's2'] }, expect: { [s1]: 'ed25519-alone', [s2]: 'skip' },
  },
  'ed25519 beside an RSA key that was guessed': {
    zone: `example.com MX 1 aspmx.l.google.com\n${txt(s1, ed25519)}\n${txt('google._domainkey.example.com', rsa(2048))}`, scope: { selectors: ['s1'] },
    expect: { [s1]: 'pass', 'google._domainkey.example.com': 'pass' },
  },
  'ed25519 beside a selector that is not answered': {
    zone: `${mx}\n${txt(s1, ed25519)}\n${s2} TXT (servfail)`, scope: { selectors: ['s1', 's2'] }, expect: { [s1]: 'unknown:selector-unknown', [s2]: 'unknown:dns-servfail' },
  },
  'ed25519 that was guessed: another guess may have missed': { zone: `${mx}\n${txt(s1, ed25519)}`, expect: { [s1]: 'unknown:selector-unknown' } },
  'what is no key': { zone: `${mx}\n${s1} TXT "v=DKIM1; p=AAAA"`, scope: { selectors: ['s1'] }, expect: { [s1]: 'skip' } },
  'no key known': { zone: mx, expect: { 'example.com': 'skip' } },
})
