import check from '../../../src/checks/tls/obsolete-refused.ts'
import { checkTable } from '../../check-table.ts'
import { shows, withoutCertificate } from './certificates.ts'
import { answers, permitted } from './offers.ts'

checkTable(check, {
  'all of it is refused': answers([], 'pass'),
  'by hanging up': answers(['tls-1.1 closed', 'weak-ciphers closed'], 'pass'),
  'static keys are another check’s': answers(['static-keys TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA RSA'], 'pass'),
  'TLS 1.1': answers(['tls-1.1 TLSv1.1 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA X25519'], 'failed', { offers: ['TLSv1.1'] }),
  'everything old': answers([
    'tls-1.1 TLSv1.1 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA X25519', 'tls-1.0 TLSv1 TLS_RSA_WITH_3DES_EDE_CBC_SHA RSA', 'ssl-3 SSLv3 TLS_RSA_WITH_RC4_128_SHA RSA',
  ], 'failed', { offers: ['TLSv1.1', 'TLSv1', 'SSLv3', 'TLS_RSA_WITH_RC4_128_SHA'] }),
  'SSLv3 alone': answers(['tls-1.1 SSLv3 TLS_RSA_WITH_AES_128_CBC_SHA RSA'], 'failed', { offers: ['SSLv3'] }),
  'an anonymous cipher': answers(['weak-ciphers TLSv1.2 TLS_ECDH_anon_WITH_AES_128_CBC_SHA X25519'], 'failed', { offers: ['TLS_ECDH_anon_WITH_AES_128_CBC_SHA'] }),
  'one fault is seen, the other could not be asked': answers(['tls-1.1 timeout', 'weak-ciphers TLSv1.2 TLS_RSA_WITH_NULL_SHA RSA'], 'failed', { offers: ['TLS_RSA_WITH_NULL_SHA'] }),
  'old versions meet with silence': answers(['tls-1.1 timeout'], 'unknown:tarpit'),
  'weak ciphers meet with silence': answers(['weak-ciphers timeout'], 'unknown:tarpit'),
  'the budget is spent': answers(['tls-1.1 unavailable deadline-spent "enough"'], 'unknown:deadline-spent'),
  'what it chooses was not offered': answers(['weak-ciphers TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 X25519'], 'pass'),
  'without leave': { ...shows({ names: ['mail.example.com'] }, 'pass'), expect: { 'example.com': 'skip:needs-flag' } },
  ...permitted(withoutCertificate),
})
