import check from '../../../src/checks/submission/starttls-offered.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp, smtpInClear, smtpUpgrading } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:587'
const row = (session: string, expected: string): Row => ({ zone, sessions: { [name]: session }, expect: { [name]: expected } })

checkTable(check, {
  'it works': row(smtp, 'pass'),
  'the handshake fails, which another check tells': row(smtpUpgrading('220 go', '* handshake'), 'pass'),
  'not offered': row(smtpInClear('AUTH PLAIN'), 'failed'),
  'EHLO is unknown': row('S: 220 mail\nC: EHLO *\nS: 502 unknown\nC: HELO *\nS: 250 mail', 'failed'),
  'offered, and then refused': row(smtpUpgrading('502 5.5.1 no'), 'refused'),
  'not for now': row(smtpUpgrading('454 4.7.0 later'), 'unknown:rate-limited'),
  'closed in the handshake': row(smtpUpgrading('220 go', '* closed'), 'unknown:connection-lost'),
  'closed midway': row('S: 220 mail\nC: EHLO *\n* closed', 'unknown:connection-lost'),
  'asked to come back': row('S: 421 later', 'unknown:rate-limited'),
  '554 to strangers': row('S: 554 no', 'unknown:client-rejected'),
  'no welcome at all': row('S: 521 no', 'skip'),
  'too slow': row('* connected\n* timeout', 'unknown:tarpit'),
  'closed, and nobody said otherwise': { zone, expect: { 'example.com': 'skip' } },
  'declared, and closed': { zone: `${zone}\n_submission._tcp.example.com SRV 0 1 587 mail.example.com`, expect: { [name]: 'skip' } },
  'declared, and silent': {
    zone: `${zone}\n_submission._tcp.example.com SRV 0 1 587 mail.example.com`, sessions: { [name]: '* timeout' }, expect: { [name]: 'unknown:connect-timeout' },
  },
  'an SRV lookup that fails': { zone: '_submission._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
