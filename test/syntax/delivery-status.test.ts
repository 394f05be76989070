import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { parseDeliveryStatus } from '../../src/syntax/delivery-status.ts'

const report = (...status: string[]): string => [
  'From: MAILER-DAEMON@mail.example.com', 'Content-Type: multipart/report; report-type=delivery-status;', '\tboundary="=_1"', '',
  'preamble', '--=_1', 'Content-Type: text/plain', '', 'Sorry.', '--=_1', 'Content-Type: message/delivery-status', '', ...status,
  '--=_1', 'Content-Type: text/rfc822-headers', '', 'Message-ID: <x@example.com>', '', '--=_1--', '',
].join('\r\n')

describe('parseDeliveryStatus', () => {
  it('reads who reports what of whom', () => {
    expect(parseDeliveryStatus(report('Reporting-MTA: dns; Mail.example.com', 'Original-Envelope-Id: abc', '',
      'Original-Recipient: rfc822;joe@example.net', 'Final-Recipient: rfc822; joe@inner.example.net', 'Action: failed (for good)', 'Status: 5.1.1 (bad)',
      'Remote-MTA: dns; mx.example.net', 'Diagnostic-Code: smtp; 550 5.1.1 <joe@inner.example.net>:', '    no such user', 'Last-Attempt-Date: Mon, 23 Nov 2026 10:00:00 +0000', '',
      'Final-Recipient: rfc822; ann@example.net', 'Action: delayed', 'Status: 4.7.1', ''))).toEqual({
      envelope: 'abc', reportedBy: 'mail.example.com',
      recipients: [
        { address: 'joe@example.net', action: 'failed', status: '5.1.1', diagnostic: '550 5.1.1 <joe@inner.example.net>: no such user', remote: 'mx.example.net', lastTried: new Date('2026-11-23T10:00:00Z') },
        { address: 'ann@example.net', action: 'delayed', status: '4.7.1', diagnostic: null, remote: null, lastTried: null },
      ],
    })
  })
  it.each([
    ['no report', 'Subject: x\r\n\r\nFinal-Recipient: rfc822; a@b\r\n'],
    ['nothing', ''],
    ['no boundary', 'Content-Type: multipart/report\r\n\r\n--\r\nContent-Type: message/delivery-status\r\n\r\nx: y\r\n'],
  ])('%s', (_, text) => expect(parseDeliveryStatus(text)).toBeNull())
  it('leaves out recipients that say nothing', () => {
    expect(parseDeliveryStatus(report('Reporting-MTA: dns; a', '', 'Final-Recipient: rfc822; a@b', '', 'Action: failed', ''))?.recipients).toEqual([])
  })
  it('never throws, and is quick with parts in parts', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('Content-Type: multipart/x; boundary=a', '--a', '--a--', '', 'Content-Type: message/delivery-status', 'Action: failed', 'Final-Recipient: x;y', ' ')), lines => {
      parseDeliveryStatus(lines.join('\r\n'))
    }))
    parseDeliveryStatus(`Content-Type: multipart/x; boundary=a\r\n\r\n${'--a\r\nContent-Type: multipart/x; boundary=a\r\n\r\n'.repeat(20_000)}`)
  })
})
