/**
 * POP3 replies (RFC 1939 §3): "+OK" or "-ERR", perhaps a code in brackets (RFC 2449 §8, 3206), and text. Some replies go on for
 * lines until one that is a lone "."; a line of theirs that begins with "." has another put before it. CAPA lists what the
 * server can do, a word and its parameters a line (RFC 2449 §5).
 */
import type { Reason } from '../reasons.ts'
import { asksToWait, blamesClient } from './refusal.ts'

export interface Pop3Status {
  /** Null: neither "+OK" nor "-ERR". */
  readonly ok: boolean | null
  /** `SYS/TEMP`, in upper case. */
  readonly code: string | null
  readonly text: string
}

export function parsePop3Status(line: string): Pop3Status {
  const [, sign, rest = ''] = /^(\+OK|-ERR)(?![A-Z0-9]) ?(.*)$/is.exec(line) ?? []
  if (sign === undefined) return { ok: null, code: null, text: line }
  const [, code, text] = /^\[([^\]\s]+)\] ?(.*)$/s.exec(rest) ?? []
  return { ok: sign.startsWith('+'), code: code?.toUpperCase() ?? null, text: text ?? rest }
}

export function isOk(line: string | undefined): boolean {
  return parsePop3Status(line ?? '').ok === true
}

/** The lines between the status and the final ".", with the dots that were put before theirs taken off. */
export function multilineData(lines: readonly string[]): string[] {
  const end = lines.indexOf('.', 1)
  return lines.slice(1, end < 0 ? undefined : end).map(line => (line.startsWith('.') ? line.slice(1) : line))
}

/** Keyword in upper case -> parameters as sent. Empty when CAPA was refused. */
export function pop3Capabilities(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  if (!isOk(lines[0])) return found
  for (const line of multilineData(lines)) {
    const [keyword, ...parameters] = line.split(/\s+/).filter(word => word !== '')
    if (keyword === undefined) continue
    const name = keyword.toUpperCase()
    const known = found.get(name)
    if (known) known.push(...parameters)
    else found.set(name, parameters)
  }
  return found
}

export interface Pop3Policy {
  /** Days (EXPIRE) or seconds (LOGIN-DELAY); null: there is no number that could be read. */
  readonly value: number | 'NEVER' | null
  /** It differs by person, and `value` is the worst case: the shortest stay, the longest delay (RFC 2449 §6.5, §6.7). */
  readonly perUser: boolean
}

/** The parameters of EXPIRE or LOGIN-DELAY; null when the capability is not announced. */
export function pop3Policy(parameters: readonly string[] | undefined): Pop3Policy | null {
  if (!parameters) return null
  const [first = '', ...rest] = parameters.map(word => word.toUpperCase())
  const value = first === 'NEVER' ? first : /^\d{1,9}$/.test(first) ? Number(first) : null
  return { value, perUser: first === 'USER' || rest.includes('USER') }
}

/** The timestamp that offers APOP, `<1896.697170952@mail.example.com>` (RFC 1939 §7); null: no APOP. */
export function apopTimestamp(greeting: string): string | null {
  return isOk(greeting) ? /<[^<>\s@]+@[^<>\s@]+>/.exec(greeting)?.[0] ?? null : null
}

/**
 * Why a refusal says nothing about the server: it may pass, or it is meant for us. Null: it speaks of the server, or there is
 * none. `server` is the address of the peer.
 */
export function pop3Refusal(lines: readonly string[], { server = '' } = {}): Reason | null {
  const { ok, code, text } = parsePop3Status(lines[0] ?? '')
  if (ok !== false) return null
  // RFC 3206 §4, RFC 2449 §8.1
  if (code === 'SYS/TEMP' || code === 'LOGIN-DELAY' || code === 'IN-USE') return 'rate-limited'
  if (asksToWait(text)) return 'rate-limited'
  return blamesClient(text, server) ? 'client-rejected' : null
}
