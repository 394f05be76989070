/**
 * The small notations that transcripts and cassettes share: escaped octets, words and quoted words, and the line that
 * says how something failed: `* timeout connect-timeout "no answer within 10 s"`.
 */
import { reasons } from '../reasons.ts'
import type { Reason } from '../reasons.ts'
import type { ExtendedError, Failure, FailureEvent } from './network.ts'

/** How every cassette begins; the number grows when the meaning of a line changes. */
export const firstLine = 'mailcheck cassette 1'

/** What stands in front of every line that tells what happened, rather than what was said. */
export const mark = '* '

const failureEvents: ReadonlySet<string> = new Set<FailureEvent>([
  'timeout', 'refused', 'unreachable', 'closed', 'too-long', 'handshake', 'rcode', 'malformed', 'unavailable',
])

/** Printable ASCII stays; everything else, and the backslash, is escaped: `\\`, `\xHH`, `\u{HHHH}`. */
export function escapeText(text: string): string {
  return text.replace(/[^\x20-\x5b\x5d-\x7e]/gu, char => {
    if (char === '\\') return '\\\\'
    const code = char.codePointAt(0) ?? 0
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** The inverse; an unknown escape stands for itself. */
export function unescapeText(text: string): string {
  return text.replace(/\\(?:\\|"|x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\})/gi, (all, octet?: string, point?: string) => {
    const hex = octet ?? point
    if (hex === undefined) return all.slice(1)
    const code = parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}

/** A word as it is, or in quotes when it holds a space or anything else that would end it. */
export function formatWord(word: string): string {
  return /^[!#-<>-[\]-~]+$/.test(word) ? word : `"${escapeText(word).replaceAll('"', '\\"')}"`
}

/** A word of a line; `key` is set for `key=value`. Quotes and escapes are gone. */
export interface Word {
  readonly key: string | null
  readonly text: string
  readonly quoted: boolean
}

const wordPattern = /(?:([a-z-]+)=)?(?:"((?:[^"\\]|\\[^])*)"|([^\s"]+))(?=\s|$)\s*/gy

/** Parts a line into words; null when a quote does not end, or stands inside a word. */
export function parseWords(line: string): Word[] | null {
  const words: Word[] = []
  const text = line.trim()
  wordPattern.lastIndex = 0
  while (wordPattern.lastIndex < text.length) {
    const match = wordPattern.exec(text)
    if (!match) return null
    const [, key = null, quoted, bare] = match
    words.push({ key, text: quoted === undefined ? bare ?? '' : unescapeText(quoted), quoted: quoted !== undefined })
  }
  return words
}

/** A number of milliseconds, octets and so on; null when it is none. */
export function parseNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}(?:\.\d{1,20})?$/.test(text) ? Number(text) : null
}

export function isFailureEvent(word: string): word is FailureEvent {
  return failureEvents.has(word)
}

/** `rcode dns-servfail "192.0.2.53:53 answers SERVFAIL" ede="23:Network Error" resolvers=1/2` (so many of so many said SERVFAIL) */
export function formatFailure({ event, reason, detail, extendedErrors, resolvers }: Failure): string {
  const words = [event, reason, `"${escapeText(detail).replaceAll('"', '\\"')}"`, ...formatExtendedErrors(extendedErrors ?? [])]
  return [...words, ...(resolvers ? [`resolvers=${resolvers.servfail}/${resolvers.asked}`] : [])].join(' ')
}

/** What a failure line leaves out is filled in from `fallback`; null when the words are no failure. */
export function parseFailure(words: readonly Word[], fallback: (event: FailureEvent) => Omit<Failure, 'event'>): Failure | null {
  const [first, ...rest] = words
  const event = first?.text === 'no-route' ? 'unreachable' : first?.text ?? ''
  if (!first || first.quoted || first.key !== null || !isFailureEvent(event)) return null
  let { reason, detail } = fallback(event)
  const extendedErrors: ExtendedError[] = []
  let resolvers: Failure['resolvers']
  for (const word of rest) {
    const [, servfail, asked] = word.key === 'resolvers' ? /^(\d{1,4})\/(\d{1,4})$/.exec(word.text) ?? [] : []
    if (servfail !== undefined) resolvers = { asked: Number(asked), servfail: Number(servfail) }
    else if (word.key === 'ede') extendedErrors.push(...parseExtendedError(word.text))
    else if (word.quoted) detail = word.text
    else if (Object.hasOwn(reasons, word.text)) reason = word.text as Reason
    else return null
  }
  return { event, reason, detail, ...(extendedErrors.length > 0 ? { extendedErrors } : {}), ...(resolvers ? { resolvers } : {}) }
}

/** RFC 8914: `ede="6:DNSSEC Bogus"`. */
export function formatExtendedErrors(errors: readonly ExtendedError[]): string[] {
  return errors.map(({ code, text }) => `ede="${code}:${escapeText(text).replaceAll('"', '\\"')}"`)
}

export function parseExtendedError(text: string): ExtendedError[] {
  const match = /^(\d{1,5}):([^]*)$/.exec(text)
  return match ? [{ code: Number(match[1]), text: match[2] ?? '' }] : []
}
