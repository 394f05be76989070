import check from '../../../src/checks/smtp/auth-not-before-tls.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp, smtpInClear, smtpUpgrading } from '../transcripts.ts'

const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
const mx = 'mx1.example.com[192.0.2.1]:25'
const row = (session: string, expected: string, mechanisms?: string[]): Row => ({
  zone, sessions: { [mx]: session }, expect: { [mx]: expected }, ...(mechanisms ? { args: { [mx]: { host: 'mx1.example.com', mechanisms } } } : {}),
})

checkTable(check, {
  'AUTH inside TLS only': row(smtp, 'pass'),
  'no AUTH, no TLS': row(smtpInClear('SIZE 1000'), 'pass'),
  'mechanisms that keep the secret': row(smtpInClear('AUTH CRAM-MD5 SCRAM-SHA-256'), 'pass'),
  'AUTH PLAIN in clear': row(smtpInClear('AUTH PLAIN'), 'failed', ['PLAIN']),
  'both, among others, in lower case': row(smtpInClear('auth login CRAM-MD5 plain', 'AUTH=LOGIN'), 'failed', ['LOGIN', 'PLAIN']),
  'the old spelling': row(smtpInClear('AUTH=LOGIN'), 'failed', ['LOGIN']),
  'STARTTLS beside it changes nothing': row(`${smtpInClear('AUTH PLAIN', 'STARTTLS')}\nC: STARTTLS\n* closed`, 'failed', ['PLAIN']),
  'a broken upgrade does not hide the answer': row(smtpUpgrading('454 later'), 'pass'),
  'EHLO refused': row('S: 220 mx1\nC: EHLO *\nS: 502 unknown\nC: HELO *\nS: 250 mx1', 'skip'),
  'asked to come back': row('S: 421 later', 'unknown:rate-limited'),
  'rejected for our sake': row('S: 554 5.7.1 your address is on a block list', 'unknown:client-rejected'),
  'closed midway': row('S: 220 mx1\nC: EHLO *\nS: 250-mx1\n* closed', 'unknown:connection-lost'),
  'too slow': row('* connected\n* timeout', 'unknown:tarpit'),
  'nobody there': { zone, expect: { [mx]: 'skip' } },
  'silent': row('* timeout', 'unknown:connect-timeout'),
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'an address lookup that fails': { zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
