import check from '../../../src/checks/tls/certificate-not-about-to-expire.ts'
import { checkTable } from '../../check-table.ts'
import { shows, withoutCertificate } from './certificates.ts'

const names = ['mail.example.com']

checkTable(check, {
  'sixty days': shows({ names }, 'pass'),
  'ninety days: three are enough': shows({ names, notBefore: '2026-08-27T12:00:00Z', notAfter: '2026-11-25T12:00:00Z' }, 'pass'),
  'ninety days: less is not': shows(
    { names, notBefore: '2026-08-27T11:59:59Z', notAfter: '2026-11-25T11:59:59Z' }, 'failed', 'trusted', { date: '2026-11-25T11:59:59Z', remaining: '71 hours' }),
  'six days: eight hours are enough': shows({ names, notBefore: '2026-11-16T20:00:00Z', notAfter: '2026-11-22T20:00:00Z' }, 'pass'),
  'six days: seven hours are not': shows({ names, notBefore: '2026-11-16T19:00:00Z', notAfter: '2026-11-22T19:00:00Z' }, 'failed'),
  'expired': shows({ names, notAfter: '2026-11-20T12:00:00Z' }, 'failed'),
  'no certificate': shows({ names }, 'skip', 'no-certificate'),
  ...withoutCertificate,
})
