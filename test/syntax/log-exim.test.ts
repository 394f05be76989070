import { describe, expect, test } from 'vitest'
import { readExim } from '../../src/syntax/log-exim.ts'

test.each<[text: string, expected: object]>([
  ['1vN2aB-000abc-1x <= joe@example.com H=laptop.example.com (laptop) [192.0.2.7]:50001 P=esmtpsa X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=no A=plain_login:joe S=1234 id=1@example.com T="A=x:root H=[6.6.6.6]" for ann@example.org',
    { kind: 'accepted', id: '1vN2aB-000abc-1x', address: '192.0.2.7', account: 'joe', from: 'joe@example.com', size: 1234 }],
  ['1vN2aB-00000000abc-1xYz <= <> R=1vN2aA-00000000abc-1xYz U=Debian-exim P=local S=2000', { kind: 'accepted', id: '1vN2aB-00000000abc-1xYz', from: '', account: 'uid Debian-exim' }],
  ['1vN2aB-000abc-1x <= ann@example.org H=mx.example.org [203.0.113.5]:25 P=esmtps X=TLS1.3:x:256 S=99 id=x A=plain:root', { kind: 'accepted', account: null, address: '203.0.113.5' }],
  ['1vN2aB-000abc-1x => ann@example.org R=dnslookup T=remote_smtp H=mx.example.org [203.0.113.5] X=TLS1.3:x:256 CV=yes C="250 OK id=1" QT=3.2s',
    { kind: 'delivery', to: 'ann@example.org', status: 'sent', relay: 'mx.example.org[203.0.113.5]', tls: 'TLSv1.3' }],
  ['1vN2aB-000abc-1x -> bob@example.org R=dnslookup T=remote_smtp H=mx.example.org [203.0.113.5] C="250 OK"', { kind: 'delivery', tls: null }],
  ['1vN2aB-000abc-1x => bob@example.org R=dnslookup T=remote_smtp H=mx.example.org [203.0.113.5] X=TLSv1.2:ECDHE:256 C="250 OK"', { kind: 'delivery', tls: 'TLSv1.2' }],
  ['1vN2aB-000abc-1x => bob@example.org R=dnslookup T=remote_smtp H=mx.example.org [203.0.113.5] X=\x1b[31mTLS C="250 OK"', { kind: 'delivery', tls: 'other' }],
  ['1vN2aB-000abc-1x => joe <joe@example.com> R=local_user T=maildir_home', { kind: 'delivery', to: 'joe@example.com', relay: 'maildir_home', tls: undefined }],
  ['1vN2aB-000abc-1x ** x@example.org R=dnslookup T=remote_smtp H=mx.example.org [203.0.113.5]: SMTP error from remote mail server after RCPT TO:<x@example.org>: 550 5.1.1 User unknown',
    { kind: 'delivery', status: 'bounced', reason: 'unknown-user', enhanced: '5.1.1' }],
  ['1vN2aB-000abc-1x ** x@example.invalid: Unrouteable address', { kind: 'delivery', to: 'x@example.invalid', status: 'bounced', relay: null, reason: 'unknown-user' }],
  ['1vN2aB-000abc-1x == x@example.org R=dnslookup T=remote_smtp defer (-44) H=mx.example.org [203.0.113.5]: SMTP error from remote mail server after RCPT TO:<x@example.org>: 451 4.7.1 Greylisted', { status: 'deferred', reason: 'greylisting', enhanced: '4.7.1' }],
  ['1vN2aB-000abc-1x == x@example.org R=dnslookup T=remote_smtp defer (110): Connection timed out', { status: 'deferred', reason: 'connection' }],
  ['1vN2aB-000abc-1x ** ann@example.com: retry timeout exceeded', { status: 'bounced', reason: 'expired' }],
  ['1vN2aB-000abc-1x == wait@example.com R=wait defer (-1): greylisted', { status: 'deferred', reason: 'greylisting', relay: null }],
  ['1vN2aB-000abc-1x User 0 set for drop transport is on the fixed_never_users list', { kind: 'other' }],
  ['1vN2aB-000abc-1x Completed', { kind: 'finished' }],
  ['1vN2aB-000abc-1x Completed QT=3s', { kind: 'finished' }],
  ['1vN2aB-000abc-1x removed by root', { kind: 'finished', id: '1vN2aB-000abc-1x' }],
  ['dovecot_login authenticator failed for (example) [192.0.2.66]:50001: 535 Incorrect authentication data (set_id=joe@example.com)', { kind: 'login-failed', user: 'joe@example.com', address: '192.0.2.66', by: 'exim' }],
  ['plain authenticator failed for host.example [192.0.2.66]: 535 Incorrect authentication data', { kind: 'login-failed', user: null }],
  ['plain authenticator failed for host.example [192.0.2.66]: 435 Unable to authenticate at present (set_id=joe): no', { kind: 'other' }],
  ['H=(x) [192.0.2.66]:4000 F=<a@b.example> rejected RCPT <ann@example.org>: relay not permitted', { kind: 'refused', reason: 'relay', from: 'a@b.example', to: 'ann@example.org', temporary: false }],
  ['H=mail.example.net [198.51.100.2]:4000 X=TLS1.3:x:256 CV=no F=<a@example.net> temporarily rejected RCPT <joe@example.com>: greylisted', { kind: 'refused', reason: 'greylisting', temporary: true, address: '198.51.100.2' }],
  ['H=mail.example.net [198.51.100.2]:4000 F=<a@example.net> A=plain:joe rejected RCPT <joe@example.com>: no', { kind: 'refused' }],
  ['H=(x) [192.0.2.66]:4000 rejected connection in "connect" ACL: 192.0.2.66 is listed at zen.spamhaus.org', { kind: 'refused', stage: 'CONNECT', reason: 'blocklist', list: 'zen.spamhaus.org' }],
  ['1vN2aB-000abc-1x H=(x) [192.0.2.66]:4000 F=<a@b.example> rejected after DATA: This message scored 12 spam points', { kind: 'refused', id: '1vN2aB-000abc-1x', stage: 'END-OF-MESSAGE', reason: 'spam' }],
  ['SMTP connection from (x) [192.0.2.66]:4000 lost D=2s', { kind: 'other' }],
  ['exim 4.96 daemon started: pid=12, -q30m, listening for SMTP on port 25 (IPv6 and IPv4)', { kind: 'other' }],
  ['no host name found for IP address 192.0.2.66', { kind: 'other' }],
  ['2026-11-23 10:00:05 1vN2aB-000abc-1x Completed', { kind: 'finished' }],
])('%s', (text, expected) => expect(readExim(text)).toMatchObject(expected))

test('what nobody knows is unknown', () => expect(readExim('a line of something else')).toBeNull())

describe('what strangers write into a line stays theirs', () => {
  test('a user name that looks like another client', () => {
    expect(readExim('plain authenticator failed for (x) [192.0.2.66]:1: 535 Incorrect authentication data (set_id=a) [203.0.113.9]: 535 Incorrect authentication data (set_id=b)'))
      .toMatchObject({ address: '192.0.2.66', user: 'a) [203.0.113.9]: 535 Incorrect authentication data (set_id=b' })
  })
  test('a HELO name that Exim does not take by default names no other client', () => {
    expect(readExim('plain authenticator failed for (x) [203.0.113.9]: 535 Incorrect authentication data (set_id=a) [192.0.2.66]: 535 Incorrect authentication data (set_id=joe)')).not.toMatchObject({ user: 'joe' })
  })
  test('a sender with blanks', () => {
    expect(readExim('1vN2aB-000abc-1x <= "a H=[203.0.113.9] A=plain:root"@example.net H=mail.example.net [198.51.100.2]:4000 P=esmtp S=9')).toMatchObject({ address: '198.51.100.2', account: null })
  })
})
