import { describe, expect, test } from 'vitest'
import { FrameReader } from '../../src/syntax/log-frame.ts'
import type { LogEvent } from '../../src/syntax/log-event.ts'
import { readLogEvent } from '../../src/syntax/mail-log.ts'

const frames = new FrameReader(() => new Date('2026-11-23T12:00:00Z'))

function read(daemon: string, text: string): LogEvent | null {
  const frame = frames.read(`Nov 23 10:00:05 mx postfix/${daemon}[1234]: ${text}`)
  if (!frame) throw new Error('no frame')
  return readLogEvent(frame).event
}

test.each<[daemon: string, text: string, expected: object]>([
  ['smtpd', '4XyA1B2C3Dz: client=laptop.example.com[192.0.2.7], sasl_method=PLAIN, sasl_username=joe@example.com',
    { kind: 'accepted', id: '4XyA1B2C3Dz', address: '192.0.2.7', account: 'joe@example.com' }],
  ['submission/smtpd', '3F1A2B3C4D: client=unknown[2001:db8::7]:50123, sasl_method=LOGIN, sasl_username=ann, sasl_sender=boss@example.com',
    { kind: 'accepted', address: '2001:db8::7', account: 'ann' }],
  ['smtpd', '3F1A2B3C4D: client=mx.example.net[198.51.100.2]', { kind: 'accepted', account: null }],
  ['pickup', '3F1A2B3C4D: uid=33 from=<www-data>', { kind: 'accepted', account: 'uid 33', address: null }],
  ['smtpd', 'warning: unknown[192.0.2.66]: SASL LOGIN authentication failed: UGFzc3dvcmQ6',
    { kind: 'login-failed', address: '192.0.2.66', user: null, by: 'postfix', service: 'smtp' }],
  ['smtpd', 'warning: host.example[192.0.2.66]: SASL PLAIN authentication failed: (reason unavailable), sasl_username=joe@example.com', { kind: 'login-failed', user: 'joe@example.com' }],
  ['smtpd', 'warning: host.example[192.0.2.66]: SASL PLAIN authentication failed: Connection lost to authentication server', { kind: 'trouble', level: 'error' }],
  ['smtpd', 'NOQUEUE: reject: RCPT from unknown[192.0.2.66]: 554 5.7.1 <ann@example.org>: Relay access denied; from=<x@example.net> to=<ann@example.org> proto=ESMTP helo=<x>',
    { kind: 'refused', stage: 'RCPT', address: '192.0.2.66', reason: 'relay', enhanced: '5.7.1', temporary: false, from: 'x@example.net', to: 'ann@example.org' }],
  ['smtpd', 'NOQUEUE: reject: RCPT from unknown[192.0.2.66]: 554 5.7.1 Service unavailable; Client host [192.0.2.66] blocked using zen.spamhaus.org; https://check.spamhaus.org/; from=<x@example.net> to=<joe@example.com> proto=ESMTP helo=<x>',
    { kind: 'refused', reason: 'blocklist', list: 'zen.spamhaus.org', from: 'x@example.net' }],
  ['smtpd', 'NOQUEUE: reject: RCPT from mail.example.net[198.51.100.2]: 450 4.2.0 <joe@example.com>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.com.html; from=<ann@example.net> to=<joe@example.com> proto=ESMTP helo=<mail.example.net>',
    { kind: 'refused', reason: 'greylisting', temporary: true, to: 'joe@example.com' }],
  ['smtpd', 'NOQUEUE: reject: RCPT from mail.example.net[198.51.100.2]: 550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in local recipient table; from=<a@example.net> to=<nobody@example.com> proto=ESMTP helo=<m>',
    { kind: 'refused', reason: 'unknown-user' }],
  ['smtpd', '3F1A2B3C4D: milter-reject: END-OF-MESSAGE from mail.example.net[198.51.100.2]: 4.7.1 Greylisting in action, please come back later; from=<a@example.net> to=<b@example.com> proto=ESMTP helo=<m>',
    { kind: 'refused', stage: 'END-OF-MESSAGE', id: '3F1A2B3C4D', reason: 'greylisting', temporary: true, enhanced: '4.7.1' }],
  ['cleanup', '3F1A2B3C4D: milter-reject: END-OF-MESSAGE from mail.example.net[198.51.100.2]: 5.7.1 Spam message rejected; from=<a@example.net> to=<b@example.com> proto=ESMTP helo=<m>',
    { kind: 'refused', reason: 'spam', address: '198.51.100.2' }],
  ['cleanup', '3F1A2B3C4D: reject: header Subject: from mx[6.6.6.6]: 554 from mail.example.net[198.51.100.2]; from=<a@b> to=<c@d> proto=ESMTP helo=<x>: 5.7.1 no',
    { kind: 'refused', id: '3F1A2B3C4D', address: null }],
  ['postscreen', 'NOQUEUE: reject: RCPT from [192.0.2.66]:41234: 550 5.7.1 Service unavailable; client [192.0.2.66] blocked using bl.example; from=<a@b.example>, to=<joe@example.com>, proto=ESMTP, helo=<x>',
    { kind: 'refused', address: '192.0.2.66', reason: 'blocklist', list: 'bl.example', from: 'a@b.example', to: 'joe@example.com' }],
  ['cleanup', '3F1A2B3C4D: message-id=<1@example.com>', { kind: 'other' }],
  ['qmgr', '3F1A2B3C4D: from=<joe@example.com>, size=1234, nrcpt=2 (queue active)', { kind: 'queued', from: 'joe@example.com', size: 1234, recipients: 2 }],
  ['qmgr', '3F1A2B3C4D: from=<"a>, size=1, nrcpt=999 (queue active)"@example.com>, size=1234, nrcpt=2 (queue active)', { kind: 'queued', size: 1234, recipients: 2 }],
  ['qmgr', '3F1A2B3C4D: from=<joe@example.com>, status=expired, returned to sender', { kind: 'delivery', status: 'expired', to: null, reason: 'expired' }],
  ['qmgr', '3F1A2B3C4D: removed', { kind: 'finished' }],
  ['postsuper', '3F1A2B3C4D: removed', { kind: 'finished', id: '3F1A2B3C4D' }],
  ['postsuper', '3F1A2B3C4D: requeued', { kind: 'finished' }],
  ['postsuper', '3F1A2B3C4D: placed on hold', { kind: 'other' }],
  ['postsuper', 'Deleted: 2 messages', { kind: 'other' }],
  ['smtp', '3F1A2B3C4D: to=<ann@example.org>, relay=mx.example.org[203.0.113.5]:25, delay=1.4, delays=0.1/0/0.8/0.5, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A8B7C)',
    { kind: 'delivery', to: 'ann@example.org', relay: 'mx.example.org[203.0.113.5]:25', status: 'sent', delay: 1.4, enhanced: '2.0.0', reason: null, internal: false, reused: false }],
  ['smtp', '3F1A2B3C4D: to=<ann@example.org>, orig_to=<list@example.com>, relay=mx.example.org[203.0.113.5]:25, conn_use=3, delay=90001, delays=9/0/0.8/0.5, dsn=4.2.1, status=deferred (host mx.example.org[203.0.113.5] said: 450 4.2.1 Greylisted (in reply to RCPT TO command))',
    { kind: 'delivery', status: 'deferred', reason: 'greylisting', reused: true, delay: 90_001 }],
  ['smtp', '3F1A2B3C4D: to=<ann@example.org>, relay=none, delay=30, delays=0/0/30/0, dsn=4.4.1, status=deferred (connect to mx.example.org[203.0.113.5]:25: Connection timed out)',
    { kind: 'delivery', relay: null, status: 'deferred', reason: 'connection' }],
  ['smtp', '3F1A2B3C4D: to=<x@example.org>, relay=mx.example.org[203.0.113.5]:25, delay=1, delays=0/0/1/0, dsn=5.1.1, status=bounced (host mx.example.org[203.0.113.5] said: 550 5.1.1 <x@example.org>: User unknown (in reply to RCPT TO command))',
    { kind: 'delivery', status: 'bounced', reason: 'unknown-user', enhanced: '5.1.1' }],
  ['smtp', '3F1A2B3C4D: to=<x@example.org>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=0/0/1/0, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 9A8B7C6D)', { internal: true }],
  ['lmtp', '3F1A2B3C4D: to=<joe@example.com>, relay=mail.example.com[private/dovecot-lmtp], delay=0.2, delays=0.1/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 <joe@example.com> abc Saved)', { kind: 'delivery', status: 'sent' }],
  ['virtual', '3F1A2B3C4D: to=<joe@example.com>, relay=virtual, delay=0.2, delays=0.1/0/0/0.1, dsn=2.0.0, status=sent (delivered to maildir)', { relay: 'virtual', internal: false }],
  ['smtp', 'Trusted TLS connection established to mx.example.org[203.0.113.5]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
    { kind: 'tls', direction: 'out', peer: 'mx.example.org[203.0.113.5]:25', version: 'TLSv1.3' }],
  ['smtpd', 'Anonymous TLS connection established from laptop.example.com[192.0.2.7]: TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)', { kind: 'tls', direction: 'in', version: 'TLSv1.2' }],
  ['smtpd', 'fatal: open database /etc/aliases.db: No such file or directory', { kind: 'trouble', level: 'fatal' }],
  ['sendmail', 'fatal: joe(1000): No recipient addresses found in message header', { kind: 'other' }],
  ['smtpd', 'connect from unknown[192.0.2.66]', { kind: 'other' }],
  ['smtpd', 'disconnect from unknown[192.0.2.66] ehlo=1 auth=0/1 quit=1 commands=2/3', { kind: 'other' }],
  ['postscreen', 'PREGREET 14 after 0.07 from [192.0.2.66]:41234: EHLO example\\r\\n', { kind: 'other' }],
  ['anvil', 'statistics: max connection rate 2/60s for (smtp:192.0.2.66) at Nov 23 10:00:00', { kind: 'other' }],
  ['bounce', '3F1A2B3C4D: sender non-delivery notification: 4A1B2C3D4E', { kind: 'other' }],
])('%s: %s', (daemon, text, expected) => expect(read(daemon, text)).toMatchObject(expected))

