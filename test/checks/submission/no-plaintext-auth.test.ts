import check from '../../../src/checks/submission/no-plaintext-auth.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp, smtpInClear } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:587'
const row = (session: string, expected: string, mechanisms?: string[]): Row =>
  ({ zone, sessions: { [name]: session }, expect: { [name]: expected }, ...(mechanisms ? { args: { [name]: { endpoint: name, mechanisms } } } : {}) })

checkTable(check, {
  'AUTH inside TLS only': row(smtp, 'pass'),
  'mechanisms that keep the secret': row(smtpInClear('AUTH SCRAM-SHA-256 CRAM-MD5'), 'pass'),
  'PLAIN and LOGIN in clear': row(`${smtpInClear('AUTH PLAIN LOGIN', 'STARTTLS')}\nC: STARTTLS\nS: 454 later`, 'failed', ['PLAIN', 'LOGIN']),
  'EHLO is unknown': row('S: 220 mail\nC: EHLO *\nS: 502 unknown\nC: HELO *\nS: 250 mail', 'skip'),
  'asked to come back': row('S: 421 later', 'unknown:rate-limited'),
  '554 to strangers': row('S: 554 no', 'unknown:client-rejected'),
  'closed midway': row('S: 220 mail\nC: EHLO *\n* closed', 'unknown:connection-lost'),
  'too slow': row('* connected\n* timeout', 'unknown:tarpit'),
  'closed, and nobody said otherwise': { zone, expect: { 'example.com': 'skip' } },
  'declared, and closed': { zone: `${zone}\n_submission._tcp.example.com SRV 0 1 587 mail.example.com`, expect: { [name]: 'skip' } },
  'declared, and silent': {
    zone: `${zone}\n_submission._tcp.example.com SRV 0 1 587 mail.example.com`, sessions: { [name]: '* timeout' }, expect: { [name]: 'unknown:connect-timeout' },
  },
  'an SRV lookup that fails': { zone: '_submission._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
