/**
 * One conversation by commands and replies, shared by SMTP, IMAP and POP3: a command at a time, its whole reply read before
 * the next. However much a peer sends and however slowly, a reply ends within limits.
 */
import type { ChannelBindingType, ClientHello, Connection, OfferAnswer, ReceivedLine, SecretLine, StartTlsOptions, TlsSession } from '../network/network.ts'
import { shownChallenge } from '../syntax/challenge.ts'
import type { Dialect } from './dialects.ts'

export interface ReplyLimits {
  readonly lines: number
  readonly octets: number
  /** Milliseconds from the command, or from the beginning of the session, to the end of the reply. */
  readonly time: number
  /** Of a session that goes on for long: so many lines at least stay in its transcript, and of each the beginning. All, where absent. */
  readonly kept?: number
}

/** Octets. */
const keptOfLine = 500

/** Real replies stay far below: EHLO has a few dozen lines, and 30 s is what a tarpit may take (CHECKS §1.3). */
const replyLimits: ReplyLimits = { lines: 500, octets: 65_536, time: 30_000 }

/** The peer goes on and on. */
export class EndlessReply extends Error {
  override readonly name = 'EndlessReply'
}

export interface SpokenLine {
  readonly from: 'S' | 'C' | '*'
  readonly line: string
  readonly at: number
}

export class LineSession {
  readonly dialect: Dialect
  /** What the session waits for. */
  stage: 'greeting' | 'command' | 'handshake' = 'greeting'
  /** The command without an answer yet, as shown. */
  unanswered: string | undefined
  /** Lines behind the greeting that nobody had asked for. */
  readonly surplus: string[] = []
  readonly #connection: Connection
  readonly #transcript: SpokenLine[]
  readonly #limits: ReplyLimits
  /** Replies that came before their commands. */
  #ahead: ReceivedLine[] = []
  #commands = 0
  #secret = false
  #left = false
  /** Milliseconds since TCP was accepted, at the last thing heard. */
  #at = 0

  /** `transcript` grows with every line, so that it is there however the session ends. */
  constructor(connection: Connection, dialect: Dialect, transcript: SpokenLine[], limits: ReplyLimits = replyLimits) {
    this.#connection = connection
    this.dialect = dialect
    this.#transcript = transcript
    this.#limits = limits
    if (connection.tls) this.#noteTls(connection.tls)
  }

  greeting(): Promise<string[]> {
    return this.#reply('')
  }

