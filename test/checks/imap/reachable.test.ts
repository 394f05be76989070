import check from '../../../src/checks/imap/reachable.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imap, imapInClear, imaps } from '../transcripts.ts'

const clear = 'mail.example.com[192.0.2.5]:143'
const secure = 'mail.example.com[192.0.2.5]:993'
const zone = 'mail.example.com A 192.0.2.5\n_imap._tcp.example.com SRV 0 1 143 mail.example.com\n_imaps._tcp.example.com SRV 0 0 0 .'
const row = (session: string, expected: string): Row => ({ zone, sessions: { [clear]: session }, expect: { [clear]: expected } })
const implicit = (session: string, expected: string): Row => ({
  zone: 'mail.example.com A 192.0.2.5\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com\n_imap._tcp.example.com SRV 0 0 0 .',
  sessions: { [secure]: session }, expect: { [secure]: expected },
})
const guess = (session: string, expected: string): Row => ({ zone: 'mail.example.com A 192.0.2.5', sessions: { [clear]: session }, expect: { [clear]: expected } })

checkTable(check, {
  'declared, and there': row(imap, 'pass'),
  'implicit TLS': implicit(imaps, 'pass'),
  'IMAP4rev2 alone': row(imapInClear('IMAP4rev2'), 'pass'),
  'logged in already': row(imapInClear('IMAP4rev1', '* PREAUTH welcome'), 'pass'),
  'a greeting without capabilities': row(imapInClear('imap4rev1 LOGINDISABLED', '* OK'), 'pass'),
  'capabilities in the greeting alone': row('S: * OK [CAPABILITY IMAP4rev1] ready\nC: a1 CAPABILITY\nS: a1 OK done', 'pass'),
  'declared, and closed': { zone, expect: { [clear]: 'failed' } },
  'silent': row('* timeout', 'unknown:connect-timeout'),
  'silent, while others answer': {
    zone, sessions: { [clear]: '* timeout', '[192.0.2.99]:143': '* connected' }, scope: { vantage: [{ host: '192.0.2.99' }] }, expect: { [clear]: 'timed-out' },
  },
  'silent, and so is a stranger': {
    zone, sessions: { [clear]: '* timeout', '[192.0.2.99]:143': '* timeout' }, scope: { vantage: [{ host: '192.0.2.99' }] }, expect: { [clear]: 'unknown:local-egress-blocked' },
  },
  'silent, and a stranger refuses': {
    zone, sessions: { [clear]: '* timeout' }, scope: { vantage: [{ host: '192.0.2.99' }] }, expect: { [clear]: 'unknown:connect-timeout' },
  },
  'a host that does not exist': {
    zone: '_imaps._tcp.example.com SRV 0 1 993 gone.example.com\n_imap._tcp.example.com SRV 0 0 0 .', expect: { 'gone.example.com:993': 'no-address' },
  },
  'a host at a private address': {
    zone: '_imaps._tcp.example.com SRV 0 1 993 mail.example.com\n_imap._tcp.example.com SRV 0 0 0 .\nmail.example.com A 10.0.0.5', expect: { 'mail.example.com:993': 'unknown:endpoint-unknown' },
  },
  'a host that cannot be looked up': {
    zone: '_imaps._tcp.example.com SRV 0 1 993 mail.example.com\n_imap._tcp.example.com SRV 0 0 0 .\nmail.example.com AAAA (timeout)',
    expect: { 'mail.example.com:993': 'unknown:dns-timeout' },
  },
  'another protocol': row('S: +OK POP3 ready', 'greeting'),
  'CAPABILITY is unknown': row('S: * OK ready\nC: a1 CAPABILITY\nS: a1 BAD unknown', 'capability'),
  'a version of old': row(imapInClear('IMAP4'), 'old-version'),
  'goodbye': row('S: * BYE [UNAVAILABLE] maintenance', 'unknown:rate-limited'),
  'goodbye without a code': row('S: * BYE not you', 'unknown'),
  'capabilities are not available': row('S: * OK ready\nC: a1 CAPABILITY\nS: a1 NO [UNAVAILABLE] later', 'unknown:rate-limited'),
  'closed midway': row('S: * OK ready\nC: a1 CAPABILITY\nS: * CAPABILITY IMAP4rev1\n* closed', 'unknown:connection-lost'),
  'a host of which one family is not answered': {
    zone: `${zone}\nmail.example.com AAAA (timeout)`, sessions: { [clear]: imap }, expect: { [clear]: 'pass', 'mail.example.com:143': 'unknown:dns-timeout' },
  },
  'a family that nobody asked for': { zone: `${zone}\nmail.example.com AAAA (timeout)`, scope: { families: [4] }, sessions: { [clear]: imap }, expect: { [clear]: 'pass' } },
  'too slow': row('* connected\n* timeout', 'unknown:tarpit'),
  'an alert': implicit('* handshake', 'handshake'),
  'closed in the handshake': implicit('* closed', 'unknown:connection-lost'),
  'a guess that answers': guess(imap, 'pass'),
  'a guess of old': guess(imapInClear('IMAP4'), 'skip'),
  'a guess that knows no CAPABILITY': guess('S: * OK ready\nC: a1 CAPABILITY\nS: a1 BAD unknown', 'skip'),
  'a guess of another protocol': guess('S: 220 mail ESMTP', 'skip'),
  'guesses that do not answer': { zone: 'mail.example.com A 192.0.2.5', expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_imap._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
