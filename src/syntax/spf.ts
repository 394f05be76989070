/**
 * SPF records (RFC 7208): who may send mail as a domain, as a TXT record "v=spf1 ip4:192.0.2.0/24 include:... -all".
 * Terms are read left to right. A mechanism that matches the client ends it with its qualifier's result: + pass, - fail,
 * ~ softfail, ? neutral. Modifiers (NAME=VALUE) stand apart; "redirect" hands over to another domain's record.
 * A syntax error anywhere makes the whole record a permerror (§4.6), so every term is read, also those after "all".
 */
import { addressOctets } from './address.ts'
import { formatMacroString, parseMacroString, type MacroString } from './spf-macro.ts'
import { maxText } from './tags.ts'

export type Qualifier = '+' | '-' | '~' | '?'

interface Placed {
  /** As written. */
  readonly text: string
  /** 0-based offset in the record. */
  readonly at: number
}

export interface AllMechanism extends Placed { readonly kind: 'all'; readonly qualifier: Qualifier }
export interface IncludeMechanism extends Placed { readonly kind: 'include'; readonly qualifier: Qualifier; readonly domain: MacroString }
export interface ExistsMechanism extends Placed { readonly kind: 'exists'; readonly qualifier: Qualifier; readonly domain: MacroString }
export interface HostMechanism extends Placed {
  readonly kind: 'a' | 'mx'
  readonly qualifier: Qualifier
  /** Null: the current domain. */
  readonly domain: MacroString | null
  /** Bits that must agree, for an IPv4 and for an IPv6 client. */
  readonly prefix4: number
  readonly prefix6: number
}
export interface PtrMechanism extends Placed { readonly kind: 'ptr'; readonly qualifier: Qualifier; readonly domain: MacroString | null }
export interface NetworkMechanism extends Placed {
  readonly kind: 'ip4' | 'ip6'
  readonly qualifier: Qualifier
  /** The address as written. */
  readonly address: string
  /** The same, 4 or 16 of them. */
  readonly octets: Uint8Array
  readonly prefix: number
}
export interface DomainModifier extends Placed { readonly kind: 'redirect' | 'exp'; readonly domain: MacroString }
/** Legal and without effect (§6). */
export interface UnknownModifier extends Placed { readonly kind: 'unknown'; readonly name: string; readonly value: MacroString }

export type SpfMechanism =
  | AllMechanism | IncludeMechanism | ExistsMechanism | HostMechanism | PtrMechanism | NetworkMechanism
export type SpfModifier = DomainModifier | UnknownModifier
export type SpfTerm = SpfMechanism | SpfModifier

/** What can be wrong with a term, in words that end a sentence. */
export const spfProblems = {
  'unknown-mechanism': 'there is no such mechanism',
  'missing-argument': 'it needs a value',
  'surplus-argument': 'nothing may follow the name',
  'colon-modifier': 'it is written with "=", not with ":"',
  'bad-domain': 'this is no domain name',
  'address-as-domain': 'an address is written with ip4: or ip6:',
  'bad-macro': '"%" must begin a macro in braces, or be doubled',
  'bad-macro-letter': 'there is no such macro letter here (s l o d i p h v)',
  'bad-ip4': 'this is no IPv4 address',
  'bad-ip6': 'this is no IPv6 address',
  'wrong-family': 'ip4 takes IPv4 addresses, ip6 takes IPv6 addresses',
  'bad-prefix-length': 'the prefix length is 0 to 32 for IPv4 and 0 to 128 for IPv6, without leading zeros',
  'repeated-modifier': 'it may stand only once',
  'bad-character': 'a record holds printable ASCII characters only',
  'too-long': 'the record is longer than any TXT record can be',
} as const
export type SpfProblemCode = keyof typeof spfProblems

export interface SpfProblem {
  readonly code: SpfProblemCode
  /** The term as written. */
  readonly term: string
  /** 0-based offset of the term in the record. */
  readonly at: number
}

export function describeProblem({ at, term, code }: SpfProblem): string {
  return `syntax error at column ${at + 1}, "${term}": ${spfProblems[code]}`
}

export interface SpfRecord {
  /** The terms that are well-formed, in order. */
  readonly terms: readonly SpfTerm[]
  /** Any at all: evaluation gives permerror (§4.6). */
  readonly problems: readonly SpfProblem[]
}

const version = 'v=spf1'

