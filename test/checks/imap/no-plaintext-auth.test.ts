import check from '../../../src/checks/imap/no-plaintext-auth.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imap, imapInClear, imaps } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:143'
const row = (session: string, expected: string, capabilities?: string[]): Row =>
  ({ zone, sessions: { [name]: session }, expect: { [name]: expected }, ...(capabilities ? { args: { [name]: { endpoint: name, capabilities } } } : {}) })

checkTable(check, {
  'LOGINDISABLED': row(imap, 'pass'),
  'mechanisms that keep the secret': row(imapInClear('IMAP4rev1 LOGINDISABLED AUTH=SCRAM-SHA-256'), 'pass'),
  'the LOGIN command': row(imapInClear('IMAP4rev1'), 'failed', ['no LOGINDISABLED']),
  'AUTH=PLAIN beside LOGINDISABLED': row(imapInClear('IMAP4rev1 LOGINDISABLED AUTH=PLAIN'), 'failed', ['AUTH=PLAIN']),
  'everything, in lower case': row(imapInClear('imap4rev1 auth=plain auth=login'), 'failed', ['AUTH=PLAIN', 'AUTH=LOGIN', 'no LOGINDISABLED']),
  'logged in already': row(imapInClear('IMAP4rev1', '* PREAUTH welcome'), 'skip'),
  'CAPABILITY is unknown': row('S: * OK ready\nC: a1 CAPABILITY\nS: a1 BAD unknown', 'skip'),
  'goodbye': row('S: * BYE [UNAVAILABLE] later', 'unknown:rate-limited'),
  'closed midway': row('S: * OK ready\nC: a1 CAPABILITY\n* closed', 'unknown:connection-lost'),
  'too slow': row('* connected\n* timeout', 'unknown:tarpit'),
  'closed, which is well': { zone, sessions: { 'mail.example.com[192.0.2.5]:993': imaps }, expect: { 'example.com': 'skip' } },
  'declared, and closed': { zone: `${zone}\n_imap._tcp.example.com SRV 0 1 143 mail.example.com`, expect: { [name]: 'skip' } },
  'declared, and silent': {
    zone: `${zone}\n_imap._tcp.example.com SRV 0 1 143 mail.example.com`, sessions: { [name]: '* timeout' }, expect: { [name]: 'unknown:connect-timeout' },
  },
  'an SRV lookup that fails': { zone: '_imap._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
