import check from '../../../src/checks/access/mechanisms-current.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imap, imapInClear, imaps, imapsListing, imapUpgrading, pop3InClear, pop3s, pop3sListing, smtp, smtpUpgrading, submissions } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const at = (port: number): string => `mail.example.com[192.0.2.5]:${port}`
const row = (port: number, session: string, expected: string, mechanisms?: string[]): Row => ({
  zone, sessions: { [at(port)]: session }, expect: { [at(port)]: expected },
  ...(mechanisms ? { args: { [at(port)]: { endpoint: at(port), mechanisms } } } : {}),
})

checkTable(check, {
  'PLAIN inside TLS: submission': row(465, submissions, 'pass'),
  'PLAIN inside TLS: IMAP': row(993, imaps, 'pass'),
  'PLAIN inside TLS: POP3': row(995, pop3s, 'pass'),
  'what replaces passwords': row(993, imapsListing('IMAP4rev1 AUTH=SCRAM-SHA-256-PLUS AUTH=OAUTHBEARER AUTH=XOAUTH2'), 'pass'),
  'CRAM-MD5 for submission': row(465, submissions.replace('PLAIN LOGIN', 'PLAIN CRAM-MD5'), 'failed', ['CRAM-MD5']),
  'CRAM-MD5 and DIGEST-MD5 for IMAP': row(993, imapsListing('IMAP4rev1 auth=cram-md5 AUTH=DIGEST-MD5'), 'failed', ['CRAM-MD5', 'DIGEST-MD5']),
  'NTLM for POP3': row(995, pop3sListing('SASL PLAIN NTLM'), 'failed', ['NTLM']),
  'APOP': row(995, '* tls\nS: +OK ready <1896.697170952@mail.example.com>\nC: CAPA\nS: +OK\nS: USER\nS: .', 'failed', ['APOP']),
  'APOP where CAPA is unknown': row(995, '* tls\nS: +OK <1.2@mail.example.com>\nC: CAPA\nS: -ERR', 'failed', ['APOP']),
  'after STARTTLS': row(143, imap.replace('AUTH=PLAIN', 'AUTH=PLAIN AUTH=CRAM-MD5'), 'failed', ['CRAM-MD5']),
  'before STARTTLS, and then the handshake fails': row(587, smtpUpgrading('220 go', '* handshake').replace('250 STARTTLS', '250-AUTH CRAM-MD5\n  S: 250 STARTTLS'), 'failed', ['CRAM-MD5']),
  'nothing old in clear, and the handshake fails': row(143, imapUpgrading('a2 OK begin', '* handshake'), 'skip'),
  'in clear to the end': row(143, imapInClear('IMAP4rev1 AUTH=CRAM-MD5'), 'failed', ['CRAM-MD5']),
  'in clear to the end, without any': row(110, pop3InClear('UIDL'), 'pass'),
  'submission with STARTTLS': row(587, smtp, 'pass'),
  'CAPA is unknown': row(995, '* tls\nS: +OK ready\nC: CAPA\nS: -ERR', 'skip'),
  'closed midway': row(993, '* tls\nS: * OK ready\nC: a1 CAPABILITY\n* closed', 'unknown:connection-lost'),
  'nothing is found': { zone, expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_imap._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
