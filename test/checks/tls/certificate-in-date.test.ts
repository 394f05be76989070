import check from '../../../src/checks/tls/certificate-in-date.ts'
import { checkTable } from '../../check-table.ts'
import { shows, withoutCertificate } from './certificates.ts'

const names = ['mail.example.com']

checkTable(check, {
  'ninety days, of which sixty are left': shows({ names }, 'pass'),
  'the last second': shows({ names, notAfter: '2026-11-22T12:00:00Z' }, 'pass'),
  'a second later': shows({ names, notAfter: '2026-11-22T11:59:59Z' }, 'failed', 'trusted', { date: '2026-11-22T11:59:59Z' }),
  'the first second': shows({ names, notBefore: '2026-11-22T12:00:00Z' }, 'pass'),
  'to come': shows({ names, notBefore: '2026-11-22T12:00:01Z' }, 'not-yet-valid', 'trusted', { date: '2026-11-22T12:00:01Z' }),
  'self-signed and expired': shows({ names, notAfter: '2026-11-01T00:00:00Z' }, 'failed', 'self-signed'),
  'trusted as it is, and expired': shows({ names, notAfter: '2026-11-01T00:00:00Z' }, 'failed'),
  'no certificate': shows({ names }, 'skip', 'no-certificate'),
  ...withoutCertificate,
})
