import check from '../../../src/checks/smtp/greeting-name-resolves.ts'
import { checkTable, type Row } from '../../check-table.ts'

const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
const mx = 'mx1.example.com[192.0.2.1]:25'
const row = (greeting: string, expected: string, name?: string, more = ''): Row => ({
  zone: `${zone}\n${more}`, sessions: { [mx]: `S: ${greeting}\nC: EHLO *\nS: 250 mx1` }, expect: { [mx]: expected },
  ...(name === undefined ? {} : { args: { [mx]: { host: 'mx1.example.com', name } } }),
})

checkTable(check, {
  'its own name': row('220 mx1.example.com ESMTP', 'pass'),
  'in capitals, with a final dot': row('220 MX1.Example.com. ESMTP', 'pass'),
  'in a greeting of several lines': row('220-mx1.example.com\nS: 220 ready', 'pass'),
  'another name that exists': row('220 node7.example.net ESMTP', 'pass', undefined, 'node7.example.net AAAA 2001:db8::7'),
  'a name with an MX alone': row('220 mail.example.net ESMTP', 'pass', undefined, 'mail.example.net MX 10 mx1.example.com'),
  'a name that does not exist': row('220 mx.internal.example.org ESMTP', 'failed', 'mx.internal.example.org'),
  'a name without an address': row('220 txt.example.net', 'failed', 'txt.example.net', 'txt.example.net TXT "no"'),
  'localhost': row('220 localhost ESMTP', 'no-host-name', 'localhost'),
  'localhost.localdomain': row('220 localhost.localdomain ESMTP Postfix', 'failed', 'localhost.localdomain'),
  'a word of welcome': row('220 Welcome to our server', 'no-host-name', 'Welcome'),
  'a firewall that stars it out': row('220 *************', 'no-host-name', '*************'),
  'a bare address': row('220 192.0.2.1 ESMTP', 'no-host-name', '192.0.2.1'),
  'an underscore': row('220 mail_1.example.com', 'no-host-name', 'mail_1.example.com'),
  'an address in brackets': row('220 [192.0.2.1] ESMTP', 'skip'),
  'no name at all': row('220', 'nameless'),
  'a name that cannot be looked up': row('220 mx.example.net', 'unknown:dns-servfail', undefined, 'mx.example.net A (servfail)\nmx.example.net AAAA (servfail)'),
  'one family cannot be looked up, the other answers': row('220 mx.example.net', 'pass', undefined, 'mx.example.net A (servfail)\nmx.example.net AAAA 2001:db8::7'),
  'no address, and the MX cannot be looked up': row('220 mx.example.net', 'unknown:dns-timeout', undefined, 'mx.example.net MX (timeout)'),
  'a refusal': { zone, sessions: { [mx]: 'S: 521 nonsense' }, expect: { [mx]: 'skip' } },
  'asked to come back': { zone, sessions: { [mx]: 'S: 421 nonsense' }, expect: { [mx]: 'unknown:rate-limited' } },
  'nobody there': { zone, expect: { [mx]: 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
