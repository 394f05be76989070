import check from '../../../src/checks/tls/certificate-lifetime-allowed.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { shows, withoutCertificate } from './certificates.ts'

const names = ['mail.example.com']
const lives = (notBefore: string, notAfter: string, expected: string, days?: number): Row =>
  shows({ names, notBefore: `${notBefore}T00:00:00Z`, notAfter }, expected, 'trusted', days === undefined ? undefined : { days })

checkTable(check, {
  'ninety days': shows({ names }, 'pass'),
  '398 days, issued before the limit was lowered': lives('2026-03-14', '2027-04-16T00:00:00Z', 'pass'),
  'one second more': lives('2026-03-14', '2027-04-16T00:00:01Z', 'failed', 399),
  '200 days': lives('2026-03-15', '2026-10-01T00:00:00Z', 'pass'),
  'one day more': lives('2026-03-15', '2026-10-02T00:00:00Z', 'failed', 201),
  '200 days, issued before they were too many': lives('2027-03-14', '2027-09-30T00:00:00Z', 'pass'),
  'a hundred days': lives('2027-03-15', '2027-06-23T00:00:00Z', 'pass'),
  'a hundred and one': lives('2027-03-15', '2027-06-24T00:00:00Z', 'failed', 101),
  '47 days': lives('2029-03-15', '2029-05-01T00:00:00Z', 'pass'),
  '48 days': lives('2029-03-15', '2029-05-02T00:00:00Z', 'failed', 48),
  'five years, of an authority of their own': shows({ names, notAfter: '2031-01-01T00:00:00Z' }, 'skip', 'trusted private'),
  'five years, of an authority that nobody knows': shows({ names, notAfter: '2031-01-01T00:00:00Z' }, 'skip', 'unknown-issuer'),
  'five years, self-signed': shows({ names, notAfter: '2031-01-01T00:00:00Z' }, 'skip', 'self-signed'),
  'no certificate that can be read': shows({ names }, 'skip', 'malformed'),
  ...withoutCertificate,
})
