/** What people of a world have in their mailboxes: the same for its submission, IMAP and POP3 servers. */

export interface StoredMessage {
  readonly uid: number
  /** One character an octet, lines end in CRLF. */
  readonly octets: string
  readonly arrived: Date
  deleted: boolean
}

export interface Folder {
  readonly name: string
  uidNext: number
  messages: readonly StoredMessage[]
}

export class Mailbox {
  readonly folders = new Map(['INBOX', 'Junk', 'Sent', 'Trash'].map((name): [string, Folder] => [name, { name, uidNext: 1, messages: [] }]))
  readonly #listeners = new Set<() => void>()

  folder(name: string): Folder | undefined {
    return this.folders.get(/^inbox$/i.test(name) ? 'INBOX' : name)
  }

  add(name: string, octets: string): void {
    const folder = this.folder(name)
    if (!folder) return
    folder.messages = [...folder.messages, { uid: folder.uidNext++, octets, arrived: new Date(), deleted: false }]
    for (const tell of this.#listeners) tell()
  }

  remove(folder: Folder, gone: (message: StoredMessage) => boolean): void {
    folder.messages = folder.messages.filter(message => !gone(message))
  }

  /** Calls `tell` whenever a message comes; the returned function ends that. */
  listen(tell: () => void): () => void {
    this.#listeners.add(tell)
    return () => this.#listeners.delete(tell)
  }
}

export class Mailboxes {
  readonly #byUser = new Map<string, Mailbox>()
  readonly #waiting = new Set<NodeJS.Timeout>()

  /** The mailbox of this user, made when it is first wanted. */
  of(user: string): Mailbox {
    const known = this.#byUser.get(user.toLowerCase())
    if (known) return known
    const made = new Mailbox()
    this.#byUser.set(user.toLowerCase(), made)
    return made
  }

  /** So many milliseconds from now, unless the world ends before. */
  later(milliseconds: number, act: () => void): void {
    if (milliseconds <= 0) {
      act()
      return
    }
    const timer = setTimeout(() => {
      this.#waiting.delete(timer)
      act()
    }, milliseconds)
    this.#waiting.add(timer.unref())
  }

  close(): void {
    for (const timer of this.#waiting) clearTimeout(timer)
  }
}
