import { expect, test } from 'vitest'
import check from '../../../src/checks/client-config/srv-targets-valid.ts'
import imapReachable from '../../../src/checks/imap/reachable.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const imaps = '_imaps._tcp.example.com SRV 0 1 993 mail.example.com'

checkTable(check, {
  'a host with an address': { zone: `${imaps}\nmail.example.com AAAA 2001:db8::5`, expect: { 'example.com': 'pass' } },
  'another port of its own': { zone: '_imaps._tcp.example.com SRV 0 1 1993 mail.example.com\nmail.example.com A 192.0.2.5', expect: { 'example.com': 'pass' } },
  'the port of the other TLS mode is another claim': { zone: '_imaps._tcp.example.com SRV 0 1 143 mail.example.com\nmail.example.com A 192.0.2.5', expect: { 'example.com': 'pass' } },
  'a host that does not exist': {
    zone: imaps, expect: { 'example.com': 'failed' }, args: { 'example.com': { srv: '_imaps._tcp.example.com', host: 'mail.example.com' } },
  },
  'two that do not': {
    zone: `${imaps}\n_pop3._tcp.example.com SRV 0 1 110 pop.example.com`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { srv: '_imaps._tcp.example.com', host: 'mail.example.com', count: 2 } },
  },
  'an alias': {
    zone: `${imaps}\nmail.example.com CNAME mail.example.net\nmail.example.net A 192.0.2.5`, expect: { 'example.com': 'alias' },
    args: { 'example.com': { srv: '_imaps._tcp.example.com', host: 'mail.example.com', target: 'mail.example.net' } },
  },
  'the port of another service': {
    zone: '_imaps._tcp.example.com SRV 0 1 995 mail.example.com\nmail.example.com A 192.0.2.5', expect: { 'example.com': 'other-service' },
    args: { 'example.com': { srv: '_imaps._tcp.example.com', port: 995, other: 'POP3 over TLS', service: 'IMAP over TLS' } },
  },
  'the port of incoming mail': { zone: '_submission._tcp.example.com SRV 0 1 25 mail.example.com\nmail.example.com A 192.0.2.5', expect: { 'example.com': 'pass' } },
  'not offered': { zone: '_imaps._tcp.example.com SRV 0 0 0 .', expect: { 'example.com': 'skip' } },
  'no records': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a lookup that fails': { zone: '_imaps._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'a host that cannot be looked up': { zone: `${imaps}\nmail.example.com AAAA (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'one family that cannot be looked up': { zone: `${imaps}\nmail.example.com A 192.0.2.5\nmail.example.com AAAA (timeout)`, expect: { 'example.com': 'pass' } },
})

test('explains that there is nothing to connect to, and no more', async () => {
  const zone = `${imaps}\n_imap._tcp.example.com SRV 0 1 143 there.example.com\nthere.example.com A 192.0.2.6`
  const findings = await judgeWorld([check, imapReachable], { zone })
  expect(findings.map(({ check: id, subject, code }) => `${id} ${subject} ${code ?? ''}`)).toEqual(expect.arrayContaining([
    'client-config/srv-targets-valid example.com failed', 'imap/reachable mail.example.com:993 deferred', 'imap/reachable there.example.com[192.0.2.6]:143 failed',
  ]))
})
