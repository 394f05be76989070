/**
 * DKIM-Signature header fields (RFC 6376 §3.5, RFC 8301, RFC 8463): who signed a message, over which fields, with which key:
 * "v=1; a=rsa-sha256; d=example.com; s=s1; h=from:to:subject; bh=...; b=...". A tag list that may be folded over lines. The
 * key is at s._domainkey.d; bh is the digest of the body, b the signature over the fields that h names and over this one.
 */
import { maxText, parseTags, tagOf, tagProblems, type Tag } from './tags.ts'

export const dkimSignatureProblems = {
  ...tagProblems,
  'too-long': 'this is longer than 64 KiB',
  'bad-folding': 'a line break must be followed by white space',
  'missing-tag': 'the tag must be there',
  'empty-value': 'the tag has no value',
  'bad-version': 'the version is 1',
  'unknown-algorithm': 'the algorithms are rsa-sha256 and ed25519-sha256',
  'obsolete-algorithm': 'verifiers no longer accept SHA-1 (RFC 8301)',
  'not-base64': 'this is no base64',
  'wrong-length': 'a SHA-256 digest has 32 octets, an ed25519 signature 64',
  'short-signature': 'it was made with an RSA key of fewer than 1024 bits, which verifiers do not accept (RFC 8301)',
  'unknown-canonicalization': 'the forms are simple and relaxed, for header and body: relaxed/simple',
  'bad-domain': 'this is no domain name',
  'bad-selector': 'this is no selector',
  'bad-header-name': 'this is no header field name',
  'from-not-signed': 'the From field must be signed',
  'bad-identity': 'this is no address (user@example.com, or @example.com)',
  'identity-outside': 'its domain must be the one in d, or one below it',
  'bad-number': 'this is a whole number',
  'body-length': 'what follows the first l octets of the body is not signed: anybody may append to it',
  'unknown-query': 'the only way to get a key is dns/txt',
  'expires-before-signed': 'a signature must not end before it begins',
  'unknown-tag': 'there is no such tag: it is ignored',
} as const
export type DkimSignatureProblemCode = keyof typeof dkimSignatureProblems

const notes: readonly DkimSignatureProblemCode[] = ['empty-tag', 'body-length', 'unknown-tag']

export interface DkimSignatureProblem {
  readonly code: DkimSignatureProblemCode
  /** The tag, or what stands in its place. */
  readonly tag: string
  /** 0-based offset in the text. */
  readonly at: number
}

export interface DkimSignature {
  readonly tags: readonly Tag[]
  /** `a`, lower case as written; null when absent. */
  readonly algorithm: string | null
  /** `d` and `s`, lower case; null when absent. */
  readonly domain: string | null
  readonly selector: string | null
  /** `i`; null when absent, which means `@d`. */
  readonly identity: string | null
  /** `h`, lower case, in order; a name may stand several times. */
  readonly headers: readonly string[]
  readonly headerForm: string
  readonly bodyForm: string
  /** Base64 without white space. */
  readonly bodyHash: string | null
  readonly signature: string | null
  /** Octets; null for the whole body. */
  readonly bodyLength: number | null
  /** `t` and `x`: seconds since 1970. */
  readonly signedAt: number | null
  readonly expiresAt: number | null
  /** In order of place. */
  readonly problems: readonly DkimSignatureProblem[]
  /** A verifier goes on to look for the key (§6.1.1): nothing but notes among the problems. */
  readonly valid: boolean
}

const required = ['v', 'a', 'b', 'bh', 'd', 'h', 's'] as const
const known: readonly string[] = [...required, 'c', 'i', 'l', 'q', 't', 'x', 'z']
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
/** RFC 5321 §4.1.2 sub-domains. Underscores are no part of them, but selectors and delegated names with one are at work. */
const subDomain = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
const domainName = new RegExp(`^(?:${subDomain}\\.)+${label}$`)
const selectorName = new RegExp(`^${subDomain}(?:\\.${subDomain})*$`)
/** A name in UTF-8 (RFC 8616): judged no further. */
const international = /^[^\x00-\x20\x7f]+$/

/** Reads the value of the field, or the whole field with its name. Never throws. */
export function parseDkimSignature(text: string): DkimSignature {
  const name = /^DKIM-Signature[ \t]*:/i.exec(text.slice(0, 100))?.[0] ?? ''
  const { tags, problems: listed } = parseTags(' '.repeat(name.length) + text.slice(name.length))
  const problems: DkimSignatureProblem[] = []
  const add = (code: DkimSignatureProblemCode, tag: string, at: number): unknown => problems.push({ code, tag, at })
  for (const problem of listed) {
    const tag = problem.code === 'bad-character' ? tags.find(({ name: tagName }) => tagName === problem.tag) : undefined
    // RFC 8616 §5 lets domains, selectors and identities be UTF-8.
    if (!tag || !['d', 's', 'i'].includes(tag.name) || /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(tag.value)) problems.push(problem)
  }
  const tagNamed = (tagName: string): Tag | undefined => tagOf({ tags, problems: listed }, tagName)
  const value = (tagName: string): string | null => tagNamed(tagName)?.value ?? null
  if (text.length <= maxText) {
    const broken = /\r?\n(?![ \t])|\r(?!\n)/.exec(text)
    if (broken) add('bad-folding', '', broken.index)
    for (const tagName of required) if (!tagNamed(tagName)) add('missing-tag', tagName, text.length)
    for (const tag of tags) {
      if (!known.includes(tag.name)) add('unknown-tag', tag.name, tag.at)
      // §3.5: i may be "@d", z may be anything; the others say something.
      else if (tag.value === '') add('empty-value', tag.name, tag.at)
      else rules[tag.name]?.(tag, value, (code, offset = 0) => add(code, tag.name, tag.valueAt + offset))
    }
  }
  const [headerForm = 'simple', bodyForm = 'simple'] = (value('c') ?? '').toLowerCase().split('/').filter(Boolean)
  return {
    tags, headerForm, bodyForm,
    algorithm: value('a')?.toLowerCase() ?? null,
    domain: value('d')?.toLowerCase() ?? null,
    selector: value('s')?.toLowerCase() ?? null,
    identity: value('i'),
    headers: namesOf(value('h') ?? '').map(header => header.name.toLowerCase()),
    bodyHash: value('bh')?.replace(/\s+/g, '') ?? null,
    signature: value('b')?.replace(/\s+/g, '') ?? null,
    bodyLength: numberOf(value('l')),
    signedAt: numberOf(value('t')),
    expiresAt: numberOf(value('x')),
    problems: problems.toSorted((a, b) => a.at - b.at),
    valid: problems.every(({ code }) => isDkimSignatureNote(code)),
  }
}

