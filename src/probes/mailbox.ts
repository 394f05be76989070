/**
 * What is to be seen after a login, without changing anything: IMAP lists, counts and shows the quota of the inbox, which is
 * never opened (RFC 9051 §6.3.9, §6.3.11, RFC 9208 §4.1.2); POP3 counts and numbers, and neither fetches nor deletes
 * (RFC 1939 §5, §7). Submission is done when it has let somebody in.
 */
import type { LineSession } from '../protocols/line-session.ts'
import type { Protocol } from '../services.ts'
import { imapCapabilities } from '../syntax/imap.ts'
import { parsePop3Status } from '../syntax/pop3.ts'
import type { Reply } from './session.ts'

export interface Mailbox {
  /** What is offered to somebody who is logged in: CAPABILITY or CAPA. */
  offer?: Reply
  status?: Reply
  /** Only where QUOTA is offered. */
  quota?: Reply
  /** Only where ID is offered. */
  id?: Reply
  /** Folders with a use of their own, where the server can tell (RFC 6154); else those at the top. */
  folders?: Reply
  stat?: Reply
  uidl?: Reply
  /** Of the second message, where there are two: numbers that are alike tell nothing apart. */
  uidl2?: Reply
}

/** Fills `mailbox`: what was seen before a session broke off stays. */
export async function readMailbox(protocol: Protocol, session: LineSession, mailbox: Mailbox): Promise<void> {
  if (protocol === 'imap') {
    mailbox.offer = await session.command('CAPABILITY')
    const offered = imapCapabilities(mailbox.offer)
    mailbox.status = await session.command('STATUS INBOX (MESSAGES UIDNEXT)')
    if ([...offered].some(name => name === 'QUOTA' || name.startsWith('QUOTA='))) mailbox.quota = await session.command('GETQUOTAROOT INBOX')
    if (offered.has('ID')) mailbox.id = await session.command('ID NIL')
    // last, because it may be long
    const special = offered.has('SPECIAL-USE') && (offered.has('LIST-EXTENDED') || offered.has('IMAP4REV2'))
    mailbox.folders = await session.command(special ? 'LIST (SPECIAL-USE) "" "*"' : 'LIST "" "%"')
  }
  if (protocol === 'pop3') {
    mailbox.offer = await session.command('CAPA')
    mailbox.stat = await session.command('STAT')
    // of one message where there are any: a full mailbox would be a long list
    const count = Number(/^\d{1,9}\b/.exec(parsePop3Status(mailbox.stat[0] ?? '').text)?.[0] ?? 1)
    mailbox.uidl = await session.command(count === 0 ? 'UIDL' : 'UIDL 1')
    if (count > 1) mailbox.uidl2 = await session.command('UIDL 2')
  }
}
