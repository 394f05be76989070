import check from '../../../src/checks/pop3/reachable.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { pop3, pop3s } from '../transcripts.ts'

const clear = 'mail.example.com[192.0.2.5]:110'
const secure = 'mail.example.com[192.0.2.5]:995'
const zone = 'mail.example.com A 192.0.2.5\n_pop3._tcp.example.com SRV 0 1 110 mail.example.com\n_pop3s._tcp.example.com SRV 0 0 0 .'
const row = (session: string, expected: string): Row => ({ zone, sessions: { [clear]: session }, expect: { [clear]: expected } })
const implicit = (session: string, expected: string): Row => ({
  zone: 'mail.example.com A 192.0.2.5\n_pop3s._tcp.example.com SRV 0 1 995 mail.example.com\n_pop3._tcp.example.com SRV 0 0 0 .',
  sessions: { [secure]: session }, expect: { [secure]: expected },
})

checkTable(check, {
  'declared, and there': row(pop3, 'pass'),
  'implicit TLS': implicit(pop3s, 'pass'),
  'a server without CAPA': row('S: +OK\nC: CAPA\nS: -ERR unknown\nC: STLS\nS: -ERR unknown', 'pass'),
  'declared, and closed': { zone, expect: { [clear]: 'failed' } },
  'silent': row('* timeout', 'unknown:connect-timeout'),
  'silent, while others answer': {
    zone, sessions: { [clear]: '* timeout', '[192.0.2.99]:110': '* connected' }, scope: { vantage: [{ host: '192.0.2.99' }] }, expect: { [clear]: 'timed-out' },
  },
  'a host that does not exist': {
    zone: '_pop3s._tcp.example.com SRV 0 1 995 gone.example.com\n_pop3._tcp.example.com SRV 0 0 0 .', expect: { 'gone.example.com:995': 'no-address' },
  },
  'a refusal': row('S: -ERR [SYS/PERM] mailbox server is misconfigured', 'greeting'),
  'another protocol': row('S: 220 mail.example.com ESMTP', 'greeting'),
  'a refusal that passes': row('S: -ERR [SYS/TEMP] later', 'unknown:rate-limited'),
  'too many connections': row('S: -ERR too many connections', 'unknown:rate-limited'),
  'a refusal for our sake': row('S: -ERR your IP is blocked', 'unknown:client-rejected'),
  'closed midway': row('* connected\n* closed', 'unknown:connection-lost'),
  'too slow': row('* connected\n* timeout', 'unknown:tarpit'),
  'an alert': implicit('* handshake', 'handshake'),
  'a guess that answers': { zone: 'pop.example.com A 192.0.2.5', sessions: { '[192.0.2.5]:995': pop3s }, expect: { 'pop.example.com[192.0.2.5]:995': 'pass' } },
  'a guess that refuses': { zone: 'pop.example.com A 192.0.2.5', sessions: { '[192.0.2.5]:110': 'S: -ERR no' }, expect: { 'pop.example.com[192.0.2.5]:110': 'skip' } },
  'guesses that do not answer': { zone: 'pop.example.com A 192.0.2.5', expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_pop3._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
