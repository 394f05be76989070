import check from '../../../src/checks/tls/key-exchange-strong.ts'
import { checkTable } from '../../check-table.ts'
import { withoutCertificate } from './certificates.ts'
import { answers, permitted } from './offers.ts'

checkTable(check, {
  'nothing weak is taken': answers([], 'pass'),
  'Diffie-Hellman of 2048 bits': answers(['short-groups TLSv1.2 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 "DH 2048"'], 'pass'),
  'of 2047': answers(['short-groups TLSv1.2 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 "DH 2047"'], 'short-group', { bits: 2047 }),
  'of 1024': answers(['short-groups TLSv1.2 TLS_DHE_RSA_WITH_AES_128_CBC_SHA "DH 1024"'], 'short-group', { bits: 1024 }),
  'a curve of the server’s choice, which is large enough': answers(['short-groups TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA secp256r1'], 'pass'),
  'a small curve': answers(['short-groups TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA secp192r1'], 'weak-curve', { group: 'secp192r1' }),
  'a small curve behind Diffie-Hellman, which the server likes better': answers([
    'tls-1.2-nameless TLSv1.2 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 "DH 2048" master-secret renegotiation', 'short-groups TLSv1.2 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 "DH 2048"',
    'weak-curves TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 secp224r1',
  ], 'weak-curve', { group: 'secp224r1' }),
  'the same, and no time for curves': answers([
    'tls-1.2-nameless TLSv1.2 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 "DH 2048"', 'short-groups TLSv1.2 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 "DH 2048"', 'weak-curves timeout',
  ], 'unknown:tarpit'),
  'RSA key transport': answers(['static-keys TLSv1.2 TLS_RSA_WITH_AES_128_GCM_SHA256 RSA'], 'failed', { cipher: 'TLS_RSA_WITH_AES_128_GCM_SHA256' }),
  'a key out of the certificate': answers(['static-keys TLSv1.2 TLS_ECDH_RSA_WITH_AES_128_CBC_SHA'], 'failed', { cipher: 'TLS_ECDH_RSA_WITH_AES_128_CBC_SHA' }),
  '3DES with forward secrecy': answers(['static-keys TLSv1.2 TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA X25519'], 'small-blocks', { cipher: 'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA' }),
  'RC4 is another check’s': answers(['weak-ciphers TLSv1.2 TLS_RSA_WITH_RC4_128_SHA RSA'], 'pass'),
  'static keys meet with silence': answers(['static-keys timeout'], 'unknown:tarpit'),
  'the server wants to be left alone': answers(['weak-ciphers closed rate-limited'], 'unknown:rate-limited'),
  ...permitted(withoutCertificate),
})
