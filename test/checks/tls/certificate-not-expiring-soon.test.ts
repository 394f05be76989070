import check from '../../../src/checks/tls/certificate-not-expiring-soon.ts'
import { checkTable } from '../../check-table.ts'
import { shows, withoutCertificate } from './certificates.ts'

const names = ['mail.example.com']

checkTable(check, {
  'sixty days': shows({ names }, 'pass'),
  '398 days: thirty are enough': shows({ names, notBefore: '2025-11-19T12:00:00Z', notAfter: '2026-12-22T12:00:00Z' }, 'pass'),
  '398 days: twenty-nine are not': shows(
    { names, notBefore: '2025-11-18T12:00:00Z', notAfter: '2026-12-21T12:00:00Z' }, 'failed', 'trusted', { date: '2026-12-21T12:00:00Z', remaining: '29 days' }),
  'ninety days: twenty-three are enough': shows({ names, notBefore: '2026-09-16T12:00:00Z', notAfter: '2026-12-15T12:00:00Z' }, 'pass'),
  'ninety days: twenty-two are not': shows({ names, notBefore: '2026-09-15T12:00:00Z', notAfter: '2026-12-14T12:00:00Z' }, 'failed'),
  'six days: thirty-seven hours are enough': shows({ names, notBefore: '2026-11-18T01:00:00Z', notAfter: '2026-11-24T01:00:00Z' }, 'pass'),
  'six days: thirty-five hours are not': shows({ names, notBefore: '2026-11-17T23:00:00Z', notAfter: '2026-11-23T23:00:00Z' }, 'failed'),
  ...withoutCertificate,
})