  /** Sends a command and reads its reply. `shown` stands in its place in transcripts: pass it for every secret. */
  async command(command: string, shown = command): Promise<string[]> {
    if (this.#commands === 0) this.#putAside()
    const number = ++this.#commands
    const sent = this.dialect.spell(command, number)
    const visible = this.dialect.spell(shown, number)
    this.stage = 'command'
    this.unanswered = visible
    this.note('C', visible)
    this.#secret = false
    await this.#connection.writeLine(sent, visible)
    const reply = await this.#reply(sent)
    this.unanswered = undefined
    return reply
  }

  /**
   * A command, or with `beginning` "***" the answer to a challenge, that is made of a secret; `beginning` is what is shown of it
   * at least. Resolves with what was shown, and with the reply.
   */
  async secret(beginning: string, make: () => SecretLine | null): Promise<{ shown: string; reply: string[] }> {
    const answers = beginning.startsWith('*')
    // the reply to an answer ends like the reply to the command that was challenged
    const spell = (line: string): string => (answers ? line : this.dialect.spell(line, this.#commands))
    if (!answers) this.#commands++
    this.#secret = true
    this.stage = 'command'
    this.unanswered = spell(beginning)
    const shown = await this.#connection.writeSecret(spell(beginning), () => {
      const made = make()
      return made && { ...made, line: spell(made.line), shown: spell(made.shown) }
    })
    this.note('C', shown)
    const reply = await this.#reply(this.dialect.spell('', this.#commands))
    this.unanswered = undefined
    return { shown, reply }
  }

  /** What both ends of this TLS session know, and nobody else. */
  channelBinding(type: ChannelBindingType): string | null {
    return this.#connection.channelBinding(type)
  }

  /** Two commands in one piece; reads the reply to the first, and returns how the second was spelt. */
  async together(first: string, second: string): Promise<{ reply: string[]; second: string }> {
    const lines = [first, second].map(command => this.dialect.spell(command, ++this.#commands))
    const [sent = '', behind = ''] = lines
    this.stage = 'command'
    this.unanswered = sent
    for (const line of lines) this.note('C', line)
    await this.#connection.writeOctets(lines.map(line => `${line}\r\n`).join(''))
    const reply = await this.#reply(sent)
    this.unanswered = undefined
    return { reply, second: behind }
  }

  /** Sends octets that are no lines, and reads the reply. */
  async octets(octets: string): Promise<string[]> {
    this.stage = 'command'
    this.unanswered = 'DATA'
    this.note('C', octets.replace(/\r\n$/, ''))
    await this.#connection.writeOctets(octets)
    const reply = await this.#reply('')
    this.unanswered = undefined
    return reply
  }

  /** Says goodbye, and hears what the peer has to say until it hangs up, or until `enough`. */
  async farewell(enough: (lines: readonly string[]) => boolean): Promise<string[]> {
    await this.leave()
    const lines: string[] = []
    try {
      while (lines.length < this.#limits.lines && !enough(lines)) lines.push(this.#hear(await this.#connection.readLine()))
    } catch (error) {
      // that it ends is what was waited for
      if (lines.length === 0 || !(error instanceof Error && error.name === 'NetworkFailure')) throw error
    }
    return lines
  }

  /** The handshake, after the peer consented to it. */
  async startTls(options?: StartTlsOptions): Promise<TlsSession> {
    this.stage = 'handshake'
    const tls = await this.#connection.startTls(options)
    this.#noteTls(tls)
    return tls
  }

  /** A ClientHello of our own in its place; the session ends with it. */
  offerTls(name: string, hello: ClientHello): Promise<OfferAnswer> {
    this.stage = 'handshake'
    return this.#connection.offerTls(name, hello)
  }

  /** Octets that came in clear between the peer's consent and the handshake. */
  get injected(): string {
    return this.#connection.injected
  }

  /** Says goodbye and hears that it was heard: a POP3 server only then carries out what was asked of it (RFC 1939 §6). */
  async part(): Promise<string[]> {
    this.#left = true
    return this.command(this.dialect.goodbye)
  }

  /**
   * Hears what an IMAP server says unasked (IDLE, RFC 2177), until a line is `news` or the time is over, and then ends the command.
   * All lines, the reply to it among them. `milliseconds` must stay below what a reply may take.
   */
  async idle(milliseconds: number, news: (line: string) => boolean): Promise<string[]> {
    const lines = await this.command('IDLE')
    if (!lines.at(-1)?.startsWith('+')) return lines
    const tag = this.dialect.spell('', this.#commands)
    let wake = (): void => undefined
    const time = new Promise<null>(resolve => {
      wake = () => resolve(null)
    })
    const timer = setTimeout(wake, milliseconds)
    const done = { said: false }
    const end = async (): Promise<void> => {
      done.said = true
      this.note('C', 'DONE')
      await this.#connection.writeLine('DONE')
    }
    try {
      if (lines.some(news)) await end()
      while (lines.length < this.#limits.lines) {
        const next = this.#connection.readLine()
        const heard = done.said ? await next : await Promise.race([next, time])
        if (heard === null) await Promise.race([end(), next])
        const text = this.#hear(heard ?? await next)
        lines.push(text)
        if (text.startsWith(tag) || /^\* BYE\b/i.test(text)) return lines
        if (!done.said && news(text)) await end()
      }
    } finally {
      clearTimeout(timer)
    }
    throw new EndlessReply(`the reply was not complete after ${this.#limits.lines} lines`)
  }

  /** Says goodbye and does not wait for the reply: it would tell nothing, and costs a round trip. */
  async leave(): Promise<void> {
    if (this.#left) return
    this.#left = true
    const line = this.dialect.spell(this.dialect.goodbye, ++this.#commands)
    this.note('C', line)
    await this.#connection.writeLine(line)
  }

  note(from: SpokenLine['from'], line: string): void {
    const { kept } = this.#limits
    this.#transcript.push({ from, line: kept === undefined || line.length <= keptOfLine ? line : beginningOf(line), at: this.#at })
    if (kept !== undefined && this.#transcript.length > 2 * kept) this.#transcript.splice(0, kept)
  }

  /** What came behind the greeting answers nothing: it must not be taken for the reply to the first command. */
  #putAside(): void {
    const lines = this.#connection.unread()
    const first = lines.findIndex(({ text }) => !this.dialect.isSurplus(text))
    this.#ahead = first < 0 ? [] : lines.slice(first)
    for (const line of first < 0 ? lines : lines.slice(0, first)) this.surplus.push(this.#hear(line))
  }

  /** Takes note of a line, and gives it without a LF that nobody counts. */
  #hear({ text, at }: ReceivedLine): string {
    const line = text.endsWith('\n') && this.dialect.countsOctets?.() !== true ? text.slice(0, -1) : text
    this.#at = at
    this.note('S', this.#secret ? shownChallenge(line) : line)
    return line
  }

  async #reply(sent: string): Promise<string[]> {
    const { lines: most, octets, time } = this.#limits
    const lines: string[] = []
    const begun = this.#at
    let length = 0
    do {
      const text = this.#hear(this.#ahead.shift() ?? await this.#connection.readLine())
      lines.push(text)
      length += text.length + 2
      if (this.dialect.endsReply(lines, sent)) return lines
    } while (lines.length < most && length < octets && this.#at - begun < time)
    const excess = lines.length >= most ? `${most} lines` : length >= octets ? `${octets} octets` : `${time / 1000} s`
    throw new EndlessReply(`the reply was not complete after ${excess}`)
  }

  #noteTls({ version, cipher, keyExchange, elapsed }: TlsSession): void {
    this.#at += elapsed
    this.note('*', ['tls', version, cipher, ...(keyExchange === null ? [] : [keyExchange])].join(' '))
  }
}

/** A copy: a part of a string keeps the whole of it. */
function beginningOf(line: string): string {
  return Buffer.from(line.slice(0, keptOfLine), 'latin1').toString('latin1')
}
