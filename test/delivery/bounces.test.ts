import { expect, test } from 'vitest'
import { bounceIn, lookForBounces } from '../../src/delivery/bounces.ts'
import { watch } from '../../src/network/watch.ts'
import { doors, inByImap, mailServer } from '../mailbox/mailboxes.ts'

const id = '0123456789abcdef0123'
const report = [
  'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '', '--b', 'Content-Type: message/delivery-status', '',
  'Reporting-MTA: dns; mail.example.com', `Original-Envelope-Id: ${id}`, '', 'Final-Recipient: rfc822; ann@example.org', 'Action: failed', 'Status: 5.1.1', '', '--b--', '',
].join('\r\n')

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
