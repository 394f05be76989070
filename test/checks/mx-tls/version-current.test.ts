import check from '../../../src/checks/mx-tls/version-current.ts'
import { checkTable } from '../../check-table.ts'
import { shaking, withoutTls } from './hosts.ts'

const host = 'mx1.example.com'

checkTable(check, {
  'TLS 1.3': shaking('TLSv1.3 TLS_AES_128_GCM_SHA256 X25519', 'pass'),
  'TLS 1.2': shaking('TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA RSA self-signed', 'pass'),
  'TLS 1.1': shaking('TLSv1.1 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA X25519', 'failed', { host, version: 'TLSv1.1' }),
  'TLS 1.0': shaking('TLSv1 TLS_RSA_WITH_AES_128_CBC_SHA RSA', 'failed', { host, version: 'TLSv1' }),
  ...withoutTls,
})
