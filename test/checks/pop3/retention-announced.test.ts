import check from '../../../src/checks/pop3/retention-announced.ts'
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
  'for ever, by person, in lower case': row(pop3sListing('expire never user'), 'pass'),
  'for 30 days': row(pop3sListing('EXPIRE 30'), 'pass'),
  'for 30 days at least, by person': row(pop3sListing('EXPIRE 30 USER'), 'pass'),
  'for 29 days': row(pop3sListing('EXPIRE 29'), 'short', { days: 29 }),
  'not at all': row(pop3InClear('EXPIRE 0'), 'short', { days: 0 }, clear),
  'for a week, or longer, by person': row(pop3sListing('EXPIRE 7 USER'), 'unknown:not-disclosed'),
  'nothing is said': row(pop3sListing('UIDL'), 'failed', {}),
  'without a number': row(pop3sListing('EXPIRE soon'), 'failed', {}),
  'no CAPA': row(noCapa, 'skip'),
  'the handshake fails': row(pop3Upgrading('+OK begin', '* handshake'), 'skip', undefined, clear),
  'too busy': row('* tls\nS: -ERR [SYS/TEMP] later', 'unknown:rate-limited'),
  'closed midway': row('* tls\nS: +OK ready\nC: CAPA\n* closed', 'unknown:connection-lost'),
  'too slow': row('* tls\n* timeout', 'unknown:tarpit'),
  'no POP3': { zone, expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_pop3s._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
