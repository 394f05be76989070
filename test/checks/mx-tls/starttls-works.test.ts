import check from '../../../src/checks/mx-tls/starttls-works.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp, smtpInClear, smtpUpgrading } from '../transcripts.ts'

const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
const mx = 'mx1.example.com[192.0.2.1]:25'
const where = { host: 'mx1.example.com', address: '192.0.2.1' }
const row = (session: string, expected: string, args?: Record<string, unknown>): Row =>
  ({ zone, sessions: { [mx]: session }, expect: { [mx]: expected }, ...(args ? { args: { [mx]: { ...where, ...args } } } : {}) })

checkTable(check, {
  'it works': row(smtp, 'pass'),
  'with a self-signed certificate': row(smtpUpgrading('220 go', '* tls TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 X25519 self-signed'), 'pass'),
  'the session breaks behind the handshake': row(smtpUpgrading('220 go', '* tls\nC: EHLO *\n* closed'), 'pass'),
  'an alert behind the handshake, as TLS 1.3 has it': row(smtpUpgrading('220 go', '* tls\nC: EHLO *\n* handshake "TLS alert 116, certificate_required"'), 'handshake', { alert: 'TLS alert 116, certificate_required' }),
  'an alert when all is said': row(smtpUpgrading('220 go', '* tls\nC: EHLO *\nS: 250 mx1\n* handshake'), 'pass'),
  'not offered': row(smtpInClear('SIZE 1000'), 'failed', {}),
  'starred out on the way': row(smtpInClear('XXXXXXXA'), 'failed', {}),
  'offered, and then refused': row(smtpUpgrading('502 5.5.1 not implemented'), 'refused', { reply: '502 5.5.1 not implemented' }),
  'refused in the name of security': row(smtpUpgrading('554 5.7.3 Unable to initialize security subsystem'), 'refused'),
  'an alert': row(smtpUpgrading('220 go', '* handshake "the server sent the alert handshake failure"'), 'handshake', { alert: 'the server sent the alert handshake failure' }),
  'a handshake that only this library cannot make': row(smtpUpgrading('220 go', '* handshake client-cannot-offer "not here"'), 'unknown:client-cannot-offer'),
  'not available for now': row(smtpUpgrading('454 4.7.0 TLS not available due to local problem'), 'unknown:rate-limited'),
  'closed instead of a reply': row(`${smtpInClear('STARTTLS')}\nC: STARTTLS\n* closed`, 'unknown:connection-lost'),
  'closed in the handshake': row(smtpUpgrading('220 go', '* closed'), 'unknown:connection-lost'),
  'silent in the handshake': row(smtpUpgrading('220 go', '* timeout'), 'unknown:tarpit'),
  'no session': row('S: 521 no mail here', 'skip'),
  'EHLO is unknown': row('S: 220 mx1\nC: EHLO *\nS: 502 unknown\nC: HELO *\nS: 250 mx1', 'skip'),
  'asked to come back': row('S: 421 later', 'unknown:rate-limited'),
  '554 to strangers': row('S: 554 no', 'unknown:client-rejected'),
  'nobody there': { zone, expect: { [mx]: 'skip' } },
  'silent': row('* timeout', 'unknown:connect-timeout'),
  'an implicit MX that may be none': {
    zone: 'example.com A 192.0.2.1\nexample.com TXT (servfail)', sessions: { 'example.com[192.0.2.1]:25': smtpInClear() },
    expect: { 'example.com[192.0.2.1]:25': 'unknown' },
  },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'an address lookup that fails': { zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
