import check from '../../../src/checks/submission/auth-offered.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp, smtpInClear, smtpUpgrading, submissions } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:465'
const upgraded = 'mail.example.com[192.0.2.5]:587'
const row = (session: string, expected: string, at = name): Row => ({ zone, sessions: { [at]: session }, expect: { [at]: expected } })
const without = submissions.replace('AUTH PLAIN LOGIN', 'SIZE 1000')

checkTable(check, {
  'offered on 465': row(submissions, 'pass'),
  'offered on 587 after STARTTLS': row(smtp, 'pass', upgraded),
  'the old notation': row(submissions.replace('AUTH PLAIN', 'AUTH=PLAIN'), 'pass'),
  'not offered': row(without, 'failed'),
  'AUTH without a mechanism': row(submissions.replace('AUTH PLAIN LOGIN', 'AUTH'), 'failed'),
  'not offered after STARTTLS': row(smtp.replace('AUTH PLAIN LOGIN', 'HELP'), 'failed', upgraded),
  'offered in clear only, to clients without TLS': row(smtpInClear('AUTH PLAIN'), 'skip', upgraded),
  'a customary name without it, beside one that has it': {
    zone, sessions: { [name]: submissions, [upgraded]: smtp.replace('AUTH PLAIN LOGIN', 'HELP') }, expect: { [name]: 'pass', [upgraded]: 'skip' },
  },
  'declared without it, beside one that has it': {
    zone: `${zone}\n_submission._tcp.example.com SRV 0 1 587 mail.example.com`,
    sessions: { [name]: submissions, [upgraded]: smtp.replace('AUTH PLAIN LOGIN', 'HELP') }, expect: { [name]: 'pass', [upgraded]: 'failed' },
  },
  'the handshake fails': row(smtpUpgrading('220 go', '* handshake'), 'skip', upgraded),
  'EHLO is refused': row('* tls\nS: 220 mail\nC: EHLO *\nS: 502 unknown\nC: HELO *\nS: 250 mail', 'skip'),
  'turned away': row('* tls\nS: 554 go away', 'unknown:client-rejected'),
  'asked to come back': row('* tls\nS: 421 later', 'unknown:rate-limited'),
  'closed after STARTTLS': row(`${smtpUpgrading('220 go')}\n* tls\nC: EHLO *\n* closed`, 'unknown:connection-lost', upgraded),
  'nothing is found': { zone, expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_submission._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
