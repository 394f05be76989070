import check from '../../../src/checks/mx-tls/old-versions-refused.ts'
import { checkTable } from '../../check-table.ts'
import { shaking, withoutTls } from './hosts.ts'
import { answers, permitted } from './offers.ts'

const host = 'mx1.example.com'

checkTable(check, {
  'they are refused': answers([], 'pass'),
  'TLS 1.1 and 1.0': answers(['tls-1.1 TLSv1.1 TLS_RSA_WITH_AES_128_CBC_SHA RSA', 'tls-1.0 TLSv1 TLS_RSA_WITH_AES_128_CBC_SHA RSA'], 'failed', { host, versions: ['TLSv1.1', 'TLSv1'] }),
  'SSLv3': answers(['tls-1.1 SSLv3 TLS_RSA_WITH_RC4_128_SHA RSA'], 'failed', { host, versions: ['SSLv3'] }),
  'an RC4 cipher is another check’s': answers(['weak-ciphers TLSv1.2 TLS_RSA_WITH_RC4_128_SHA RSA'], 'pass'),
  'silence': answers(['tls-1.1 timeout'], 'unknown:tarpit'),
  'no more connections': answers(['tls-1.1 unavailable deadline-spent'], 'unknown:deadline-spent'),
  'without leave': { ...shaking('', 'pass'), expect: { 'example.com': 'skip:needs-flag' } },
  ...permitted(withoutTls),
})
