import check from '../../../src/checks/access/login-works.ts'
import { checkTable } from '../../check-table.ts'
import { imap, imaps, submissions } from '../transcripts.ts'
import { at, login, mailbox, row, zone } from './logins.ts'

const scramFirst = `${imaps.replace('AUTH=PLAIN', 'AUTH=SCRAM-SHA-256 SASL-IR')}
  C: a2 AUTHENTICATE SCRAM-SHA-256 ***
  S: + cj1hLHM9YQ==,i=4096
  C: ***`
const scope = row('imaps', '', '').scope ?? {}

checkTable(check, {
  'let in over IMAP': row('imaps', login('imaps', 'a2 OK [CAPABILITY IMAP4rev1] in', mailbox.imaps()), 'pass'),
  'let in over submission': row('submissions', login('submissions', '235 2.7.0 Authentication successful'), 'pass'),
  'let in over POP3': row('pop3s', login('pop3s', '+OK 2 messages', mailbox.pop3s('UIDL')), 'pass'),
  'let in, and then the connection is lost': row('imaps', login('imaps', 'a2 OK in'), 'pass'),
  'refused over IMAP': { ...row('imaps', login('imaps', 'a2 NO [AUTHENTICATIONFAILED] Authentication failed.'), 'failed'), args: { [at.imaps]: { endpoint: at.imaps, reply: 'a2 NO [AUTHENTICATIONFAILED] Authentication failed.' } } },
  'refused over submission': row('submissions', login('submissions', '535 5.7.8 Error: authentication failed'), 'failed'),
  'refused over POP3': row('pop3s', login('pop3s', '-ERR [AUTH] Authentication failed.'), 'failed'),
  'refused over POP3 at USER': row('pop3s', login('pop3s', '').replace(/S: \+OK send it[^]*$/, 'S: -ERR no such user'), 'failed'),
  'IMAP is out of order': row('imaps', login('imaps', 'a2 NO [UNAVAILABLE] Temporary authentication failure.'), 'unknown:rate-limited'),
  'IMAP says goodbye': row('imaps', login('imaps', '* BYE too many'), 'unknown:rate-limited'),
  'submission is out of order': row('submissions', login('submissions', '454 4.7.0 Temporary authentication failure'), 'unknown:rate-limited'),
  'POP3 is out of order': row('pop3s', login('pop3s', '-ERR [SYS/TEMP] later'), 'unknown:rate-limited'),
  'POP3 is in use': row('pop3s', login('pop3s', '-ERR [IN-USE] locked'), 'unknown:rate-limited'),
  'POP3 wants a pause': row('pop3s', login('pop3s', '-ERR [LOGIN-DELAY] not yet'), 'unknown:rate-limited'),
  'our address is blocked': row('submissions', login('submissions', '554 5.7.1 Your IP is blocked'), 'unknown:client-rejected'),
  'too many failures already': row('submissions', login('submissions', '535 5.7.8 too many failed logins, try again later'), 'unknown:rate-limited'),
  'closed in the middle': row('submissions', `${submissions}\n  C: AUTH PLAIN ***\n  * closed`, 'unknown:connection-lost'),
  'the server knows the password, too': row('imaps', `${scramFirst}
  S: + dj1hYmM=
  C: ***
  S: a2 OK in`, 'pass'),
  'the server cannot sign': row('imaps', `${scramFirst}
  S: + dj1hYmM=
  C: * (the signature of the server is wrong)
  S: a2 BAD cancelled`, 'unproven'),
  'the server lets in without signing': row('imaps', `${scramFirst}\n  S: a2 OK in`, 'unproven'),
  'the server does not keep to the mechanism': row('imaps', `${imaps.replace('AUTH=PLAIN', 'AUTH=SCRAM-SHA-256 SASL-IR')}
  C: a2 AUTHENTICATE SCRAM-SHA-256 ***
  S: + Zm9v
  C: * (the server says foo)
  S: a2 BAD cancelled`, 'failed'),
  'a mechanism that is not offered': row('imaps', imaps, 'not-offered', { mechanism: 'SCRAM-SHA-256' }),
  'no mechanism that is known': row('submissions', submissions.replace('PLAIN LOGIN', 'GSSAPI'), 'skip'),
  'a certificate of another name': row('imaps', imaps.replace('* tls', '* tls cert=other.example.com'), 'skip'),
  'a certificate that nobody trusts': row('imaps', imaps.replace('* tls', '* tls unknown-issuer'), 'skip'),
  'no TLS': { ...row('imaps', '', ''), scope: { ...scope, accounts: [{ service: 'imap', user: 'joe', password: 'env:JOE' }] },
    sessions: { 'mail.example.com[192.0.2.5]:143': imap.slice(0, imap.indexOf('  C: a2')).replaceAll(' STARTTLS', '') }, expect: { 'mail.example.com[192.0.2.5]:143': 'skip' } },
  'logged in from the beginning': row('imaps', imaps.replace('* OK ready', '* PREAUTH ready'), 'skip'),
  'named by unsigned records of another domain': {
    zone: '_imaps._tcp.example.com SRV 0 1 993 mail.example.net\nmail.example.net A 192.0.2.6', scope,
    sessions: { 'mail.example.net[192.0.2.6]:993': imaps }, expect: { 'mail.example.net[192.0.2.6]:993': 'skip' },
  },
  'named by signed records of another domain': {
    zone: '; secure example.com\n_imaps._tcp.example.com SRV 0 1 993 mail.example.net\nmail.example.net A 192.0.2.6', scope,
    sessions: { 'mail.example.net[192.0.2.6]:993': login('imaps', 'a2 OK in') }, expect: { 'mail.example.net[192.0.2.6]:993': 'pass' },
  },
  'nowhere to log in': { zone, scope, expect: { 'example.com': 'unknown:endpoint-unknown' } },
  'no account': { zone, scope: { ...scope, accounts: [] }, expect: { 'example.com': 'skip:not-applicable' } },
  'not permitted': { zone, sessions: { [at.imaps]: imaps }, expect: { 'example.com': 'skip:needs-flag' } },
  'an SRV lookup that fails': { zone: '_imaps._tcp.example.com SRV (servfail)', scope, expect: { 'example.com': 'unknown' } },
})
