import check from '../../../src/checks/mx-tls/key-strong.ts'
import { checkTable, type Row } from '../../check-table.ts'
import type { WorldDefinition } from '../../world.ts'
import { shaking, withoutTls } from './hosts.ts'

const names = ['mx1.example.com']
const where = { host: 'mx1.example.com', address: '192.0.2.1' }
const shows = (certificate: NonNullable<WorldDefinition['certificates']>[string], trust: string, expected: string, args?: Record<string, unknown>): Row =>
  shaking(`TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 ${trust} cert=a`, expected, args && { ...where, ...args }, { a: certificate })

checkTable(check, {
  'P-256': shows({ names }, 'trusted', 'pass'),
  'P-384': shows({ names, key: 'ec384' }, 'trusted', 'pass'),
  'Ed25519': shows({ names, key: 'ed25519' }, 'trusted', 'pass'),
  'RSA of 2048 bits, self-signed': shows({ names, key: 'rsa2048' }, 'self-signed', 'pass'),
  'RSA of 1024 bits': shows({ names, key: 'rsa1024' }, 'trusted', 'failed', { key: 'RSA', bits: 1024 }),
  'RSA of 1024 bits, of an authority that nobody knows': shows({ names, key: 'rsa1024' }, 'unknown-issuer', 'failed', { key: 'RSA', bits: 1024 }),
  'SHA-1': shows({ names, hash: 'sha1', intermediate: true }, 'trusted', 'weak-signature', { algorithm: 'ecdsa-with-SHA1' }),
  'no certificate': shows({ names }, 'no-certificate', 'skip'),
  'no certificate that can be read': shows({ names }, 'malformed', 'skip'),
  ...withoutTls,
})
