import check from '../../../src/checks/tls/certificate-trusted.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp } from '../transcripts.ts'
import { shows, withoutCertificate } from './certificates.ts'

const names = ['mail.example.com']

/** A stranger whose certificate is from there. */
function intercepted(trust: string): Pick<Row, 'scope' | 'sessions'> {
  const { sessions } = shows({ names }, 'pass', 'unknown-issuer')
  const shown = smtp.replace('* tls', `* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 ${trust}`)
  return { scope: { vantage: [{ host: '198.51.100.1' }] }, sessions: { ...sessions, '[198.51.100.1]:25': shown } }
}

checkTable(check, {
  'a public root': shows({ names }, 'pass'),
  'with an intermediate': shows({ names, intermediate: true }, 'pass'),
  'RSA of 2048 bits': shows({ names, key: 'rsa2048' }, 'pass'),
  'P-384': shows({ names, key: 'ec384' }, 'pass'),
  'Ed25519': shows({ names, key: 'ed25519' }, 'pass'),
  'expired, and for another name: not judged here': shows({ names: ['www.example.org'], notAfter: '2026-11-01T00:00:00Z' }, 'pass'),
  'a root of their own': shows({ names }, 'failed', 'unknown-issuer', { issuer: 'CN=Unknown Root' }),
  'self-signed': shows({ names }, 'self-signed', 'self-signed', { issuer: 'CN=mail.example.com' }),
  'a signature that does not hold': shows({ names }, 'bad-signature', 'bad-signature'),
  'signed by a leaf': shows({ names }, 'not-a-ca', 'not-a-ca'),
  'no certificate': shows({ names }, 'no-certificate', 'no-certificate'),
  'no certificate that can be read': shows({ names }, 'unreadable', 'malformed'),
  'RSA of 1024 bits': shows({ names, key: 'rsa1024' }, 'weak-key', 'trusted', { key: 'RSA', bits: 1024, issuer: 'CN=Example Root' }),
  'SHA-1': shows({ names, hash: 'sha1' }, 'weak-signature', 'trusted', { algorithm: 'ecdsa-with-SHA1', issuer: 'CN=Example Root' }),
  'a root that here vouches for strangers, too': {
    ...shows({ names }, 'unknown:intercepted-here', 'unknown-issuer'), ...intercepted('unknown-issuer'),
  },
  'a root of their own, unlike that of strangers': { ...shows({ names }, 'failed', 'unknown-issuer'), ...intercepted('trusted') },
  ...withoutCertificate,
})
