import check from '../../../src/checks/mx-tls/handshake-modern.ts'
import { checkTable } from '../../check-table.ts'
import { withoutTls } from './hosts.ts'
import { answers, permitted } from './offers.ts'

const host = 'mx1.example.com'
const suite = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'

checkTable(check, {
  'in order': answers([], 'pass'),
  'Diffie-Hellman of 2048 bits': answers(['short-groups TLSv1.2 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 "DH 2048"'], 'pass'),
  'RSA key transport': answers(['static-keys TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA RSA'], 'failed', { host, cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA' }),
  '3DES': answers(['static-keys TLSv1.2 TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA "DH 2048"'], 'small-blocks', { host, cipher: 'TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA' }),
  'a short group': answers(['short-groups TLSv1.2 TLS_DHE_RSA_WITH_AES_128_CBC_SHA "DH 1024"'], 'short-group', { host, bits: 1024 }),
  'a small curve': answers(['short-groups TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA secp160r1'], 'weak-curve', { host, group: 'secp160r1' }),
  'no extended master secret': answers([`tls-1.2-nameless TLSv1.2 ${suite} X25519 renegotiation`], 'no-master-secret', { host }),
  'no secure renegotiation': answers([`tls-1.2-nameless TLSv1.2 ${suite} X25519 master-secret`], 'insecure-renegotiation', { host }),
  'compression': answers([`tls-1.2-nameless TLSv1.2 ${suite} X25519 master-secret renegotiation compression`], 'compression', { host }),
  'one fault is seen, the rest could not be asked': answers([`tls-1.2-nameless TLSv1.2 ${suite} X25519 renegotiation`, 'static-keys timeout'], 'no-master-secret', { host }),
  'static keys meet with silence': answers(['static-keys timeout'], 'unknown:tarpit'),
  'TLS 1.2 meets with silence': answers(['tls-1.2-nameless timeout'], 'unknown:tarpit'),
  ...permitted(withoutTls),
})
