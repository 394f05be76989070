/**
 * IMAP for somebody who is logged in (RFC 9051 §6.3, §6.4; IDLE: RFC 2177; quota: RFC 9208): as much of it as finds, fetches and
 * removes a message.
 */
import { say, type Turn } from './dialogue.ts'
import type { Folder, Mailbox, StoredMessage } from './mailboxes.ts'

/** RFC 6154 §2. */
const uses: Readonly<Record<string, string>> = { Junk: '\\Junk', Sent: '\\Sent', Trash: '\\Trash' }

export class ImapSession {
  readonly #mailbox: Mailbox
  readonly #forget: () => void
  #folder: Folder | null = null
  #writable = false
  /** Messages that the client knows of. */
  #told = 0
  /** The tag of an IDLE under way. */
  #idle: string | null = null

  /** `push` says something unasked. */
  constructor(mailbox: Mailbox, push: (lines: readonly string[]) => void) {
    this.#mailbox = mailbox
    this.#forget = mailbox.listen(() => {
      if (this.#idle !== null) push(this.news())
    })
  }

  get idling(): boolean {
    return this.#idle !== null
  }

  end(): void {
    this.#forget()
  }

  /** What came since it was last told. */
  news(): string[] {
    const count = this.#folder?.messages.length ?? 0
    if (!this.#folder || count <= this.#told) return []
    this.#told = count
    return [`* ${count} EXISTS`]
  }

  done(line: string): Turn {
    const tag = this.#idle ?? '*'
    this.#idle = null
    return say(/^DONE$/i.test(line) ? `${tag} OK IDLE completed` : `${tag} BAD Expected DONE`)
  }

  /** Null: there is no such command. */
  answer(tag: string, verb: string, rest: string): Turn | null {
    switch (verb) {
      case 'LIST': return this.#list(tag, rest)
      case 'STATUS': {
        const inbox = this.#mailbox.folder('INBOX')
        return say(`* STATUS INBOX (MESSAGES ${inbox?.messages.length ?? 0} UIDNEXT ${inbox?.uidNext ?? 1})`, `${tag} OK STATUS completed`)
      }
      case 'GETQUOTAROOT': return say('* QUOTAROOT INBOX ""', '* QUOTA "" (STORAGE 512 1048576)', `${tag} OK GETQUOTAROOT completed`)
      case 'SELECT':
      case 'EXAMINE': return this.#open(tag, verb, rest)
      case 'IDLE':
        this.#idle = tag
        return say('+ idling', ...this.news())
      case 'UID': return this.#folder ? this.#byUid(this.#folder, tag, rest) : say(`${tag} BAD Select a mailbox first`)
      default: return null
    }
  }

  #list(tag: string, rest: string): Turn {
    const only = /^\(SPECIAL-USE\)/i.test(rest)
    const names = [...this.#mailbox.folders.keys()].filter(name => !only || uses[name] !== undefined)
    return say(...names.map(name => `* LIST (${uses[name] ?? ''}) "/" ${name}`), `${tag} OK LIST completed`)
  }

  #open(tag: string, verb: string, rest: string): Turn {
    const folder = this.#mailbox.folder(rest.replace(/^"|"$/g, ''))
    if (!folder) return say(`${tag} NO [NONEXISTENT] No such mailbox`)
    this.#folder = folder
    this.#writable = verb === 'SELECT'
    this.#told = folder.messages.length
    return say('* FLAGS (\\Deleted \\Seen)', `* ${folder.messages.length} EXISTS`, '* OK [UIDVALIDITY 1] ok', `* OK [UIDNEXT ${folder.uidNext}] ok`,
      `${tag} OK [READ-${this.#writable ? 'WRITE' : 'ONLY'}] ${verb} completed`)
  }

  #byUid(folder: Folder, tag: string, rest: string): Turn {
    const [, command = '', words = ''] = /^(\w+) (.*)$/s.exec(rest) ?? []
    const [first = ''] = words.split(' ')
    const message = folder.messages.find(({ uid }) => String(uid) === first)
    switch (command.toUpperCase()) {
      case 'SEARCH': return say(['* SEARCH', ...folder.messages.filter(one => meets(one, words)).map(({ uid }) => uid)].join(' '), `${tag} OK SEARCH completed`)
      case 'FETCH': return say(...message ? fetched(folder, message, words) : [], `${tag} OK FETCH completed`)
      case 'STORE':
        if (!this.#writable) return say(`${tag} NO The mailbox is read-only`)
        if (message && /\+FLAGS\S* \(\\Deleted\)/i.test(words)) message.deleted = true
        return say(`${tag} OK STORE completed`)
      case 'EXPUNGE': {
        if (!this.#writable || !message?.deleted) return say(`${tag} ${this.#writable ? 'OK' : 'NO'} Nothing to expunge`)
        const number = folder.messages.indexOf(message) + 1
        this.#mailbox.remove(folder, one => one === message)
        this.#told = folder.messages.length
        return say(`* ${number} EXPUNGE`, `${tag} OK EXPUNGE completed`)
      }
      default: return say(`${tag} BAD Unknown command`)
    }
  }
}

function meets({ octets }: StoredMessage, criteria: string): boolean {
  const header = /\bHEADER (\S+) "([^"]*)"/i.exec(criteria)
  const text = /\bTEXT "([^"]*)"/i.exec(criteria)
  const end = octets.indexOf('\r\n\r\n')
  const fields = octets.slice(0, end < 0 ? undefined : end).split('\r\n')
  const [, name = '', value = ''] = header ?? []
  return (!header || fields.some(field => field.toLowerCase().startsWith(`${name.toLowerCase()}:`) && field.includes(value))) && (!text || octets.includes(text[1] ?? ''))
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function fetched(folder: Folder, message: StoredMessage, words: string): string[] {
  const { uid, octets, arrived } = message
  const two = (number: number): string => String(number).padStart(2, '0')
  const date = `${two(arrived.getUTCDate())}-${months[arrived.getUTCMonth()] ?? ''}-${arrived.getUTCFullYear()} ${two(arrived.getUTCHours())}:${two(arrived.getUTCMinutes())}:${two(arrived.getUTCSeconds())} +0000`
  const [, section = '', from = '0', count = '1000000000'] = /BODY(?:\.PEEK)?\[(\w*)\](?:<(\d+)\.(\d+)>)?/i.exec(words) ?? []
  const whole = /^header$/i.test(section) ? octets.slice(0, octets.indexOf('\r\n\r\n') + 4) : octets
  const piece = whole.slice(Number(from), Number(from) + Number(count))
  const items = [`UID ${uid}`, ...words.includes('RFC822.SIZE') ? [`RFC822.SIZE ${octets.length}`] : [], ...words.includes('INTERNALDATE') ? [`INTERNALDATE "${date}"`] : []]
  return [`* ${folder.messages.indexOf(message) + 1} FETCH (${items.join(' ')} BODY[${section}]<${from}> {${piece.length}}`, ...`${piece})`.split('\r\n')]
}
