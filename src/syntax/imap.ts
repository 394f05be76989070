/**
 * IMAP responses (RFC 9051 §7, 3501): a line begins with "*" (untagged: data, or news), with "+" (the server waits for more of a
 * command), or with the tag of the command that it completes: "a1 OK done". A status (OK, NO, BAD, PREAUTH, BYE) may carry a
 * code in brackets: "* BYE [UNAVAILABLE] later". "{12}" at the end of a line announces 12 octets of anything: a literal.
 */
import type { Reason } from '../reasons.ts'
import { asksToWait, blamesClient } from './refusal.ts'

export type ImapStatusWord = 'OK' | 'NO' | 'BAD' | 'PREAUTH' | 'BYE'

export interface ImapStatus {
  /** `*`, `+`, or the tag; the first word of whatever it is. */
  readonly tag: string
  /** Null: the line is no status. */
  readonly status: ImapStatusWord | null
  /** The code in brackets, in upper case, without its arguments: `UNAVAILABLE` (RFC 9051 §7.1). */
  readonly code: string | null
  /** The arguments of the code. */
  readonly argument: string
  /** For people; for a line that is no status, all behind the tag. */
  readonly text: string
}

export function parseImapStatus(line: string): ImapStatus {
  const [, tag = '', rest = ''] = /^([^ ]*) ?(.*)$/s.exec(line) ?? []
  const [, word, text = ''] = /^(OK|NO|BAD|PREAUTH|BYE)(?: (.*))?$/is.exec(rest) ?? []
  if (word === undefined) return { tag, status: null, code: null, argument: '', text: rest }
  const [, code, argument = '', after = ''] = /^\[([^\] ]+)(?: ([^\]]*))?\] ?(.*)$/s.exec(text) ?? []
  const status = word.toUpperCase() as ImapStatusWord
  if (code === undefined) return { tag, status, code: null, argument: '', text }
  return { tag, status, code: code.toUpperCase(), argument, text: after }
}

/**
 * Tells the lines that begin a response from those that go on with one: what stands in a literal is data, however much it looks
 * like a response. A literal counts the octets after the CRLF of its announcement, line ends included (RFC 9051 §4.3): those of a line
 * that keeps its LF are as they stand, any other ended in CRLF.
 */
export class LiteralReader {
  /** Octets of a literal still to come; null: the next line begins a response. */
  #pending: number | null = null

  /** Does the next line go on with a literal? */
  get within(): boolean {
    return (this.#pending ?? 0) > 0
  }

  /** Takes the next line: does it begin a response? */
  begins(line: string): boolean {
    const pending = this.#pending
    if (pending === null) {
      // the text of a status is for people: nothing follows, whatever it ends with
      this.#pending = parseImapStatus(line).status === null && !line.startsWith('+') ? announcedLiteral(line) : null
      return true
    }
    const [length, end] = line.endsWith('\n') ? [line.length - 1, 1] : [line.length, 2]
    this.#pending = pending > length ? Math.max(0, pending - length - end) : announcedLiteral(line.slice(pending))
    return false
  }
}

/** The lines that begin a response. */
export function withoutLiterals(lines: readonly string[]): string[] {
  const reader = new LiteralReader()
  return lines.filter(line => reader.begins(line))
}

function announcedLiteral(line: string): number | null {
  const [, octets] = /\{(\d{1,10})\+?\}\n?$/.exec(line.slice(-16)) ?? []
  return octets === undefined ? null : Number(octets)
}

/**
 * Is the command with this tag answered, by the last of `lines`? BYE ends everything, and "+" waits for us, who have
 * nothing to add.
 */
export function endsImapReply(lines: readonly string[], tag: string): boolean {
  const last = lines.at(-1) ?? ''
  if (!last.startsWith(`${tag} `) && last !== tag && !/^(?:\* BYE\b|\+)/i.test(last)) return false
  // only now is it worth looking whether the line stands in a literal
  return withoutLiterals(lines).length > withoutLiterals(lines.slice(0, -1)).length
}

/**
 * All that the lines name as capabilities, in upper case (`IMAP4REV1`, `AUTH=PLAIN`, `LOGINDISABLED`): untagged CAPABILITY data
 * and the code that greetings and completions may carry (RFC 9051 §7.1, §7.2.2).
 */
export function imapCapabilities(lines: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const line of withoutLiterals(lines)) {
    const { code, argument } = parseImapStatus(line)
    const listed = code === 'CAPABILITY' ? argument : /^\* CAPABILITY (.*)$/is.exec(line)?.[1] ?? ''
    for (const word of listed.split(/\s+/)) if (word !== '') found.add(word.toUpperCase())
  }
  return found
}

/** SASL mechanisms in upper case, from `AUTH=…`. */
export function imapMechanisms(capabilities: ReadonlySet<string>): string[] {
  return [...capabilities].filter(name => name.startsWith('AUTH=')).map(name => name.slice('AUTH='.length)).filter(name => name !== '')
}

/**
 * Why a refusal says nothing about the server: it may pass, or it is meant for us. Null: it speaks of the server, or there is
 * none. `server` is the address of the peer.
 */
export function imapRefusal(lines: readonly string[], { server = '' } = {}): Reason | null {
  const refusal = withoutLiterals(lines).map(parseImapStatus).findLast(({ status }) => status === 'BYE' || status === 'NO')
  if (!refusal) return null
  if (refusal.code === 'UNAVAILABLE' || refusal.code === 'LIMIT' || refusal.code === 'INUSE') return 'rate-limited'
  if (asksToWait(refusal.text)) return 'rate-limited'
  // a greeting BYE declines "this client" (RFC 9051 §7.1.5)
  const greeting = lines.length === 1 && refusal.status === 'BYE' && refusal.tag === '*'
  return greeting || blamesClient(refusal.text, server) ? 'client-rejected' : null
}
