import check from '../../../src/checks/pop3/no-plaintext-auth.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { pop3, pop3InClear, pop3s } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:110'
const row = (session: string, expected: string, capabilities?: string[]): Row =>
  ({ zone, sessions: { [name]: session }, expect: { [name]: expected }, ...(capabilities ? { args: { [name]: { endpoint: name, capabilities } } } : {}) })

checkTable(check, {
  'an empty SASL, and no USER': row(pop3, 'pass'),
  'mechanisms that keep the secret': row(pop3InClear('UIDL', 'SASL SCRAM-SHA-256 CRAM-MD5'), 'pass'),
  'USER': row(pop3InClear('USER', 'UIDL'), 'failed', ['USER']),
  'SASL': row(pop3InClear('UIDL', 'SASL plain LOGIN CRAM-MD5'), 'failed', ['SASL PLAIN', 'SASL LOGIN']),
  'without CAPA': row('S: +OK ready\nC: CAPA\nS: -ERR unknown command\nC: STLS\nS: -ERR unknown command', 'unknown:not-disclosed'),
  'no welcome for now': row('S: -ERR [SYS/TEMP] later', 'unknown:rate-limited'),
  'no welcome': row('S: -ERR [SYS/PERM] broken', 'skip'),
  'closed midway': row('S: +OK ready\nC: CAPA\nS: +OK\nS: UIDL\n* closed', 'unknown:connection-lost'),
  'too slow': row('* connected\n* timeout', 'unknown:tarpit'),
  'closed, which is well': { zone, sessions: { 'mail.example.com[192.0.2.5]:995': pop3s }, expect: { 'example.com': 'skip' } },
  'declared, and closed': { zone: `${zone}\n_pop3._tcp.example.com SRV 0 1 110 mail.example.com`, expect: { [name]: 'skip' } },
  'declared, and silent': {
    zone: `${zone}\n_pop3._tcp.example.com SRV 0 1 110 mail.example.com`, sessions: { [name]: '* timeout' }, expect: { [name]: 'unknown:connect-timeout' },
  },
  'an SRV lookup that fails': { zone: '_pop3._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
