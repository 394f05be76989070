import check from '../../../src/checks/tls/certificate-renewal-on-time.ts'
import { checkTable } from '../../check-table.ts'
import { shows, withoutCertificate } from './certificates.ts'

const names = ['mail.example.com']

checkTable(check, {
  'sixty days': shows({ names }, 'pass'),
  '398 days: fourteen are enough': shows({ names, notBefore: '2025-11-03T12:00:00Z', notAfter: '2026-12-06T12:00:00Z' }, 'pass'),
  '398 days: thirteen are not': shows(
    { names, notBefore: '2025-11-02T12:00:00Z', notAfter: '2026-12-05T12:00:00Z' }, 'failed', 'trusted', { date: '2026-12-05T12:00:00Z', remaining: '13 days' }),
  'ninety days: ten are enough': shows({ names, notBefore: '2026-09-03T12:00:00Z', notAfter: '2026-12-02T12:00:00Z' }, 'pass'),
  'ninety days: eight are not': shows({ names, notBefore: '2026-09-01T12:00:00Z', notAfter: '2026-11-30T12:00:00Z' }, 'failed'),
  'six days: fifteen hours are enough': shows({ names, notBefore: '2026-11-17T03:00:00Z', notAfter: '2026-11-23T03:00:00Z' }, 'pass'),
  'six days: fourteen hours are not': shows({ names, notBefore: '2026-11-17T02:00:00Z', notAfter: '2026-11-23T02:00:00Z' }, 'failed'),
  ...withoutCertificate,
})
