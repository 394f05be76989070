import check from '../../../src/checks/imap/starttls-offered.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imap, imapInClear, imaps, imapUpgrading } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:143'
const row = (session: string, expected: string): Row => ({ zone, sessions: { [name]: session }, expect: { [name]: expected } })

checkTable(check, {
  'it works': row(imap, 'pass'),
  'the handshake fails, which another check tells': row(imapUpgrading('a2 OK begin', '* handshake'), 'pass'),
  'not offered': row(imapInClear('IMAP4rev1 LOGINDISABLED'), 'failed'),
  'logged in already': row(imapInClear('IMAP4rev1 STARTTLS', '* PREAUTH welcome'), 'preauth'),
  'offered, and then refused': row(imapUpgrading('a2 BAD no'), 'refused'),
  'not for now': row(imapUpgrading('a2 NO [UNAVAILABLE] later'), 'unknown:rate-limited'),
  'closed in the handshake': row(imapUpgrading('a2 OK begin', '* closed'), 'unknown:connection-lost'),
  'closed midway': row('S: * OK ready\nC: a1 CAPABILITY\n* closed', 'unknown:connection-lost'),
  'goodbye': row('S: * BYE [UNAVAILABLE] later', 'unknown:rate-limited'),
  'CAPABILITY is unknown': row('S: * OK ready\nC: a1 CAPABILITY\nS: a1 BAD unknown', 'skip'),
  'too slow': row('* connected\n* timeout', 'unknown:tarpit'),
  'closed, which is well': { zone, sessions: { 'mail.example.com[192.0.2.5]:993': imaps }, expect: { 'example.com': 'skip' } },
  'declared, and closed': { zone: `${zone}\n_imap._tcp.example.com SRV 0 1 143 mail.example.com`, expect: { [name]: 'skip' } },
  'declared, and silent': {
    zone: `${zone}\n_imap._tcp.example.com SRV 0 1 143 mail.example.com`, sessions: { [name]: '* timeout' }, expect: { [name]: 'unknown:connect-timeout' },
  },
  'an SRV lookup that fails': { zone: '_imap._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
