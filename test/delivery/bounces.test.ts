import { expect, test } from 'vitest'
import { bounceIn, lookForBounces } from '../../src/delivery/bounces.ts'
import { watch } from '../../src/network/watch.ts'
import { doors, inByImap, inByPop3, mailServer } from '../mailbox/mailboxes.ts'

const id = '0123456789abcdef0123'
const report = [
  'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '', '--b', 'Content-Type: message/delivery-status', '',
  'Reporting-MTA: dns; mail.example.com', `Original-Envelope-Id: ${id}`, '', 'Final-Recipient: rfc822; ann@example.org', 'Action: failed', 'Status: 5.1.1', '', '--b--', '',
].join('\r\n')

test('a bounce is found by POP3, too, however its header is folded, and removed', async () => {
  const folded = report.replace('Content-Type: multipart', 'Content-Type:\r\n multipart').split('\r\n')
  const lines = (some: readonly string[]): string => some.map(line => `    S: ${line}`).join('\n')
  const session = `${inByPop3('TOP', 'UIDL')}
    C: LIST
    S: +OK
    S: 1 90000000
    S: 2 100
    S: 3 ${report.length}
    S: .
    C: UIDL
    S: -ERR
    C: TOP 3 0
    S: +OK
${lines(folded.slice(0, 3))}
    S: .
    C: RETR 3
    S: +OK
${lines(folded.slice(0, -1))}
    S: .
    C: DELE 3
    S: +OK
    C: TOP 2 0
    S: +OK
    S: Subject: x
    S:
    S: .
    C: QUIT
    S: +OK`
  expect(await lookForBounces(await mailServer(session), { imap: [], pop3: [doors.pop3s] }, [id], false)).toMatchObject({ bounces: [{ id, status: '5.1.1' }], trouble: null })
})

test.each([[77, true], [78, false]])('a bounce is removed where the UIDs are still those that were looked at (UIDVALIDITY %i: %s)', async (uidValidity, removed) => {
  const sent: string[] = []
  const session = `${inByImap('IMAP4rev1 UIDPLUS')}
    C: a4 EXAMINE "INBOX"
    S: * OK [UIDVALIDITY 77] ok
    S: a4 OK done
    C: a5 UID SEARCH SINCE 21-Nov-2026 TEXT "${id}"
    S: * SEARCH 11
    S: a5 OK done
    C: a6 UID FETCH 11 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.65536>)
    S: * 2 FETCH (UID 11 RFC822.SIZE ${report.length} BODY[]<0> {${report.length}}
${report.split('\r\n').slice(0, -1).map(line => `    S: ${line}`).join('\n')}
    S: )
    S: a6 OK done
    C: a7 SELECT "INBOX"
    S: * OK [UIDVALIDITY ${uidValidity}] ok
    S: a7 OK done
${removed ? `    C: a8 UID STORE 11 +FLAGS.SILENT (\\Deleted)
    S: a8 OK done
    C: a9 UID EXPUNGE 11
    S: a9 OK done` : ''}`
  const network = watch(await mailServer(session), event => {
    if (event.kind === 'sent') sent.push(event.line)
  })
  const look = await lookForBounces(network, { imap: [doors.imaps], pop3: [] }, [id], false)
  expect(look).toMatchObject({ bounces: [{ id, status: '5.1.1' }], trouble: null })
  expect(sent.some(line => line.includes('STORE'))).toBe(removed)
})

test('a report is believed of the message alone whose id it brings back', () => {
  const seenAt = new Date('2026-11-23T10:00:00Z')
  expect(bounceIn(report, [id], seenAt)).toMatchObject({ id, action: 'failed' })
  expect(bounceIn(report, ['ffffffffffffffffffff'], seenAt)).toBeNull()
  const header = `\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nX-Mailcheck-Delivery: ${id}\r\n\r\n--b--`
  const unnamed = report.replace(/Original-Envelope-Id.*\r\n/, '')
  expect(bounceIn(unnamed, [id], seenAt)).toBeNull()
  expect(bounceIn(unnamed.replace('\r\n--b--', header), [id], seenAt)).toMatchObject({ id })
})