test.each([['constructor', 'x'], ['__defineGetter__', 'x'], ['__proto__', 'x'], ['smtpd', 'what nobody knows'], ['no-such-daemon', 'connect from unknown[192.0.2.66]'], ['smtp', '3F1A2B3C4D: to=<ann@example.org>, status=sent'], ['qmgr', '3F1A2B3C4D: gone']])(
  '%s: %s is unknown', (daemon, text) => expect(read(daemon, text)).toBeNull())

describe('what strangers write into a line stays theirs', () => {
  test('a HELO name that looks like a client', () => {
    const said = '554 5.7.1 <joe@example.com>: Helo command rejected: no; from=<a@b.example> to=<joe@example.com> proto=ESMTP helo=<x> from unknown[203.0.113.9]: 554 5.7.1 <y>: Relay access denied>'
    expect(read('smtpd', `NOQUEUE: reject: RCPT from unknown[192.0.2.66]: ${said}`)).toMatchObject({ address: '192.0.2.66', from: 'a@b.example', to: 'joe@example.com', reason: 'policy' })
  })

  test('a recipient that looks like the end of a delivery', () => {
    const to = '"x>, relay=evil, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (ok"@example.org'
    expect(read('smtp', `3F1A2B3C4D: to=<${to}>, relay=none, delay=3, delays=1/1/1/0, dsn=5.4.4, status=bounced (Host or domain name not found. Name service error)`))
      .toMatchObject({ to, status: 'bounced', relay: null, reason: 'dns' })
  })

  test('an answer that looks like a delivery of its own', () => {
    const answer = 'host mx[203.0.113.5] said: 550 no (in reply) 3F1A2B3C4D: to=<x>, relay=x, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (ok)'
    expect(read('smtp', `3F1A2B3C4D: to=<x@example.org>, relay=mx[203.0.113.5]:25, delay=1, delays=0/0/1/0, dsn=5.0.0, status=bounced (${answer})`)).toMatchObject({ status: 'bounced', enhanced: '5.0.0' })
  })

  test('a user name that looks like another client', () => {
    expect(read('smtpd', 'warning: unknown[192.0.2.66]: SASL PLAIN authentication failed: no, sasl_username=joe, warning: x[203.0.113.9]: SASL PLAIN authentication failed'))
      .toMatchObject({ address: '192.0.2.66', user: 'joe, warning: x[203.0.113.9]: SASL PLAIN authentication failed' })
  })
})
