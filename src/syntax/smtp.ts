/**
 * SMTP replies (RFC 5321 §4.2): a three-digit code on every line; "250-" continues the reply, "250 " ends it. The first digit
 * decides: 2 yes, 3 go on, 4 not now, 5 no. Behind it may stand an enhanced code (RFC 3463), "5.7.1". The reply to EHLO
 * names the server's host and then one extension a line: a keyword and its parameters (§4.1.1.1).
 */
import type { Reason } from '../reasons.ts'
import { asksToWait, blamesClient } from './refusal.ts'

export interface SmtpReply {
  /** Of the line that ends the reply; null when no line has a code, so that the peer does not speak SMTP. */
  readonly code: number | null
  /** `5.7.1` (RFC 2034 §4); null when there is none, or when its class contradicts the code. */
  readonly enhanced: string | null
  /** What stands behind the code, line by line; lines without a code as they are. */
  readonly texts: readonly string[]
}

export interface SmtpLine {
  readonly code: number | null
  /** The code is followed by a hyphen: more lines follow. */
  readonly more: boolean
  readonly text: string
}

export function parseSmtpLine(line: string): SmtpLine {
  // the space may be missing when no text follows (RFC 5321 §4.2.1), and some servers forget it anyway
  const [, code, separator, text] = /^([2-5]\d\d)(?!\d)([ -]?)(.*)$/s.exec(line) ?? []
  if (code === undefined) return { code: null, more: false, text: line }
  return { code: Number(code), more: separator === '-', text: text ?? '' }
}

/**
 * Lines of one reply may differ in their codes although they must not (RFC 5321 §4.2.1): a server that teases impatient clients
 * with "220-" and then refuses means what it says last.
 */
export function parseSmtpReply(lines: readonly string[]): SmtpReply {
  const parsed = lines.map(parseSmtpLine)
  const last = parsed.findLast(({ code }) => code !== null)
  const enhanced = /^([245])\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(last?.text ?? '')
  const agrees = enhanced !== null && enhanced[1] === String(last?.code)[0]
  return { code: last?.code ?? null, enhanced: agrees ? enhanced[0] : null, texts: parsed.map(({ text }) => text) }
}

/** 2yz: the command was carried out. */
export function positiveReply({ code }: SmtpReply): boolean {
  return code !== null && code >= 200 && code < 300
}

/** 4yz: the same command may succeed later (RFC 5321 §4.2.1). */
export function transientReply({ code }: SmtpReply): boolean {
  return code !== null && code >= 400 && code < 500
}

/**
 * Why a refusal says nothing about the server: it may pass, or it is meant for us. Null: it speaks of the server, or it is no
 * refusal. `command` is what was refused, '' for the greeting; `server` is the address of the peer.
 */
export function smtpRefusal(lines: readonly string[], { command = '', server = '' } = {}): Reason | null {
  const reply = parseSmtpReply(lines)
  const { code, enhanced } = reply
  const verb = /^[A-Z]*/i.exec(command)?.[0].toUpperCase() ?? ''
  if (code === null || code < 400) return null
  if (transientReply(reply)) return (code === 450 || code === 451) && (verb === 'MAIL' || verb === 'RCPT') ? 'greylisted' : 'rate-limited'
  const text = reply.texts.join(' ')
  if (blamesClient(text, server)) return 'client-rejected'
  if (asksToWait(text)) return 'rate-limited'
  if (refusesOurName(verb, code, text)) return 'client-rejected'
  // to STARTTLS, 5.7.x speaks of the server's own security features (RFC 3463 §3.8); 530 asks for them (RFC 3207 §4, 4954 §6)
  if (enhanced?.startsWith('5.7.') && verb !== 'STARTTLS' && code !== 530 && !/^5\.7\.(?:[345]|10)$/.test(enhanced)) return 'client-rejected'
  return null
}

/** A server that knows EHLO but not the name we give with it (501, 504, 550; RFC 5321 §4.1.4). */
function refusesOurName(verb: string, code: number, text: string): boolean {
  if ((verb !== 'EHLO' && verb !== 'HELO') || code === 500 || code === 502) return false
  return /\b(?:helo|ehlo|host ?name)\b/i.test(text) && !/\bnot (?:supported|implemented|recogni)|\bun(?:recogni|known|supported)/i.test(text)
}

/**
 * Keyword in upper case -> parameters as sent. Empty when EHLO was refused. Lines whose code is not that of the reply, and the
 * first, which greets, are no extensions; a keyword given twice has the parameters of both.
 */
export function extensions(ehloLines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const [keyword, ...parameters] of extensionWords(ehloLines)) {
    // ehlo-keyword, RFC 5321 §4.1.1.1; "AUTH=LOGIN" is none, and authMechanisms() reads it
    if (keyword === undefined || !/^[A-Z0-9][A-Z0-9_-]*$/i.test(keyword)) continue
    const name = keyword.toUpperCase()
    const known = found.get(name)
    if (known) known.push(...parameters)
    else found.set(name, parameters)
  }
  return found
}

/** SASL mechanisms in upper case (RFC 4954 §3), also from the form "AUTH=PLAIN LOGIN" that old clients wanted. */
export function authMechanisms(ehloLines: readonly string[]): string[] {
  const found = new Set<string>()
  for (const [keyword = '', ...parameters] of extensionWords(ehloLines)) {
    const match = /^AUTH(?:$|=(.*)$)/is.exec(keyword)
    if (!match) continue
    for (const mechanism of [match[1] ?? '', ...parameters]) {
      // "AUTH =LOGIN" is seen too
      const name = mechanism.replace(/^=/, '').toUpperCase()
      if (name !== '') found.add(name)
    }
  }
  return [...found]
}

function extensionWords(ehloLines: readonly string[]): string[][] {
  const reply = parseSmtpReply(ehloLines)
  if (!positiveReply(reply)) return []
  return ehloLines.slice(1).map(parseSmtpLine).filter(({ code }) => code === reply.code)
    .map(({ text }) => text.split(/\s+/).filter(word => word !== ''))
}
