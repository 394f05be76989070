import check from '../../../src/checks/submission/reachable.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp, submissions } from '../transcripts.ts'

const zone = `mail.example.com A 192.0.2.5
  _submission._tcp.example.com SRV 0 1 587 mail.example.com
  _submissions._tcp.example.com SRV 0 0 0 .`
const port587 = 'mail.example.com[192.0.2.5]:587'
const port465 = 'mail.example.com[192.0.2.5]:465'
const row = (session: string, expected: string, args?: Record<string, unknown>): Row =>
  ({ zone, sessions: { [port587]: session }, expect: { [port587]: expected }, ...(args ? { args: { [port587]: { endpoint: port587, ...args } } } : {}) })
const implicit = (session: string, expected: string): Row => ({
  zone: 'mail.example.com A 192.0.2.5\n_submissions._tcp.example.com SRV 0 1 465 mail.example.com\n_submission._tcp.example.com SRV 0 0 0 .',
  sessions: { [port465]: session }, expect: { [port465]: expected },
})
const guess = (session: string, expected: string): Row => ({ zone: 'mail.example.com A 192.0.2.5', sessions: { [port587]: session }, expect: { [port587]: expected } })

checkTable(check, {
  'declared, and there': row(smtp, 'pass'),
  'implicit TLS': implicit(submissions, 'pass'),
  'a greeting of several lines': row('S: 220-hello\nS: 220 ready\nC: EHLO *\nS: 250 mail', 'pass'),
  'declared, and closed': { zone, expect: { [port587]: 'failed' }, args: { [port587]: { endpoint: port587 } } },
  'declared by the configuration on a port of its own, and closed': {
    zone: 'mail.example.com A 192.0.2.5', scope: { services: { submissions: { host: 'mail.example.com', port: 2465 }, submission: null } },
    expect: { 'mail.example.com[192.0.2.5]:2465': 'failed' },
  },
  'silent': row('* timeout', 'unknown:connect-timeout'),
  'silent, while others answer': {
    zone, sessions: { [port587]: '* timeout', '[192.0.2.99]:587': '* connected' }, scope: { vantage: [{ host: '192.0.2.99' }] }, expect: { [port587]: 'timed-out' },
  },
  'no route': row('* no-route', 'unknown:no-ipv4-here'),
  'a host that does not exist': {
    zone: '_submission._tcp.example.com SRV 0 1 587 gone.example.com\n_submissions._tcp.example.com SRV 0 0 0 .',
    expect: { 'gone.example.com:587': 'no-address' }, args: { 'gone.example.com:587': { endpoint: 'gone.example.com:587' } },
  },
  'a host that cannot be looked up': {
    zone: '_submission._tcp.example.com SRV 0 1 587 mail.example.com\n_submissions._tcp.example.com SRV 0 0 0 .\nmail.example.com A (servfail)',
    expect: { 'mail.example.com:587': 'unknown:dns-servfail' },
  },
  'another greeting': row('S: 521 no mail here', 'greeting', { reply: '521 no mail here' }),
  'another protocol': row('S: * OK IMAP ready', 'greeting'),
  'asked to come back': row('S: 421 later', 'unknown:rate-limited'),
  '554 to strangers': row('S: 554 5.7.1 not from there', 'unknown:client-rejected'),
  'closed midway': row('* connected\n* closed', 'unknown:connection-lost'),
  'too slow': row('* connected\n* timeout', 'unknown:tarpit'),
  'an alert': implicit('* handshake', 'handshake'),
  'closed in the handshake': implicit('* closed', 'unknown:connection-lost'),
  'a guess that answers': guess(smtp, 'pass'),
  'a guess that answers something else': guess('S: 521 no mail here', 'skip'),
  'a guess that accepts and says nothing': guess('* connected\n* timeout', 'skip'),
  'a guess that does not answer': { zone: 'mail.example.com A 192.0.2.5', expect: { 'example.com': 'skip' } },
  'a guess that is silent': { zone: 'mail.example.com A 192.0.2.5', sessions: { [port587]: '* timeout' }, expect: { 'example.com': 'skip' } },
  'declared not to be offered': {
    zone: 'mail.example.com A 192.0.2.5\n_submission._tcp.example.com SRV 0 0 0 .\n_submissions._tcp.example.com SRV 0 0 0 .', expect: { 'example.com': 'skip' },
  },
  'an SRV lookup that fails': { zone: '_submission._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
