import check from '../../../src/checks/tls/starttls-discards-plaintext.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imap, pop3, smtp } from '../transcripts.ts'

const scope: Row['scope'] = { permissions: new Set(['own']) }
const mx = 'mx1.example.com[192.0.2.1]:25'
const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'

/** The polite dialogue up to the handshake serves for the other one too, which has more to say at that point. */
const upgrading = (polite: string): string => polite.slice(0, polite.indexOf('* tls')).replace(/(C: (?:a\d )?(?:STARTTLS|STLS))/, '$1*')
const row = (session: string, expected: string): Row => ({ zone, scope, sessions: { [mx]: session }, expect: { [mx]: expected } })
const mailbox = (at: string, session: string, expected: string): Row => ({ zone: 'mail.example.com A 192.0.2.5', scope, sessions: { [at]: session }, expect: { [at]: expected } })
const imapAt = 'mail.example.com[192.0.2.5]:143'
const pop3At = 'mail.example.com[192.0.2.5]:110'

// what is heard inside TLS, whichever command comes first there
const inside = (polite: string, ...lines: string[]): string => `${upgrading(polite)}* tls\n  C: *${lines.map(line => `\n  S: ${line}`).join('')}`
const goodbye = '221 2.0.0 Bye'

checkTable(check, {
  'dropped': row(inside(smtp, goodbye), 'pass'),
  'answered inside TLS': row(inside(smtp, '250 2.0.0 Ok', goodbye), 'failed'),
  'answered inside TLS, in several lines': row(inside(smtp, '250-2.0.0 Ok', '250 and more', goodbye), 'failed'),
  'turned away for being too many': row(inside(smtp, '421 4.7.0 Too many'), 'pass'),
  'IMAP drops it': mailbox(imapAt, inside(imap, '* BYE', 'a4 OK bye', 'unheard'), 'pass'),
  'IMAP answers it inside TLS': mailbox(imapAt, inside(imap, 'a3 OK done', '* BYE'), 'failed'),
  'POP3 drops it': mailbox(pop3At, inside(pop3, '+OK bye'), 'pass'),
  'POP3 answers it inside TLS': mailbox(pop3At, inside(pop3, '-ERR unknown', '+OK bye'), 'failed'),
  'silent inside TLS': row(`${upgrading(smtp)}* tls\n  C: *\n  * closed`, 'unknown:connection-lost'),
  'no TLS': row('S: 220 mx1\nC: EHLO *\nS: 250 mx1', 'skip'),
  'the handshake fails anyway': row(`${upgrading(smtp)}* handshake`, 'skip'),
  'put off': row('S: 220 mx1\nC: EHLO *\nS: 250-mx1\nS: 250 STARTTLS\nC: STARTTLS*\nS: 454 later', 'unknown:rate-limited'),
  'turned away': row('S: 554 go away', 'unknown:client-rejected'),
  'nobody there': { zone, scope, expect: { [mx]: 'skip' } },
  'not permitted': { zone, sessions: { [mx]: smtp }, expect: { 'example.com': 'skip:needs-flag' } },
  'nothing to upgrade': { zone: 'example.com MX 0 .', scope, expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', scope, expect: { 'example.com': 'unknown:dns-servfail' } },
})
