import { describe, expect, test } from 'vitest'
import { readDovecot } from '../../src/syntax/log-dovecot.ts'

const joe = 'user=<joe@example.com>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1'

test.each<[text: string, expected: object]>([
  [`imap-login: Login: ${joe}, mpid=123, TLS, session=<abc+/123>`, { kind: 'login', service: 'imap', user: 'joe@example.com', address: '192.0.2.7' }],
  [`imap-login: Logged in: ${joe}, TLS, session=<abc>`, { kind: 'login', user: 'joe@example.com' }],
  ['pop3-login: Login: user=<joe>, method=APOP, rip=2001:db8::7, lip=2001:db8::1, mpid=123, session=<abc>', { kind: 'login', service: 'pop3', address: '2001:db8::7' }],
  ['managesieve-login: Login: user=<joe>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, mpid=9, secured, session=<abc>', { service: 'sieve' }],
  [`imap-login: Disconnected (auth failed, 3 attempts in 12 secs): ${joe}, TLS, session=<abc>`, { kind: 'login-failed', attempts: 3, session: 'abc', by: 'dovecot' }],
  [`imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): ${joe}, TLS, session=<abc>`, { kind: 'login-failed', attempts: 1 }],
  [`imap-login: Aborted login (auth failed, 1 attempts in 2 secs): ${joe}, TLS, session=<abc>`, { kind: 'login-failed' }],
  ['imap-login: Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) (auth_failed): user=<joe>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, TLS, session=<abc>', { kind: 'login-failed', user: 'joe' }],
  ['imap-login: Aborted login (no auth attempts in 0 secs): user=<>, rip=192.0.2.7, lip=192.0.2.1, session=<abc>', { kind: 'other' }],
  ['imap-login: Disconnected (disconnected before auth was ready, waited 0 secs): user=<>, rip=192.0.2.7, lip=192.0.2.1, TLS handshaking: SSL_accept() failed: error:14094412, session=<abc>', { kind: 'other' }],
  ['auth: passwd-file(joe,192.0.2.7,<abc>): Password mismatch', { kind: 'login-failed', user: 'joe', address: '192.0.2.7', session: 'abc', by: 'dovecot-auth' }],
  ['auth: passwd-file(joe,192.0.2.7): unknown user', { kind: 'login-failed', session: null }],
  ['auth-worker(12): pam(joe,192.0.2.7,<abc>): pam_authenticate() failed: Authentication failure (password mismatch?)', { kind: 'login-failed', user: 'joe' }],
  ['auth-worker(2047): conn unix:auth-worker (pid=2046,uid=116): auth-worker<3>: sql(joe@example.com,2001:db8::7,<abc>): Password mismatch', { kind: 'login-failed', address: '2001:db8::7' }],
  ['auth(joe,192.0.2.7,sasl:plain)<abc>: sql: Password mismatch', { kind: 'login-failed', user: 'joe', session: 'abc' }],
  ['auth: passwd-file(joe): unknown user', { kind: 'other' }],
  ['imap(joe)<123><abc>: Disconnected: Logged out in=40 out=500 deleted=0', { kind: 'other' }],
  ['lmtp(joe)<123><abc>: msgid=<1@example.com>: saved mail to INBOX', { kind: 'other' }],
  ['lmtp(joe)<123><abc>: sieve: msgid=<1@example.com>: stored mail into mailbox \'Junk\'', { kind: 'other' }],
  ['master: Warning: Killed with signal 15 (by pid=1 uid=0 code=kill)', { kind: 'other' }],
  [`imap-login: Disconnected: Connection closed (auth service reported temporary failure): ${joe}, TLS, session=<abc>`, { kind: 'trouble', level: 'error' }],
  [`imap-login: Disconnected (internal failure, 1 successful auths): ${joe}, TLS, session=<abc>`, { kind: 'other' }],
  ['imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<(auth service reported temporary failure)>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, session=<abc>', { kind: 'login-failed' }],
  ['imap(joe@example.com)<123><abc>: Panic: file mail-index-map.c: line 549: assertion failed', { kind: 'trouble', level: 'panic' }],
  ['lmtp(joe)<123><abc>: Fatal: master: service(lmtp): child 123 killed with signal 6', { kind: 'trouble', level: 'fatal' }],
  ['auth(x): Fatal: y,192.0.2.66,sasl:plain)<abc>: sql: unknown user', { kind: 'other' }],
  ['imap-login: Fatal: master: service(imap-login): child 12 killed', { kind: 'trouble', level: 'fatal' }],
])('%s', (text, expected) => expect(readDovecot(text)).toMatchObject(expected))

test.each(['nobody: knows', 'constructor: Login: user=<joe>, rip=192.0.2.7, lip=192.0.2.1'])('a line of no service is unknown: %s', text => expect(readDovecot(text)).toBeNull())

describe('what is typed as a name stays a name', () => {
  const forged = 'x>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, mpid=1, TLS, session=<zzz'
  test('at a login service', () => {
    expect(readDovecot(`imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<${forged}>, method=PLAIN, rip=192.0.2.66, lip=192.0.2.1, TLS, session=<abc>`))
      .toMatchObject({ kind: 'login-failed', user: forged, address: '192.0.2.66', session: 'abc' })
  })
  test('however much of it looks like fields', () => {
    const elements = `, rip=203.0.113.9, lip=192.0.2.1${', a'.repeat(5000)}`
    // a server whose `login_log_format_elements` are others: nothing but the name is of the usual form
    expect(readDovecot(`imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<x>${elements}>, rip=192.0.2.66, service=imap`)).toBeNull()
    expect(readDovecot(`imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<x>${elements}>, rip=192.0.2.66, lip=192.0.2.1, TLS, session=<abc>`)).toMatchObject({ address: '192.0.2.66' })
  })
  test('as a line of a login', () => {
    expect(readDovecot(`imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<imap-login: Login: user=<root>, method=PLAIN, rip=192.0.2.66, lip=192.0.2.1, session=<abc>`))
      .toMatchObject({ kind: 'login-failed', address: '192.0.2.66' })
  })
  test('at the auth service it is not believed', () => {
    for (const line of [
      'auth: passwd-file(joe,203.0.113.9,<x>): Password mismatch,192.0.2.66,<abc>): unknown user', 'auth: passwd-file(joe,203.0.113.9): Password mismatch,192.0.2.66): unknown user',
      'auth(joe,203.0.113.9,sasl:plain)<x>: sql: Password mismatch,192.0.2.66,sasl:plain)<abc>: sql: unknown user',
    ]) expect(readDovecot(line), line).toEqual({ kind: 'other' })
    expect(readDovecot('auth: passwd-file(joe,192.0.2.66,<x>): Password mismatch (given password: a)')).toMatchObject({ user: 'joe', address: '192.0.2.66' })
    expect(readDovecot('auth: passwd-file(a(b,203.0.113.9,<x>): Password mismatch')).toEqual({ kind: 'other' })
  })
})
