/**
 * An account over IMAP (RFC 9051): its folders, one of them opened, messages found by a header field, fetched in bounded pieces
 * without being marked as seen, and one message removed. Nothing else is ever changed.
 */
import type { Network } from '../network/network.ts'
import type { LineSession } from '../protocols/line-session.ts'
import { imapCapabilities, parseImapStatus } from '../syntax/imap.ts'
import { existsOf, imapFetched, imapFolders, imapQuoted, imapSearch, type ImapFolder } from '../syntax/imap-data.ts'
import { granted, pieceOctets, Refusal, visit, type Door, type Visit } from './visit.ts'

export interface OpenFolder {
  /** Changes when the server gives its messages new UIDs (RFC 9051 §2.3.1.1); null when it does not tell. */
  readonly uidValidity: number | null
}

export interface FetchedMessage {
  readonly uid: number
  /** Octets of the whole message. */
  readonly size: number
  readonly arrived: Date | null
  /** One character an octet, lines end in CRLF whatever the server makes of them; only the beginning, when it is longer than what was asked for. */
  readonly octets: string
  readonly complete: boolean
}

export type Removal = 'removed' | 'marked'

/** Logs in, and hands the account to `work`. */
export function visitImap(network: Network, door: Door, work: (mailbox: ImapMailbox) => Promise<void>): Promise<Visit> {
  return visit(network, door, async session => work(new ImapMailbox(session, imapCapabilities(await granted(session, 'CAPABILITY')))))
}

export class ImapMailbox {
  readonly #session: LineSession
  readonly #offered: ReadonlySet<string>

  /** `offered`: what the server offers to somebody who is logged in, in upper case. */
  constructor(session: LineSession, offered: ReadonlySet<string>) {
    this.#session = session
    this.#offered = offered
  }

  offers(name: string): boolean {
    return this.#offered.has(name) || this.#offered.has('IMAP4REV2') && inRev2.has(name)
  }

  /** With what each is for, where the server can tell (RFC 6154). */
  async folders(): Promise<ImapFolder[]> {
    const special = this.#offered.has('IMAP4REV2') || (this.#offered.has('SPECIAL-USE') && this.#offered.has('LIST-EXTENDED'))
    return imapFolders(await granted(this.#session, special ? 'LIST "" "*" RETURN (SPECIAL-USE)' : 'LIST "" "*"'))
  }

  /** To read in it, or with `change` also to remove from it. @throws Refusal */
  async open(folder: string, { change = false } = {}): Promise<OpenFolder> {
    const name = imapQuoted(folder)
    const command = `${change ? 'SELECT' : 'EXAMINE'} ${name ?? '""'}`
    if (name === null) throw new Refusal(command, ['a name with a line end cannot be asked for'])
    const reply = await granted(this.#session, command)
    const validity = reply.map(parseImapStatus).find(({ code }) => code === 'UIDVALIDITY')?.argument ?? ''
    return { uidValidity: /^\d{1,10}$/.test(validity) ? Number(validity) : null }
  }

  /** UIDs of the messages that meet the criteria, in the words of RFC 9051 §6.4.4: `HEADER Subject "x"`, `UID 9:* TEXT "x"`. */
  async search(criteria: string): Promise<number[]> {
    return imapSearch(await granted(this.#session, `UID SEARCH ${criteria}`))
  }

  /** `most`: octets at most. Null: there is no such message any more, or it could not be read. */
  async fetch(uid: number, most: number): Promise<FetchedMessage | null> {
    const first = await this.#piece(uid, 0, Math.min(pieceOctets, most), 'UID RFC822.SIZE INTERNALDATE ')
    if (!first || first.size === null || first.body === null) return null
    let octets = first.body
    let ended = false
    const wanted = Math.min(first.size, most)
    while (octets.length < wanted && !ended) {
      const count = Math.min(pieceOctets, wanted - octets.length)
      const next = await this.#piece(uid, octets.length, count, 'UID ')
      if (typeof next?.body !== 'string') break
      octets += next.body
      // where nothing follows the size was only estimated, and this is all
      ended = next.body === '' && octets !== ''
      // a server that gives an octet at a time would be asked without end
      if (next.body.length < Math.min(count, leastPiece)) break
    }
    return { uid, size: first.size, arrived: first.arrived, octets: withCrlf(octets), complete: ended || octets.length >= first.size }
  }

  /** Its header alone. */
  async header(uid: number): Promise<string | null> {
    const reply = await granted(this.#session, `UID FETCH ${uid} (UID BODY.PEEK[HEADER]<0.${pieceOctets}>)`)
    const body = imapFetched(reply).find(one => one.uid === uid)?.body ?? null
    return body === null ? null : withCrlf(body)
  }

  async #piece(uid: number, from: number, count: number, items: string): Promise<ReturnType<typeof imapFetched>[number] | undefined> {
    const reply = await granted(this.#session, `UID FETCH ${uid} (${items}BODY.PEEK[]<${from}.${count}>)`)
    return imapFetched(reply).find(one => one.uid === uid)
  }

  /**
   * Waits for so many milliseconds, or until something comes into the open folder: told by the server where it offers IDLE,
   * else asked at the end. At most `longestIdle` at a time.
   */
  async wait(milliseconds: number, pause: (milliseconds: number) => Promise<void>): Promise<void> {
    if (this.offers('IDLE')) {
      const reply = await this.#session.idle(Math.min(milliseconds, longestIdle), line => existsOf(line) !== null)
      if (!this.#session.dialect.agrees(reply)) throw new Refusal('IDLE', reply)
      return
    }
    await pause(Math.min(milliseconds, longestIdle))
    await granted(this.#session, 'NOOP')
  }

  /**
   * Removes this one message from the folder that is open for change. Where the server has no UIDPLUS (RFC 4315), to expunge
   * would take along whatever else is marked as deleted: there it is only marked.
   */
  async remove(uid: number): Promise<Removal> {
    await granted(this.#session, `UID STORE ${uid} +FLAGS.SILENT (\\Deleted)`)
    if (!this.offers('UIDPLUS')) return 'marked'
    await granted(this.#session, `UID EXPUNGE ${uid}`)
    return 'removed'
  }
}

/** Signatures are made over CRLF (RFC 6376 §5.3), and are looked for by it. */
function withCrlf(octets: string): string {
  return octets.replace(/\r?\n/g, '\r\n')
}

/** Octets of a piece that is not the last. */
const leastPiece = 1024

/** Milliseconds: well below what a reply may take, so that silence while we wait is no failure. */
const longestIdle = 15_000

/** RFC 9051 appendix E. */
const inRev2 = new Set(['IDLE', 'UIDPLUS', 'SPECIAL-USE', 'MOVE'])

/** Where a server puts what it takes for unwanted: by its use, else by what such folders are called. */
export function junkFolders(folders: readonly ImapFolder[]): ImapFolder[] {
  const usable = folders.filter(({ attributes }) => !attributes.includes('\\NOSELECT') && !attributes.includes('\\NONEXISTENT'))
  const told = usable.filter(({ attributes }) => attributes.includes('\\JUNK'))
  return told.length > 0 ? told : usable.filter(({ name }) => /^(?:INBOX[./]|\[[^\]]*\]\/)?(?:junk|spam|bulk)(?:[ -]?e?-?mails?| folder)?$/i.test(name))
}
