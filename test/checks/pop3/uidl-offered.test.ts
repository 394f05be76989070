import check from '../../../src/checks/pop3/uidl-offered.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { pop3InClear, pop3sListing, pop3Upgrading } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:995'
const clear = 'mail.example.com[192.0.2.5]:110'
const row = (session: string, expected: string, args?: Record<string, unknown>, at = name): Row =>
  ({ zone, sessions: { [at]: session }, expect: { [at]: expected }, ...(args ? { args: { [at]: { endpoint: at, ...args } } } : {}) })
const noCapa = '* tls\nS: +OK ready\nC: CAPA\nS: -ERR unknown command'

checkTable(check, {
  'listed': row(pop3sListing('TOP', 'UIDL'), 'pass'),
  'listed in lower case': row(pop3sListing('uidl'), 'pass'),
  'not listed': row(pop3sListing('TOP', 'USER'), 'failed', {}),
  'not listed, without TLS': row(pop3InClear('TOP'), 'failed', {}, clear),
  'no CAPA': row(noCapa, 'skip'),
  'the handshake fails': row(pop3Upgrading('+OK begin', '* handshake'), 'skip', undefined, clear),
  'too busy': row('* tls\nS: -ERR [SYS/TEMP] later', 'unknown:rate-limited'),
  'closed midway': row('* tls\nS: +OK ready\nC: CAPA\n* closed', 'unknown:connection-lost'),
  'too slow': row('* tls\n* timeout', 'unknown:tarpit'),
  'no POP3': { zone, expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_pop3s._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