/** The signature can be verified in spite of it. */
export function isDkimSignatureNote(code: DkimSignatureProblemCode): boolean {
  return notes.includes(code)
}

type Complain = (code: DkimSignatureProblemCode, offset?: number) => unknown
type Rule = (tag: Tag, value: (name: string) => string | null, complain: Complain) => unknown

const rules: Readonly<Record<string, Rule>> = {
  v: (tag, _, complain) => tag.value === '1' || complain('bad-version'),
  a: (tag, _, complain) => {
    const algorithm = tag.value.toLowerCase()
    if (algorithm === 'rsa-sha1') complain('obsolete-algorithm')
    else if (algorithm !== 'rsa-sha256' && algorithm !== 'ed25519-sha256') complain('unknown-algorithm')
  },
  b: (tag, value, complain) => {
    const octets = base64Length(tag.value)
    if (octets === null) complain('not-base64', Math.max(0, tag.value.search(/[^A-Za-z0-9+/=\s]/)))
    else if (value('a')?.toLowerCase() === 'ed25519-sha256') {
      if (octets !== 64) complain('wrong-length') // RFC 8463 §3
    } else if (octets < 128) complain('short-signature') // a signature is as long as the modulus (RFC 8017 §8.2.1)
  },
  bh: (tag, value, complain) => {
    const octets = base64Length(tag.value)
    if (octets === null) complain('not-base64', Math.max(0, tag.value.search(/[^A-Za-z0-9+/=\s]/)))
    else if (/-sha256$/i.test(value('a') ?? '') && octets !== 32) complain('wrong-length')
  },
  c: (tag, _, complain) => /^(?:simple|relaxed)(?:\/(?:simple|relaxed))?$/i.test(tag.value) || complain('unknown-canonicalization'),
  d: (tag, _, complain) => isDomain(tag.value) || complain('bad-domain'),
  s: (tag, _, complain) => {
    const good = /[^\x00-\x7f]/.test(tag.value) ? international : selectorName
    return (tag.value.length <= 253 && good.test(tag.value)) || complain('bad-selector')
  },
  h: (tag, _, complain) => {
    const names = namesOf(tag.value)
    for (const { name, offset } of names) if (!/^[!-9;-~]+$/.test(name)) complain('bad-header-name', offset)
    if (!names.some(({ name }) => name.toLowerCase() === 'from')) complain('from-not-signed') // §5.4
  },
  i: (tag, value, complain) => {
    const at = tag.value.lastIndexOf('@')
    const domain = tag.value.slice(at + 1)
    if (at < 0 || !isDomain(domain)) return complain('bad-identity')
    // §3.5: the same as d or below it; §6.1.1 makes anything else a permanent failure.
    const signer = value('d')?.toLowerCase() ?? ''
    return domain.toLowerCase() === signer || domain.toLowerCase().endsWith(`.${signer}`) || complain('identity-outside', at + 1)
  },
  l: (tag, _, complain) => complain(/^\d{1,76}$/.test(tag.value) ? 'body-length' : 'bad-number'),
  q: (tag, _, complain) => tag.value.split(':').some(way => way.trim().toLowerCase() === 'dns/txt') || complain('unknown-query'),
  t: (tag, _, complain) => /^\d{1,12}$/.test(tag.value) || complain('bad-number'),
  x: (tag, value, complain) => {
    if (!/^\d{1,12}$/.test(tag.value)) return complain('bad-number')
    const signedAt = numberOf(value('t'))
    return signedAt === null || Number(tag.value) > signedAt || complain('expires-before-signed')
  },
}

function isDomain(text: string): boolean {
  if (text.length > 253) return false
  return /[^\x00-\x7f]/.test(text) ? international.test(text) && text.includes('.') : domainName.test(text)
}

/** Octets that base64 with white space stands for; null when it is none. */
function base64Length(text: string): number | null {
  const base64 = text.replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) return null
  return base64.length / 4 * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0)
}

/** Colon-separated, white space round each (§3.5). */
function namesOf(value: string): { name: string; offset: number }[] {
  let start = 0
  return value.split(':').map(piece => {
    const name = piece.trim()
    const offset = start + (name === '' ? 0 : piece.indexOf(name))
    start += piece.length + 1
    return { name, offset }
  })
}

function numberOf(value: string | null): number | null {
  return value !== null && /^\d{1,12}$/.test(value) ? Number(value) : null
}
