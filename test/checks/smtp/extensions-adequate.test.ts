import check from '../../../src/checks/smtp/extensions-adequate.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp, smtpInClear, smtpUpgrading } from '../transcripts.ts'

const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
const mx = 'mx1.example.com[192.0.2.1]:25'
const row = (session: string, expected: string, args?: Record<string, unknown>): Row => ({
  zone, sessions: { [mx]: session }, expect: { [mx]: expected }, ...(args ? { args: { [mx]: { host: 'mx1.example.com', ...args } } } : {}),
})

checkTable(check, {
  'both, and a generous limit': row(smtpInClear('8BITMIME', 'SMTPUTF8', 'SIZE 52428800'), 'pass'),
  'exactly 10 MiB': row(smtpInClear('8BITMIME', 'SMTPUTF8', 'SIZE 10485760'), 'pass'),
  'no fixed limit': row(smtpInClear('8bitmime', 'smtputf8', 'SIZE 0'), 'pass'),
  'a limit that is not told': row(smtpInClear('8BITMIME', 'SMTPUTF8', 'SIZE'), 'pass'),
  'no SIZE': row(smtpInClear('8BITMIME', 'SMTPUTF8'), 'pass'),
  'no SMTPUTF8': row(smtpInClear('8BITMIME', 'SIZE 52428800'), 'failed', { missing: ['SMTPUTF8'] }),
  'neither': row(smtpInClear('SIZE 52428800'), 'failed', { missing: ['8BITMIME', 'SMTPUTF8'] }),
  'a small limit': row(smtpInClear('8BITMIME', 'SMTPUTF8', 'SIZE 10485759'), 'small', { octets: 10485759 }),
  'both faults': row(smtpInClear('8BITMIME', 'SIZE 1000'), 'both', { missing: ['SMTPUTF8'], octets: 1000 }),
  'listed only inside TLS': row(smtp.replace('AUTH PLAIN LOGIN', '8BITMIME\n  S: 250 SMTPUTF8').replace('250 8BITMIME', '250-8BITMIME'), 'pass'),
  'listed in clear, and the handshake fails': row(smtpUpgrading('220 go', '* handshake').replace('250 STARTTLS', '250-8BITMIME\n  S: 250-SMTPUTF8\n  S: 250 STARTTLS'), 'pass'),
  'EHLO is unknown': row('S: 220 mx1\nC: EHLO *\nS: 502 unknown\nC: HELO *\nS: 250 mx1', 'skip'),
  'closed at EHLO': row('S: 220 mx1\nC: EHLO *\n* closed', 'unknown:connection-lost'),
  'nobody there': { zone, expect: { [mx]: 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
