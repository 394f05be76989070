import check from '../../../src/checks/pop3/mail-may-stay.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { pop3InClear, pop3sListing, pop3Upgrading } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:995'
const clear = 'mail.example.com[192.0.2.5]:110'
const row = (session: string, expected: string, args?: Record<string, unknown>, at = name): Row =>
  ({ zone, sessions: { [at]: session }, expect: { [at]: expected }, ...(args ? { args: { [at]: { endpoint: at, ...args } } } : {}) })
const noCapa = '* tls\nS: +OK ready\nC: CAPA\nS: -ERR unknown command'

checkTable(check, {
  'for ever': row(pop3sListing('EXPIRE NEVER'), 'pass'),
  'for a week': row(pop3sListing('EXPIRE 7'), 'pass'),
  'for a week at least, by person': row(pop3sListing('EXPIRE 7 USER'), 'pass'),
  'not at all': row(pop3sListing('UIDL', 'EXPIRE 0'), 'failed', {}),
  'not at all, without TLS': row(pop3InClear('EXPIRE 0'), 'failed', {}, clear),
  'perhaps not at all, by person': row(pop3sListing('EXPIRE 0 USER'), 'unknown:not-disclosed'),
  'by person': row(pop3sListing('EXPIRE USER'), 'unknown:not-disclosed'),
  'without a number': row(pop3sListing('EXPIRE'), 'skip'),
  'nothing is said': row(pop3sListing('UIDL'), 'skip'),
  'no CAPA': row(noCapa, 'skip'),
  'the handshake fails': row(pop3Upgrading('+OK begin', '* handshake'), 'skip', undefined, clear),
  'too busy': row('* tls\nS: -ERR [SYS/TEMP] later', 'unknown:rate-limited'),
  'closed midway': row('* tls\nS: +OK ready\nC: CAPA\n* closed', 'unknown:connection-lost'),
  'too slow': row('* tls\n* timeout', 'unknown:tarpit'),
  'no POP3': { zone, expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_pop3s._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