/** §4.5: exactly "v=spf1", or that and a space; in any case. Any other TXT is no SPF record. */
export function isSpf(text: string): boolean {
  const head = text.slice(0, version.length).toLowerCase()
  return head === version && (text.length === version.length || text.charAt(version.length) === ' ')
}

/** Reads what follows the version of a record (`isSpf`). Never throws: a term that cannot be read is a problem, the others stand. */
export function parseSpf(text: string): SpfRecord {
  if (text.length > maxText) return { terms: [], problems: [{ code: 'too-long', term: '', at: 0 }] }
  const terms: SpfTerm[] = []
  const problems: SpfProblem[] = []
  const once: string[] = []
  let end = version.length
  for (let at = end; at < text.length; at = end + 1) {
    const space = text.indexOf(' ', at)
    end = space < 0 ? text.length : space
    if (end === at) continue
    const term = text.slice(at, end)
    const read = parseTerm(term)
    if (typeof read === 'string') {
      problems.push({ code: read, term, at })
      continue
    }
    if (read.kind === 'redirect' || read.kind === 'exp') {
      if (once.includes(read.kind)) problems.push({ code: 'repeated-modifier', term, at }) // §6
      once.push(read.kind)
    }
    const placed = read as SpfTerm & { text: string; at: number }
    placed.text = term // a spread takes ten times as long
    placed.at = at
    terms.push(placed)
  }
  return { terms, problems }
}

export function formatSpf(terms: readonly Written<SpfTerm>[]): string {
  return [version, ...terms.map(formatTerm)].join(' ')
}

export function formatTerm(term: Written<SpfTerm>): string {
  switch (term.kind) {
    case 'redirect':
    case 'exp':
      return `${term.kind}=${formatMacroString(term.domain)}`
    case 'unknown':
      return `${term.name}=${formatMacroString(term.value)}`
    case 'all':
      return `${sign(term.qualifier)}all`
    case 'ip4':
    case 'ip6':
      return `${sign(term.qualifier)}${term.kind}:${term.address}${term.prefix === widest[term.kind] ? '' : `/${term.prefix}`}`
    case 'a':
    case 'mx':
      return `${sign(term.qualifier)}${term.kind}${argument(term.domain)}${term.prefix4 === 32 ? '' : `/${term.prefix4}`}` +
        (term.prefix6 === 128 ? '' : `//${term.prefix6}`)
    case 'include':
    case 'exists':
    case 'ptr':
      return `${sign(term.qualifier)}${term.kind}${argument(term.domain)}`
  }
}

export function isMechanism(term: SpfTerm): term is SpfMechanism {
  return term.kind !== 'redirect' && term.kind !== 'exp' && term.kind !== 'unknown'
}

type Unplaced<T> = T extends Placed ? Omit<T, keyof Placed> : never
/** What makes the text of a term. */
type Written<T> = T extends Placed ? Omit<T, keyof Placed | 'octets'> : never

const widest = { ip4: 32, ip6: 128 } as const

function sign(qualifier: Qualifier): string {
  return qualifier === '+' ? '' : qualifier
}

function argument(domain: MacroString | null): string {
  return domain === null ? '' : `:${formatMacroString(domain)}`
}

function parseTerm(term: string): Unplaced<SpfTerm> | SpfProblemCode {
  let equals = false
  for (let at = 0; at < term.length; at++) {
    const code = term.charCodeAt(at)
    if (code < 0x21 || code > 0x7e) return 'bad-character'
    equals ||= code === 0x3d
  }
  // §4.6.1: what has "=" right after a name is a modifier.
  const modifier = equals ? /^([A-Za-z][A-Za-z0-9._-]*)=([^]*)$/.exec(term) : null
  if (modifier) return parseModifier(modifier[1] ?? '', modifier[2] ?? '')
  const sign = term.charAt(0)
  const qualified = isQualifier(sign)
  const start = qualified ? 1 : 0
  let end = start
  while (isAlphanumeric(term.charCodeAt(end))) end++
  return parseMechanism(qualified ? sign : '+', term.slice(start, end).toLowerCase(), term.slice(end))
}

function parseModifier(name: string, value: string): Unplaced<SpfModifier> | SpfProblemCode {
  const kind = name.toLowerCase()
  if (kind === 'redirect' || kind === 'exp') {
    const domain = parseDomain(value)
    return typeof domain === 'string' ? domain : { kind, domain }
  }
  // c, r and t mean nothing here, but the grammar of a modifier that nobody knows allows them.
  const parts = parseMacroString(value, { explanation: true })
  return 'code' in parts ? parts.code : { kind: 'unknown', name, value: parts }
}

