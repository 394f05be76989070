/**
 * The messages of folders, one after another, to be read and left as they are: folders are opened by EXAMINE, and messages fetched
 * without being marked. Where an earlier visit ended is remembered by UID, so that each message is fetched once.
 */
import type { ImapMailbox } from './imap-mailbox.ts'
import { Refusal } from './visit.ts'

/** How far a folder was read: its UIDVALIDITY, and the last UID. */
export interface FolderMark {
  readonly uidValidity: number
  readonly last: number
}

export interface FolderReading {
  /** By folder: where to go on. */
  readonly marks: Map<string, FolderMark>
  /** Octets of a message that is fetched. */
  readonly most: number
  readonly onMessage: (message: { readonly folder: string; readonly uid: number; readonly size: number; readonly octets: Uint8Array | null }) => void
  /** So many messages are left out for being too many at a time. */
  readonly onOmitted: (folder: string, count: number) => void
  /** Folders that cannot be opened, with the server’s words. */
  readonly onRefused: (folder: string, line: string) => void
}

/** Messages of a folder in one visit, the newest ones. */
const mostMessages = 20_000

/** What is longer than `most` is told without its octets. A connection that breaks ends the visit; the marks say how far it came. */
export async function readFolders(mailbox: ImapMailbox, folders: readonly string[], { marks, most, onMessage, onOmitted, onRefused }: FolderReading): Promise<void> {
  for (const folder of folders) {
    let uidValidity: number | null
    try {
      uidValidity = (await mailbox.open(folder)).uidValidity
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      onRefused(folder, error.reply.at(-1) ?? '')
      continue
    }
    const mark = marks.get(folder)
    // other UIDs than before (RFC 9051 §2.3.1.1): everything is read again, and what is known does not count twice
    const last = mark !== undefined && mark.uidValidity === uidValidity ? mark.last : 0
    // "*" is the last message even where it is older than the first UID of the range (§6.4.4)
    const uids = (await mailbox.search(last > 0 ? `UID ${last + 1}:*` : 'ALL')).filter(uid => uid > last)
    if (uids.length > mostMessages) onOmitted(folder, uids.length - mostMessages)
    for (const uid of uids.slice(-mostMessages)) {
      const fetched = await mailbox.fetch(uid, most)
      if (fetched) onMessage({ folder, uid, size: fetched.size, octets: fetched.complete ? Buffer.from(fetched.octets, 'latin1') : null })
      if (uidValidity !== null) marks.set(folder, { uidValidity, last: uid })
    }
  }
}
