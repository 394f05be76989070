import check from '../../../src/checks/tls/handshake-completes.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imap, imapInClear, imaps, imapUpgrading, pop3, pop3Upgrading, smtpUpgrading, submissions } from '../transcripts.ts'

const zone = 'example.com MX 10 mx1.example.com\nmail.example.com A 192.0.2.5\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com'
const name = 'mail.example.com[192.0.2.5]:993'
const row = (session: string, expected: string, args?: Record<string, unknown>): Row =>
  ({ zone, sessions: { [name]: session }, expect: { [name]: expected }, ...(args ? { args: { [name]: { endpoint: name, ...args } } } : {}) })
/** One port alone, found under a customary name. */
const found = (port: number, session: string, expected: string): Row => ({
  zone: 'example.com MX 10 mx1.example.com\nmail.example.com A 192.0.2.5',
  sessions: { [`mail.example.com[192.0.2.5]:${port}`]: session }, expect: { [`mail.example.com[192.0.2.5]:${port}`]: expected },
})

checkTable(check, {
  'implicit TLS': row(imaps, 'pass'),
  'a self-signed certificate': row('* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 self-signed\nS: * OK ready\n* closed', 'pass'),
  'STARTTLS': found(143, imap, 'pass'),
  'STLS': found(110, pop3, 'pass'),
  'submissions': found(465, submissions, 'pass'),
  'an alert': row('* handshake "the server sent the alert handshake failure"', 'failed', { alert: 'the server sent the alert handshake failure' }),
  'an alert after STARTTLS': found(143, imapUpgrading('a2 OK begin', '* handshake'), 'failed'),
  'an alert after STLS': found(110, pop3Upgrading('+OK begin', '* handshake'), 'failed'),
  'an alert on 587': found(587, smtpUpgrading('220 go', '* handshake'), 'failed'),
  'an alert behind the handshake, as TLS 1.3 has it': row('* tls\n* handshake "TLS alert 116, certificate_required"', 'failed', { alert: 'TLS alert 116, certificate_required' }),
  'an alert behind the handshake after STARTTLS': found(143, imapUpgrading('a2 OK begin', '* tls\nC: a3 CAPABILITY\n* handshake'), 'failed'),
  'an alert behind the handshake after STLS': found(110, pop3Upgrading('+OK begin', '* tls\nC: CAPA\n* handshake'), 'failed'),
  'an alert when all is said': row('* tls\nS: * OK ready\nC: a1 CAPABILITY\n* handshake', 'pass'),
  'a handshake that only this library cannot make': row('* handshake client-cannot-offer "not here"', 'unknown:client-cannot-offer'),
  'closed in the handshake': row('* closed', 'unknown:connection-lost'),
  'closed in the handshake after STARTTLS': found(143, imapUpgrading('a2 OK begin', '* closed'), 'unknown:connection-lost'),
  'silent in the handshake': row('* connected\n* timeout', 'unknown:tarpit'),
  'STARTTLS is not offered': found(143, imapInClear('IMAP4rev1'), 'skip'),
  'STARTTLS is refused': found(143, imapUpgrading('a2 BAD no'), 'skip'),
  'STARTTLS is not available for now': found(143, imapUpgrading('a2 NO [UNAVAILABLE] later'), 'unknown:rate-limited'),
  'refused': { zone, expect: { [name]: 'skip' } },
  'silent': row('* timeout', 'unknown:connect-timeout'),
  'guesses that do not answer': { zone: 'example.com MX 10 mx1.example.com\nmail.example.com A 192.0.2.5', expect: { 'example.com': 'skip' } },
  'nothing to guess': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_imaps._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
