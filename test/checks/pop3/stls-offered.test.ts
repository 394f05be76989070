import check from '../../../src/checks/pop3/stls-offered.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { pop3, pop3InClear, pop3s, pop3Upgrading } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:110'
const row = (session: string, expected: string): Row => ({ zone, sessions: { [name]: session }, expect: { [name]: expected } })
const withoutCapa = (reply: string, rest = ''): string => `S: +OK ready\nC: CAPA\nS: -ERR unknown command\nC: STLS\nS: ${reply}\n${rest}`

checkTable(check, {
  'it works': row(pop3, 'pass'),
  'without CAPA, it works all the same': row(withoutCapa('+OK begin', '* tls\nC: CAPA\nS: -ERR unknown command'), 'pass'),
  'the handshake fails, which another check tells': row(pop3Upgrading('+OK begin', '* handshake'), 'pass'),
  'not offered': row(pop3InClear('UIDL', 'USER'), 'failed'),
  'without CAPA, and unknown': row(withoutCapa('-ERR unknown command'), 'failed'),
  'offered, and then refused': row(pop3Upgrading('-ERR no'), 'refused'),
  'not for now': row(pop3Upgrading('-ERR [SYS/TEMP] later'), 'unknown:rate-limited'),
  'without CAPA, and not for now': row(withoutCapa('-ERR [SYS/TEMP] later'), 'unknown:rate-limited'),
  'without CAPA, and closed': row('S: +OK ready\nC: CAPA\nS: -ERR unknown command\nC: STLS\n* closed', 'unknown:connection-lost'),
  'closed in the handshake': row(pop3Upgrading('+OK begin', '* closed'), 'unknown:connection-lost'),
  'closed midway': row('S: +OK ready\nC: CAPA\nS: +OK\nS: UIDL\n* closed', 'unknown:connection-lost'),
  'no welcome for now': row('S: -ERR [SYS/TEMP] later', 'unknown:rate-limited'),
  'no welcome': row('S: -ERR [SYS/PERM] broken', 'skip'),
  'too slow': row('* connected\n* timeout', 'unknown:tarpit'),
  'closed, which is well': { zone, sessions: { 'mail.example.com[192.0.2.5]:995': pop3s }, expect: { 'example.com': 'skip' } },
  'declared, and closed': { zone: `${zone}\n_pop3._tcp.example.com SRV 0 1 110 mail.example.com`, expect: { [name]: 'skip' } },
  'declared, and silent': {
    zone: `${zone}\n_pop3._tcp.example.com SRV 0 1 110 mail.example.com`, sessions: { [name]: '* timeout' }, expect: { [name]: 'unknown:connect-timeout' },
  },
  'an SRV lookup that fails': { zone: '_pop3._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
