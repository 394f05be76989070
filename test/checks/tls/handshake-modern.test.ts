import check from '../../../src/checks/tls/handshake-modern.ts'
import { checkTable } from '../../check-table.ts'
import { withoutCertificate } from './certificates.ts'
import { answers } from './offers.ts'

const suite = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'

checkTable(check, {
  'TLS 1.3, and TLS 1.2 with every precaution': answers([], 'pass'),
  'TLS 1.3 alone': answers(['tls-1.2-nameless alert=70'], 'pass'),
  'TLS 1.2 alone': answers([], 'failed', { version: 'TLSv1.2' }, `TLSv1.2 ${suite} X25519`),
  'no extended master secret': answers([`tls-1.2-nameless TLSv1.2 ${suite} X25519 renegotiation`], 'no-master-secret'),
  'no secure renegotiation': answers([`tls-1.2-nameless TLSv1.2 ${suite} X25519 master-secret`], 'insecure-renegotiation'),
  'compression': answers([`tls-1.2-nameless TLSv1.2 ${suite} X25519 master-secret renegotiation compression`], 'compression'),
  'nothing without a name, and with it every precaution': answers(['tls-1.2-nameless alert=112', 'nameless handshake'], 'pass'),
  'nothing without a name, and with it no precaution': answers(['tls-1.2-nameless alert=112', 'nameless handshake', `tls-1.2 TLSv1.2 ${suite} X25519`], 'insecure-renegotiation'),
  'nothing without a name, and with it no TLS 1.2': answers(['tls-1.2-nameless alert=112', 'nameless handshake', 'tls-1.2 alert=70'], 'pass'),
  'TLS 1.2 for others, and not for us': answers(['tls-1.2-nameless alert=40', `nameless tls TLSv1.2 ${suite} X25519`], 'unknown:client-cannot-offer'),
  'silence': answers(['tls-1.2-nameless timeout'], 'unknown:tarpit'),
  'silence without a name': answers(['tls-1.2-nameless closed', 'nameless timeout'], 'unknown:tarpit'),
  'silence with the name': answers(['tls-1.2-nameless closed', 'nameless closed', 'tls-1.2 timeout'], 'unknown:tarpit'),
  'words in place of TLS': answers(['tls-1.2-nameless handshake'], 'unknown:connection-lost'),
  ...withoutCertificate,
})
