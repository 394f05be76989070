import check from '../../../src/checks/smtp/session-opens.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp, smtpInClear, smtpUpgrading } from '../transcripts.ts'

const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
const mx = 'mx1.example.com[192.0.2.1]:25'
const row = (session: string, expected: string, reply?: { command: string; reply: string }): Row => ({
  zone, sessions: { [mx]: session }, expect: { [mx]: expected },
  ...(reply ? { args: { [mx]: { host: 'mx1.example.com', address: '192.0.2.1', ...reply } } } : {}),
})
const refusedEhlo = (reply: string): string => `S: 220 mx1.example.com\nC: EHLO probe.example.net\nS: ${reply}\nC: HELO *\nS: 250 mx1.example.com`

checkTable(check, {
  'a server in order': row(smtp, 'pass'),
  'EHLO is refused over TLS': row(smtpUpgrading('220 go', '* tls\nC: EHLO *\nS: 503 5.5.1 bad sequence'), 'failed', { command: 'EHLO over TLS', reply: '503 5.5.1 bad sequence' }),
  'a second greeting over TLS, which answers EHLO': row(smtpUpgrading('220 go', '* tls\nC: EHLO *\nS: 220 mx1 again'), 'failed', { command: 'EHLO over TLS', reply: '220 mx1 again' }),
  'asked to come back over TLS': row(smtpUpgrading('220 go', '* tls\nC: EHLO *\nS: 421 too busy'), 'pass'),
  'a session that breaks over TLS': row(smtpUpgrading('220 go', '* tls\nC: EHLO *\n* closed'), 'pass'),
  'no STARTTLS': row(smtpInClear(), 'pass'),
  'a greeting of several lines': row('S: 220-mx1.example.com\nS: 220-no spam\nS: 220 ready\nC: EHLO *\nS: 250 mx1.example.com', 'pass'),
  'replies without text': row('S: 220\nC: EHLO *\nS: 250', 'pass'),
  'a session that breaks after EHLO': row(`${smtpInClear('STARTTLS')}\nC: STARTTLS\n* closed`, 'pass'),
  'EHLO is unknown, HELO is not': row(refusedEhlo('502 5.5.2 Error: command not recognized'), 'failed', { command: 'EHLO', reply: '502 5.5.2 Error: command not recognized' }),
  'a firewall that stars out EHLO': row(refusedEhlo('500 5.5.1 Command unrecognized: "XXXX"'), 'failed'),
  'a host that takes no mail (RFC 7504)': row('S: 521 mx1.example.com does not accept mail', 'failed', { command: 'the connection', reply: '521 mx1.example.com does not accept mail' }),
  'another service on port 25': row('S: HTTP/1.1 400 Bad Request', 'failed', { command: 'the connection', reply: 'HTTP/1.1 400 Bad Request' }),
  'a greeting of another code': row('S: 250 mx1.example.com', 'failed', { command: 'the connection', reply: '250 mx1.example.com' }),
  'a teasing 220, then a plain no': row('S: 220-mx1.example.com\nS: 521 no mail here', 'failed', { command: 'the connection', reply: '521 no mail here' }),
  'a broken server': row('S: 550 internal configuration error', 'failed'),
  'asked to come back': row('S: 421 4.7.0 too many connections', 'unknown:rate-limited'),
  'asked to come back, after EHLO': row('S: 220 mx1\nC: EHLO *\nS: 421 closing', 'unknown:rate-limited'),
  'a 450 greeting': row('S: 450 4.3.2 try later', 'unknown:rate-limited'),
  '554 to strangers': row('S: 554 mx1.example.com', 'unknown:client-rejected'),
  '554 in several lines': row('S: 554-mx1.example.com\nS: 554 Your access to this mail system has been rejected', 'unknown:client-rejected'),
  'a teasing 220, then a rejection': row('S: 220-mx1.example.com\nS: 521 5.7.1 Service unavailable; client [198.51.100.1] blocked using zen.spamhaus.org', 'unknown:client-rejected'),
  'a policy rejection': row('S: 550 5.7.1 access denied', 'unknown:client-rejected'),
  'blamed for the reverse name': row('S: 550 no PTR record for 198.51.100.1', 'unknown:client-rejected'),
  'blamed for the name in EHLO': row(refusedEhlo('504 5.5.2 <probe.example.net>: Helo command rejected: need fully-qualified hostname'), 'unknown:client-rejected'),
  'closed without a greeting': row('* connected\n* closed', 'unknown:connection-lost'),
  'closed at EHLO': row('S: 220 mx1\nC: EHLO *\n* closed', 'unknown:connection-lost'),
  'no greeting in time': row('* connected\n* timeout', 'unknown:tarpit'),
  'no reply to EHLO in time': row('S: 220 mx1\nC: EHLO *\n* timeout', 'unknown:tarpit'),
  'a greeting without end': row('S: 220-mx1\n* too-long', 'unknown:tarpit'),
  'nobody there': { zone, expect: { [mx]: 'skip' } },
  'silent': row('* timeout', 'unknown:connect-timeout'),
  'silent, while others answer': {
    zone, sessions: { [mx]: '* timeout', '[192.0.2.99]:25': '* connected' }, scope: { vantage: [{ host: '192.0.2.99' }] }, expect: { [mx]: 'skip' },
  },
  'a web site that takes no mail': { zone: 'example.com A 192.0.2.1\nexample.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'an address lookup that fails': { zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
