/**
 * SPF macros (RFC 7208 §7): a domain in an SPF term may hold places that are filled in for each message, such as
 * "%{i}" for the client's address in "exists:%{i}._spf.example.com". A macro is a letter, how many right-hand parts to
 * keep, "r" to reverse them, and the characters to split at: "%{l2r-}". "%%", "%_" and "%-" stand for "%", " " and "%20".
 */
import { formatLabels, maxLabel } from './name.ts'

/** s sender, l its local part, o its domain, d current domain, i address, p validated name, v "in-addr" or "ip6", h HELO. */
export type MacroLetter = 's' | 'l' | 'o' | 'd' | 'i' | 'p' | 'v' | 'h' | 'c' | 'r' | 't'

export type MacroPart =
  | { readonly literal: string }
  | { readonly escape: '%' | '_' | '-' }
  | {
    readonly letter: MacroLetter
    /** Upper-case letter: the value is URL-escaped (§7.3). */
    readonly urlEscape: boolean
    /** Right-hand parts to keep; null for all. */
    readonly keep: number | null
    readonly reverse: boolean
    /** Characters to split at; '' for the dot. */
    readonly delimiters: string
  }

export type MacroString = readonly MacroPart[]
export type MacroValues = Readonly<Partial<Record<MacroLetter, string>>>

export type MacroProblemCode = 'bad-macro' | 'bad-macro-letter' | 'bad-character'
export interface MacroProblem {
  readonly code: MacroProblemCode
  /** 0-based offset in the macro string. */
  readonly at: number
}

/** No name has more labels, so no count above this means anything else (§7.3). */
const maxKeep = 128

/**
 * Reads a macro-string of §7.1. `explanation` allows what only the text that `exp` points to may hold: spaces, and the
 * letters c, r and t (§7.2).
 */
export function parseMacroString(text: string, { explanation = false } = {}): MacroString | MacroProblem {
  const parts: MacroPart[] = []
  const macro = /%(?:([%_-])|\{([A-Za-z])(\d*)([rR]?)([.+,/_=-]*)\})/y
  const literal = explanation ? /[\x20-\x24\x26-\x7e]+/y : /[\x21-\x24\x26-\x7e]+/y
  for (let at = 0; at < text.length;) {
    literal.lastIndex = at
    const plain = literal.exec(text)?.[0]
    if (plain !== undefined) {
      parts.push({ literal: plain })
      at += plain.length
      continue
    }
    if (text.charAt(at) !== '%') return { code: 'bad-character', at }
    macro.lastIndex = at
    const found = macro.exec(text)
    if (!found) return { code: 'bad-macro', at }
    const [whole, escape, letter, digits = '', reverse, delimiters = ''] = found
    at += whole.length
    if (isEscape(escape)) parts.push({ escape })
    else {
      const folded = letter?.toLowerCase()
      const keep = digits === '' ? null : Math.min(Number(digits), maxKeep)
      if (!isLetter(folded) || (!explanation && 'crt'.includes(folded))) return { code: 'bad-macro-letter', at: at - whole.length }
      if (keep === 0) return { code: 'bad-macro', at: at - whole.length } // §7.3: a count must not be zero
      parts.push({ letter: folded, urlEscape: letter !== folded, keep, reverse: reverse !== '', delimiters })
    }
  }
  return parts
}

export function formatMacroString(parts: MacroString): string {
  return parts.map(part => {
    if ('literal' in part) return part.literal
    if ('escape' in part) return `%${part.escape}`
    const letter = part.urlEscape ? part.letter.toUpperCase() : part.letter
    return `%{${letter}${part.keep ?? ''}${part.reverse ? 'r' : ''}${part.delimiters}}`
  }).join('')
}

/** §7.3, §7.4. Null when it needs a value that is not given: it can only be known for a message. */
export function expandMacros(parts: MacroString, values: MacroValues): string | null {
  let text = ''
  for (const part of parts) {
    if ('literal' in part) text += part.literal
    else if ('escape' in part) text += part.escape === '%' ? '%' : part.escape === '_' ? ' ' : '%20'
    else {
      const value = values[part.letter]
      if (value === undefined) return null
      text += transform(value, part)
    }
  }
  return text
}

export type TargetName =
  | { readonly name: string }
  /** It depends on the message. */
  | { readonly runtime: true }
  /** What comes out cannot be a domain name (empty or overlong labels): RFC 7208 §4.3 and §4.8 ask nothing for it. */
  | { readonly malformed: string }

/** The <target-name> of §4.8: expanded, cut from the left to 253 characters (§7.3), in our spelling of names. */
export function targetName(parts: MacroString, values: MacroValues): TargetName {
  const expanded = expandMacros(parts, values)
  if (expanded === null) return { runtime: true }
  const target = cutName(expanded)
  return target === null ? { malformed: expanded } : { name: target.name }
}

/** A domain name as %{d} expands to it, and as it is asked for. */
export interface SpfDomain {
  /** Without final dot, its letters in the case they came in. */
  readonly text: string
  readonly name: string
}

/** §7.3: a text as a domain name, labels taken off the left until 253 characters are left; null when it cannot be one. */
export function cutName(expanded: string): SpfDomain | null {
  const text = expanded.endsWith('.') ? expanded.slice(0, -1) : expanded
  if (isPlainName(text)) return { text, name: text.toLowerCase() }
  const labels = text.split('.')
  let length = text.length
  let first = 0
  for (; length > 253 && first < labels.length - 1; first++) length -= (labels[first]?.length ?? 0) + 1
  const kept = labels.slice(first)
  if (length > 253 || kept.some(label => label === '' || label.length > maxLabel)) return null
  return { text: kept.join('.'), name: formatLabels(kept) }
}

/** Short enough, and of labels of letters, digits, hyphens and underscores: as almost every name is. */
function isPlainName(text: string): boolean {
  if (text.length > 253) return false
  let label = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x2e) {
      if (label === 0) return false
      label = 0
    } else {
      const letter = code | 0x20
      if (!((letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f)) return false
      if (++label > maxLabel) return false
    }
  }
  return label > 0
}

function transform(value: string, { delimiters, keep, reverse, urlEscape }: Extract<MacroPart, { letter: MacroLetter }>): string {
  const separators = delimiters === '' ? '.' : delimiters
  let parts: string[] = []
  let start = 0
  for (let at = 0; at <= value.length; at++) {
    if (at < value.length && !separators.includes(value.charAt(at))) continue
    parts.push(value.slice(start, at))
    start = at + 1
  }
  if (reverse) parts = parts.toReversed()
  const text = (keep === null ? parts : parts.slice(-keep)).join('.')
  // RFC 3986 §2.3: everything but the unreserved characters, octet by octet.
  return urlEscape
    ? text.replace(/[^A-Za-z0-9._~-]/g, octet => `%${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
    : text
}

function isEscape(character: string | undefined): character is '%' | '_' | '-' {
  return character === '%' || character === '_' || character === '-'
}

function isLetter(letter: string | undefined): letter is MacroLetter {
  return letter !== undefined && letter.length === 1 && 'slodipvhcrt'.includes(letter)
}
