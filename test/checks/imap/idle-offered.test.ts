import check from '../../../src/checks/imap/idle-offered.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imap, imapInClear, imaps, imapsListing, imapUpgrading } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:993'
const clear = 'mail.example.com[192.0.2.5]:143'
const row = (session: string, expected: string, at = name): Row => ({ zone, sessions: { [at]: session }, expect: { [at]: expected } })

checkTable(check, {
  'listed before login': row(imapsListing('IMAP4rev1 IDLE AUTH=PLAIN'), 'pass'),
  'listed in lower case': row(imapsListing('imap4rev1 idle'), 'pass'),
  'part of something else': row(imapsListing('IMAP4rev1 IMAP4rev2'), 'pass'),
  'not listed before login': row(imaps, 'unknown:not-disclosed'),
  'not listed, and everybody is logged in': row(imapsListing('IMAP4rev1', '* PREAUTH welcome'), 'failed'),
  'not listed in clear either, and everybody is logged in': row(imapInClear('IMAP4rev1', '* PREAUTH welcome'), 'failed', clear),
  'listed inside TLS': row(imap.replace('AUTH=PLAIN', 'IDLE'), 'pass', clear),
  'listed in clear, which counts no longer': row(imap.replaceAll('LOGINDISABLED', 'LOGINDISABLED IDLE'), 'unknown:not-disclosed', clear),
  'no TLS': row(imapInClear('IMAP4rev1 IDLE'), 'pass', clear),
  'the handshake fails': row(imapUpgrading('a2 OK begin', '* handshake'), 'skip', clear),
  'CAPABILITY is refused': row('* tls\nS: * OK ready\nC: a1 CAPABILITY\nS: a1 BAD unknown', 'skip'),
  'goodbye': row('* tls\nS: * BYE [UNAVAILABLE] later', 'unknown:rate-limited'),
  'closed midway': row('* tls\nS: * OK ready\nC: a1 CAPABILITY\n* closed', 'unknown:connection-lost'),
  'no IMAP': { zone, expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_imaps._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
