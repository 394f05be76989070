import check from '../../../src/checks/smtp/auth-not-on-port-25.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp, smtpInClear, smtpUpgrading } from '../transcripts.ts'

const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
const mx = 'mx1.example.com[192.0.2.1]:25'
const row = (session: string, expected: string, mechanisms?: string[]): Row => ({
  zone, sessions: { [mx]: session }, expect: { [mx]: expected }, ...(mechanisms ? { args: { [mx]: { host: 'mx1.example.com', mechanisms } } } : {}),
})
const without = smtp.replace('AUTH PLAIN LOGIN', 'SIZE 1000')

checkTable(check, {
  'none': row(without, 'pass'),
  'none, and no TLS': row(smtpInClear('SIZE 1000'), 'pass'),
  'over TLS': row(smtp, 'failed', ['PLAIN', 'LOGIN']),
  'in clear': row(smtpInClear('AUTH CRAM-MD5'), 'failed', ['CRAM-MD5']),
  'in clear and over TLS': row(smtp.replace('250 STARTTLS', '250-AUTH PLAIN\n  S: 250 STARTTLS'), 'failed', ['PLAIN', 'LOGIN']),
  'none in clear, and the handshake fails': row(smtpUpgrading('220 go', '* handshake'), 'skip'),
  'none in clear, and TLS is refused': row(smtpUpgrading('502 no'), 'skip'),
  'none in clear, and TLS is put off': row(smtpUpgrading('454 later'), 'unknown:rate-limited'),
  'none in clear, and the connection is lost after TLS': row(`${smtpUpgrading('220 go')}\n* tls\nC: EHLO *\n* closed`, 'unknown:connection-lost'),
  'EHLO is unknown': row('S: 220 mx1\nC: EHLO *\nS: 502 unknown\nC: HELO *\nS: 250 mx1', 'skip'),
  'turned away': row('S: 554 go away', 'unknown:client-rejected'),
  'nobody there': { zone, expect: { [mx]: 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
