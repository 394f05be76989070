import { generateKeyPairSync } from 'node:crypto'
import check from '../../../src/checks/dnssec/keys-current.ts'
import { checkTable } from '../../check-table.ts'
import { ds, signed, unsigned } from './signed.ts'

/** RFC 3110: the length of the exponent, the exponent, the modulus. */
function rsa(bits: number): string {
  const { n = '', e = '' } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' })
  const exponent = Buffer.from(e, 'base64url')
  return `example.com DNSKEY 256 3 8 ${Buffer.concat([Buffer.from([exponent.length]), exponent, Buffer.from(n, 'base64url')]).toString('base64')}`
}
const sha1 = 'example.com DS 55648 13 1 2bb183af5f22588179a53b0a98631fad1a292118'

checkTable(check, {
  'SHA-256': { zone: signed, expect: { 'example.com': 'pass' } },
  'SHA-384': { zone: signed.replace(' 13 2 ', ' 13 4 '), expect: { 'example.com': 'pass' } },
  'SHA-1 beside SHA-256': { zone: `${signed}\n${sha1}`, expect: { 'example.com': 'pass' } },
  'SHA-1 alone': {
    zone: signed.replace(ds, sha1), expect: { 'example.com': 'failed' }, args: { 'example.com': { zone: 'example.com', digests: [1] } },
  },
  'RSA of 2048 bits': { zone: `${signed}\n${rsa(2048)}`, expect: { 'example.com': 'pass' } },
  'RSA of 1024 bits': { zone: `${signed}\n${rsa(1024)}`, expect: { 'example.com': 'small' } },
  'a key that is none': { zone: `${signed}\nexample.com DNSKEY 256 3 8 AA==`, expect: { 'example.com': 'pass' } },
  'not signed': { zone: `${unsigned}\n${rsa(1024)}`, expect: { 'example.com': 'skip' } },
  'the keys cannot be asked': { zone: `${unsigned}\n${ds}\nexample.com DNSKEY (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'the DS cannot be asked': { zone: `${unsigned}\nexample.com DS (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})
