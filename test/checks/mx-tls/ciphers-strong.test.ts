import check from '../../../src/checks/mx-tls/ciphers-strong.ts'
import { checkTable } from '../../check-table.ts'
import { withoutTls } from './hosts.ts'
import { answers, permitted } from './offers.ts'

const host = 'mx1.example.com'

checkTable(check, {
  'they are refused': answers([], 'pass'),
  'RC4': answers(['weak-ciphers TLSv1.2 TLS_ECDHE_RSA_WITH_RC4_128_SHA X25519'], 'failed', { host, ciphers: ['TLS_ECDHE_RSA_WITH_RC4_128_SHA'] }),
  'RC4, of an old version': answers(['tls-1.1 TLSv1 TLS_RSA_WITH_RC4_128_SHA RSA'], 'failed', { host, ciphers: ['TLS_RSA_WITH_RC4_128_SHA'] }),
  'EXPORT': answers(['weak-ciphers TLSv1 TLS_RSA_EXPORT_WITH_RC4_40_MD5 RSA'], 'failed', { host, ciphers: ['TLS_RSA_EXPORT_WITH_RC4_40_MD5'] }),
  'nothing is encrypted': answers(['weak-ciphers TLSv1.2 TLS_RSA_WITH_NULL_SHA256 RSA'], 'failed', { host, ciphers: ['TLS_RSA_WITH_NULL_SHA256'] }),
  'an anonymous cipher is tolerable here': answers(['weak-ciphers TLSv1.2 TLS_ECDH_anon_WITH_AES_128_CBC_SHA X25519'], 'pass'),
  'silence': answers(['weak-ciphers timeout'], 'unknown:tarpit'),
  ...permitted(withoutTls),
})