function parseMechanism(qualifier: Qualifier, name: string, rest: string): Unplaced<SpfMechanism> | SpfProblemCode {
  switch (name) {
    case 'all':
      return rest === '' ? { kind: 'all', qualifier } : 'surplus-argument'
    case 'include':
    case 'exists': {
      const domain = rest.startsWith(':') ? parseDomain(rest.slice(1)) : rest === '' ? 'missing-argument' : 'bad-domain'
      return typeof domain === 'string' ? domain : { kind: name, qualifier, domain }
    }
    case 'ptr': {
      if (rest === '') return { kind: 'ptr', qualifier, domain: null }
      const domain = rest.startsWith(':') ? parseDomain(rest.slice(1)) : 'surplus-argument'
      return typeof domain === 'string' ? domain : { kind: 'ptr', qualifier, domain }
    }
    case 'a':
    case 'mx':
      return parseHost(name, qualifier, rest)
    case 'ip4':
    case 'ip6':
      return rest.startsWith(':') ? parseNetwork(name, qualifier, rest.slice(1)) : rest === '' ? 'missing-argument' : `bad-${name}`
    case 'redirect':
    case 'exp':
      return rest.startsWith(':') ? 'colon-modifier' : 'unknown-mechanism'
    default:
      return 'unknown-mechanism'
  }
}

/** §5.3, §5.4: [ ":" domain-spec ] [ dual-cidr-length ]; the domain may hold slashes itself, so the lengths are taken off the end. */
function parseHost(kind: 'a' | 'mx', qualifier: Qualifier, rest: string): Unplaced<HostMechanism> | SpfProblemCode {
  if (rest === '') return { kind, qualifier, domain: null, prefix4: 32, prefix6: 128 }
  if (!/^[:/]/.test(rest)) return 'unknown-mechanism'
  const lengths = /(?:\/(\d{1,9}))?(?:\/\/(\d{1,9}))?$/.exec(rest)
  const prefix4 = prefixLength(lengths?.[1], 32)
  const prefix6 = prefixLength(lengths?.[2], 128)
  if (prefix4 === null || prefix6 === null) return 'bad-prefix-length'
  const before = rest.slice(0, lengths?.index)
  if (before === '') return { kind, qualifier, domain: null, prefix4, prefix6 }
  if (!before.startsWith(':')) return 'bad-prefix-length'
  const domain = parseDomain(before.slice(1))
  return typeof domain === 'string' ? domain : { kind, qualifier, domain, prefix4, prefix6 }
}

/** §5.6 */
function parseNetwork(kind: 'ip4' | 'ip6', qualifier: Qualifier, text: string): Unplaced<NetworkMechanism> | SpfProblemCode {
  if (text === '') return 'missing-argument'
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const octets = addressOctets(address)
  if (!octets) return `bad-${kind}`
  if ((octets.length === 4) !== (kind === 'ip4')) return 'wrong-family'
  const prefix = prefixLength(slash < 0 ? undefined : text.slice(slash + 1), widest[kind])
  return prefix === null ? 'bad-prefix-length' : { kind, qualifier, address, octets, prefix }
}

/** Null when it is none: digits without leading zeros, up to the limit. */
function prefixLength(digits: string | undefined, limit: number): number | null {
  if (digits === undefined) return limit
  let length = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9 || (at > 0 && length === 0)) return null
    length = length * 10 + digit
    if (length > limit) return null
  }
  return digits === '' ? null : length
}

/** §7.1: a macro-string that ends in a macro, or in a dot and a top label. */
function parseDomain(text: string): MacroString | SpfProblemCode {
  if (text === '') return 'missing-argument'
  const parts = parseMacroString(text)
  if ('code' in parts) return parts.code
  const last = parts.at(-1)
  if (last && (!('literal' in last) || endsInTopLabel(last.literal))) return parts
  return addressOctets(text.replace(/\/\d{1,3}$/, '')) ? 'address-as-domain' : 'bad-domain'
}

function endsInTopLabel(literal: string): boolean {
  const text = literal.endsWith('.') ? literal.slice(0, -1) : literal
  const dot = text.lastIndexOf('.')
  if (dot < 0) return false
  const label = text.slice(dot + 1)
  if (!/^[A-Za-z0-9-]+$/.test(label) || label.startsWith('-') || label.endsWith('-')) return false
  return /[A-Za-z-]/.test(label)
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)
}

function isQualifier(text: string | undefined): text is Qualifier {
  return text === '+' || text === '-' || text === '~' || text === '?'
}
