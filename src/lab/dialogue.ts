/**
 * The server's side of a line session as a state machine without sockets: a line in, lines out. `line-server.ts` gives it
 * a socket, TLS and its faults; what sets SMTP, IMAP and POP3 apart is one such machine each.
 */

import type { Mailboxes } from './mailboxes.ts'

export interface Envelope {
  readonly helo: string
  readonly user: string
  readonly sender: string
  readonly recipients: readonly string[]
  /** ENVID (RFC 3461 §4.4). */
  readonly name: string | null
}

/** What the server says to one line, and what becomes of the connection then. */
export interface Turn {
  /** Without line ends, one character an octet. */
  readonly lines: readonly string[]
  /** `starttls`: the handshake follows, and what arrived in clear is dropped unread. */
  readonly then?: 'starttls' | 'close'
}

export interface Dialogue {
  /** Hands over what to say unasked with; the dialogue's `end` is called when the connection is gone. */
  attach?(push: (lines: readonly string[]) => void): void
  end?(): void
  greet(): Turn
  answer(line: string): Turn
  /** The handshake is done: what the client said in clear is forgotten (RFC 3207 §4.2, RFC 9051 §6.2.1, RFC 2595 §4). */
  secured(): void
}

/** How one service of a world behaves, with every default filled in. */
export interface Behaviour {
  /** The name it greets with. */
  readonly host: string
  /** TLS from the first octet. */
  readonly implicit: boolean
  /** In place of the ordinary greeting. */
  readonly greeting?: readonly string[]
  /** EHLO extensions, IMAP capabilities or POP3 CAPA lines before TLS … */
  readonly offers: readonly string[]
  /** … and over TLS. */
  readonly offersOverTls: readonly string[]
  /** Replies in place of the ordinary ones, by command word in upper case. */
  readonly replies: Readonly<Record<string, readonly string[]>>
  /** Where SMTP accepts mail for: addresses, in which `*` stands for any local part or any domain. */
  readonly mailboxes: readonly string[]
  /** Who may log in: passwords by name. */
  readonly users: Readonly<Record<string, string>>
  /** Any password opens any mailbox. */
  readonly anyPassword: boolean
  /** Capabilities for somebody who is logged in. */
  readonly offersAfterLogin: readonly string[]
  /** `MAIL FROM:<>` is refused at RCPT. */
  readonly refusesNullSender: boolean
  /** The mailboxes of the world. */
  readonly mail: Mailboxes
  /** What becomes of mail that is handed in by somebody who has logged in; absent: it is not taken. */
  readonly takeMail?: (envelope: Envelope, octets: string) => readonly string[]
  /** What is said to RCPT for now; absent: what is usual. */
  readonly defer?: (recipient: string) => string | null
  /** Mail is submitted here, so a sender must log in (RFC 6409 §4.3). */
  readonly submission: boolean
}

export const say = (...lines: string[]): Turn => ({ lines })
export const sayAndClose = (...lines: string[]): Turn => ({ lines, then: 'close' })

/** Does the list of offers hold this word, as a whole first word and in any case? */
export function offering(offers: readonly string[], word: string): boolean {
  return offers.some(offer => offer.toUpperCase().split(' ')[0] === word)
}

/** The mechanisms behind AUTH (`AUTH PLAIN LOGIN`), SASL (`SASL PLAIN`) or AUTH= (`AUTH=PLAIN`). */
export function mechanismsOffered(offers: readonly string[]): string[] {
  return offers.flatMap(offer => {
    const upper = offer.toUpperCase()
    if (upper.startsWith('AUTH=')) return [upper.slice(5)]
    const [word, ...mechanisms] = upper.split(' ')
    return word === 'AUTH' || word === 'SASL' ? mechanisms : []
  })
}
