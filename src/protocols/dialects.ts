/** What sets SMTP, IMAP and POP3 apart as conversations: which line ends a reply, what consent looks like, how one leaves. */
import { endsImapReply, LiteralReader, parseImapStatus } from '../syntax/imap.ts'
import { isOk } from '../syntax/pop3.ts'
import { parseSmtpLine, parseSmtpReply, positiveReply } from '../syntax/smtp.ts'

export interface Dialect {
  /** The line that is sent for the `number`th command of a session. */
  spell(command: string, number: number): string
  /** Is the last of `lines` the end of the reply to `sent`? The greeting answers the empty line. */
  endsReply(lines: readonly string[], sent: string): boolean
  /** Does the peer consent? */
  agrees(reply: readonly string[]): boolean
  readonly goodbye: string
  /**
   * Must this line, which came behind the greeting before anything was asked, not be read as a reply? Where replies do not name
   * the command that they answer, a line too many puts all that follows off by one.
   */
  isSurplus(line: string): boolean
  /** Is the next line counted by its octets, so that its end matters? Absent: never. */
  countsOctets?(): boolean
}

/** RFC 5321 §4.2.1: "250-" continues, "250 " ends. */
export const smtp: Dialect = {
  spell: command => command,
  endsReply(lines) {
    const { code, more } = parseSmtpLine(lines.at(-1) ?? '')
    // a line without a code interrupts a reply that has begun; if nothing has, the peer speaks something else
    return code === null ? lines.length === 1 : !more
  },
  agrees: reply => positiveReply(parseSmtpReply(reply)),
  goodbye: 'QUIT',
  isSurplus: line => parseSmtpLine(line).code === 220, // to greet once more answers nothing
}

/** RFC 9051 §2.2: a line that begins with the command's tag ends its reply; the greeting is one line. */
export const imap: Dialect = {
  spell: (command, number) => `a${number} ${command}`,
  endsReply(lines, sent) {
    const [tag = ''] = sent.split(' ')
    return tag === '' || endsImapReply(lines, tag)
  },
  agrees(reply) {
    const { status } = parseImapStatus(reply.at(-1) ?? '')
    return status === 'OK' || status === 'PREAUTH'
  },
  goodbye: 'LOGOUT',
  isSurplus: () => false,
}

/**
 * The same for a session that reads mail: it remembers where it is in a literal, so that a long reply is looked at once, however
 * many of its lines look like the last one. Of one session alone.
 */
export function imapReading(): Dialect {
  let literals = new LiteralReader()
  return {
    ...imap,
    endsReply(lines, sent) {
      if (lines.length === 1) literals = new LiteralReader()
      const line = lines.at(-1) ?? ''
      if (!literals.begins(line)) return false
      const [tag = ''] = sent.split(' ')
      return tag === '' || line === tag || line.startsWith(`${tag} `) || /^(?:\* BYE\b|\+)/i.test(line)
    },
    countsOctets: () => literals.within,
  }
}

/** RFC 1939 §3: one line, but for a few commands, whose good replies end with a lone ".". */
export const pop3: Dialect = {
  spell: command => command,
  endsReply(lines, sent) {
    const several = /^(?:CAPA|UIDL|LIST)$|^(?:RETR|TOP) /i.test(sent) && isOk(lines[0])
    return !several || (lines.length > 1 && lines.at(-1) === '.')
  },
  agrees: reply => isOk(reply[0]),
  goodbye: 'QUIT',
  isSurplus: () => true, // RFC 1939 §4: the greeting is one line
}
