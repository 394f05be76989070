/** Worlds of one declared IMAP endpoint, for the tables that judge its certificate. */
import type { Row } from '../../check-table.ts'
import { imapInClear, imapUpgrading } from '../transcripts.ts'

export const imaps = 'mail.example.com[192.0.2.5]:993'
const clear = 'mail.example.com[192.0.2.5]:143'
const declared = `mail.example.com A 192.0.2.5
  _imaps._tcp.example.com SRV 0 1 993 mail.example.com`
const upgraded = `mail.example.com A 192.0.2.5
  _imap._tcp.example.com SRV 0 1 143 mail.example.com
  _imaps._tcp.example.com SRV 0 0 0 .`

type Certificate = NonNullable<Row['certificates']>[string]

/** One endpoint on 993 that shows this certificate; `trust` is what the handshake found: `trusted`, `self-signed`, … */
export function shows(certificate: Certificate, expected: string, trust = 'trusted', args?: Record<string, unknown>): Row {
  return {
    zone: declared,
    sessions: { [imaps]: `* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 ${trust} cert=a\nS: * OK ready\n* closed` },
    certificates: { a: certificate },
    expect: { [imaps]: expected },
    ...(args ? { args: { [imaps]: { endpoint: imaps, ...args } } } : {}),
  }
}

/** What every check of a certificate owes where there is none to see. */
export const withoutCertificate: Record<string, Row> = {
  'no TLS offered': { zone: upgraded, sessions: { [clear]: imapInClear('IMAP4rev1') }, expect: { [clear]: 'skip' } },
  'TLS refused': { zone: upgraded, sessions: { [clear]: imapUpgrading('a2 BAD no') }, expect: { [clear]: 'skip' } },
  'TLS refused for now': { zone: upgraded, sessions: { [clear]: imapUpgrading('a2 NO [LIMIT] later') }, expect: { [clear]: 'unknown:rate-limited' } },
  'no welcome for now': { zone: upgraded, sessions: { [clear]: 'S: * BYE [UNAVAILABLE] later' }, expect: { [clear]: 'unknown:rate-limited' } },
  'the handshake fails': { zone: declared, sessions: { [imaps]: '* handshake' }, expect: { [imaps]: 'skip' } },
  'closed in the handshake': { zone: declared, sessions: { [imaps]: '* closed' }, expect: { [imaps]: 'unknown:connection-lost' } },
  'closed in the greeting': { zone: upgraded, sessions: { [clear]: '* connected\n* closed' }, expect: { [clear]: 'unknown:connection-lost' } },
  'too slow': { zone: declared, sessions: { [imaps]: '* connected\n* timeout' }, expect: { [imaps]: 'unknown:tarpit' } },
  'silent': { zone: declared, sessions: { [imaps]: '* timeout' }, expect: { [imaps]: 'unknown:connect-timeout' } },
  'refused': { zone: declared, expect: { [imaps]: 'skip' } },
  'an SRV lookup that fails': { zone: '_pop3._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'guesses that do not answer': { zone: 'mail.example.com A 192.0.2.5', expect: { 'example.com': 'skip' } },
}
