import check from '../../../src/checks/tls/version-current.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imaps, shows, withoutCertificate } from './certificates.ts'

const speaks = (handshake: string, expected: string, args?: Record<string, unknown>): Row => ({
  ...shows({ names: ['mail.example.com'] }, expected, 'trusted', args),
  sessions: { [imaps]: `* tls ${handshake}\nS: * OK ready\n* closed` },
})

checkTable(check, {
  'TLS 1.3': speaks('TLSv1.3 TLS_AES_128_GCM_SHA256 X25519', 'pass'),
  'TLS 1.2': speaks('TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA RSA', 'pass'),
  'TLS 1.1': speaks('TLSv1.1 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA X25519', 'failed', { version: 'TLSv1.1' }),
  'TLS 1.0': speaks('TLSv1 TLS_RSA_WITH_AES_128_CBC_SHA RSA', 'failed', { version: 'TLSv1' }),
  ...withoutCertificate,
})
