import check from '../../../src/checks/tls/certificate-names-host.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imaps, shows, withoutCertificate } from './certificates.ts'

const guessed = (row: Row, expected: string): Row => ({ ...row, zone: 'mail.example.com A 192.0.2.5', expect: { [imaps]: expected } })
const declared = (row: Row, expected: string): Row => ({
  ...row, zone: 'mail.example.com A 192.0.2.5', scope: { services: { imaps: { host: 'mail.example.com', port: 993 } } }, expect: { [imaps]: expected },
})
const other = shows({ names: ['www.example.org', 'example.org'] }, 'failed', 'trusted', { names: ['www.example.org', 'example.org'] })

checkTable(check, {
  'its name': shows({ names: ['mail.example.com'] }, 'pass'),
  'its name among others, in capitals': shows({ names: ['example.com', 'MAIL.example.com'] }, 'pass'),
  'a wildcard for its label': shows({ names: ['*.example.com'] }, 'pass'),
  'a wildcard one label up': shows({ names: ['*.com'] }, 'failed'),
  'a wildcard for a part of a label': shows({ names: ['m*.example.com'] }, 'failed'),
  'the mail domain is not the host': shows({ names: ['example.com'] }, 'failed'),
  'other names, and SRV points here': other,
  'other names, and the configuration points here': declared(other, 'failed'),
  'other names, and nobody points here': guessed(other, 'unknown:endpoint-unknown'),
  'its name, and nobody points here': guessed(shows({ names: ['mail.example.com'] }, 'pass'), 'pass'),
  'a common name alone': shows({ names: [], commonName: 'mail.example.com' }, 'nameless'),
  'self-signed, but for this host': shows({ names: ['mail.example.com'] }, 'pass', 'self-signed'),
  'no certificate': shows({ names: [] }, 'skip', 'no-certificate'),
  ...withoutCertificate,
})
