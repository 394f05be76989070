/**
 * DKIM key records (RFC 6376 §3.6.1, RFC 8301, RFC 8463): the public key that checks a signature, as a TXT record at
 * SELECTOR._domainkey.DOMAIN: "v=DKIM1; k=rsa; p=MIGf...". v and k may be left out; an empty p revokes the key.
 * p is base64, in which white space means nothing: for RSA a SubjectPublicKeyInfo or a bare RSAPublicKey, for ed25519
 * the 32 octets of the key themselves.
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { parseTags, tagOf, type Tag, type TagList } from './tags.ts'

/** Why verifiers discard or cannot use the record as a whole. */
export type DkimRecordProblemCode =
  | 'bad-version' | 'version-not-first' | 'missing-key' | 'duplicate-tag' | 'malformed-tag' | 'bad-character' | 'escaped' | 'quoted' | 'too-long'

/** Why p= yields no key. */
export type DkimKeyProblemCode =
  | 'not-base64' | 'quoted' | 'escaped' | 'truncated' | 'not-a-key' | 'other-algorithm' | 'wrong-length' | 'wrapped' | 'too-long'

export interface DkimProblem<C extends string = string> {
  readonly code: C
  /** The tag, or what stands in its place. */
  readonly tag: string
  /** 0-based offset in the text. */
  readonly at: number
}

export type DkimPublicKey =
  | {
    readonly type: 'rsa'
    /** Of the modulus. */
    readonly bits: number
    /** Decimal. */
    readonly exponent: string
    /** Hexadecimal, big-endian. */
    readonly modulus: string
    readonly encoding: 'spki' | 'pkcs1'
  }
  | { readonly type: 'ed25519'; /** Octets in hexadecimal. */ readonly point: string }

export interface DkimRecord {
  readonly tags: readonly Tag[]
  /** `k=`, lower case as written; rsa when absent. */
  readonly keyType: string
  /** `h=`; null for all. */
  readonly hashes: readonly string[] | null
  /** `s=`; `*` when absent. */
  readonly services: readonly string[]
  /** `t=`: y testing, s no subdomains. */
  readonly flags: readonly string[]
  readonly notes: string | null
  /** p= is there and empty. */
  readonly revoked: boolean
  /** Null when revoked, absent, undecodable, or of a type that nobody defined. */
  readonly key: DkimPublicKey | null
  readonly problems: readonly DkimProblem<DkimRecordProblemCode>[]
  readonly keyProblem: DkimProblem<DkimKeyProblemCode> | null
}

/** Base64 of a 16,384-bit RSA key is 2,800 characters; nothing that is longer is a key. */
const maxKeyText = 16_384

/** Does the text mean to be a DKIM key? What a wildcard or another use of TXT puts at a selector is none. */
export function resemblesDkim(text: string): boolean {
  return /(?:^|[;"\s\\])(?:v[ \t]*=[ \t]*DKIM1|p[ \t]*=)/i.test(text.slice(0, maxKeyText))
}

/** SHA-256 in hexadecimal of what makes a key out, however it is encoded: the modulus, or the point. */
export function keyFingerprint(key: DkimPublicKey): string {
  return createHash('sha256').update(key.type === 'rsa' ? key.modulus : key.point).digest('hex')
}

/** Reads a key record. Never throws. */
export function parseDkim(text: string): DkimRecord {
  const list = parseTags(text)
  const keyType = (tagOf(list, 'k')?.value ?? 'rsa').toLowerCase()
  const published = tagOf(list, 'p')
  const revoked = published?.value === ''
  const decoded = published && !revoked ? decodeKey(keyType, published) : null
  return {
    tags: list.tags,
    keyType,
    hashes: valuesOf(tagOf(list, 'h')),
    services: valuesOf(tagOf(list, 's')) ?? ['*'],
    flags: valuesOf(tagOf(list, 't')) ?? [],
    notes: tagOf(list, 'n')?.value ?? null,
    revoked,
    key: decoded && 'type' in decoded ? decoded : null,
    problems: recordProblems(text, list, published),
    keyProblem: decoded && 'code' in decoded ? decoded : null,
  }
}

function recordProblems(text: string, list: TagList, published: Tag | undefined): DkimProblem<DkimRecordProblemCode>[] {
  // One cause, one problem: what a control panel did to the whole text explains all that follows from it.
  const backslash = /\\[;"]/.exec(text)
  if (backslash) return [{ code: 'escaped', tag: backslash[0], at: backslash.index }]
  if (/^[\s]*["']/.test(text)) return [{ code: 'quoted', tag: text.trimStart().charAt(0), at: text.search(/["']/) }]
  const problems: DkimProblem<DkimRecordProblemCode>[] = []
  const version = tagOf(list, 'v')
  if (version) {
    if (version.value !== 'DKIM1') problems.push({ code: 'bad-version', tag: `v=${version.value}`, at: version.valueAt })
    else if (version !== list.tags[0]) problems.push({ code: 'version-not-first', tag: 'v', at: version.at })
  }
  for (const { code, tag, at } of list.problems) {
    if (code !== 'empty-tag') problems.push({ code, tag, at }) // harmless: every verifier reads on
  }
  if (!published && !problems.some(({ code }) => code === 'too-long')) problems.push({ code: 'missing-key', tag: 'p', at: 0 })
  return problems
}

function decodeKey(keyType: string, tag: Tag): DkimPublicKey | DkimProblem<DkimKeyProblemCode> | null {
  const problem = (code: DkimKeyProblemCode, offset = 0): DkimProblem<DkimKeyProblemCode> =>
    ({ code, tag: 'p', at: tag.valueAt + offset })
  const { value } = tag
  if (value.length > maxKeyText) return problem('too-long')
  const stranger = value.search(/[^A-Za-z0-9+/=\s]/)
  if (stranger >= 0) {
    const character = value.charAt(stranger)
    return problem(character === '"' || character === "'" ? 'quoted' : character === '\\' ? 'escaped' : 'not-base64', stranger)
  }
  const base64 = value.replace(/\s+/g, '')
  const padding = base64.indexOf('=')
  const digits = padding < 0 ? base64 : base64.slice(0, padding)
  if (padding >= 0 && !/^={1,2}$/.test(base64.slice(padding))) return problem('not-base64', value.indexOf('='))
  // Four digits carry three octets; a single one left over carries none, so something was cut off.
  if (digits.length % 4 === 1) return problem('truncated')
  const octets = Buffer.from(digits, 'base64')
  if (keyType === 'rsa') return decodeRsa(octets, problem)
  if (keyType === 'ed25519') return decodeEd25519(octets, problem)
  return null // §3.6.1: a type that nobody knows is for dkim/key-usable to report
}

type MakeProblem = (code: DkimKeyProblemCode) => DkimProblem<DkimKeyProblemCode>

function decodeRsa(octets: Buffer, problem: MakeProblem): DkimPublicKey | DkimProblem<DkimKeyProblemCode> {
  const announced = sequenceLength(octets)
  if (announced === null) return problem('not-a-key')
  if (announced > octets.length) return problem('truncated')
  for (const encoding of ['spki', 'pkcs1'] as const) {
    const key = importKey(octets, encoding)
    if (!key) continue
    if (key.asymmetricKeyType !== 'rsa') return problem('other-algorithm')
    const { n, e } = key.export({ format: 'jwk' })
    const modulus = Buffer.from(n ?? '', 'base64url').toString('hex').replace(/^(?:00)+/, '')
    const exponent = BigInt(`0x${Buffer.from(e ?? '', 'base64url').toString('hex') || '0'}`)
    return { type: 'rsa', bits: key.asymmetricKeyDetails?.modulusLength ?? 0, exponent: String(exponent), modulus, encoding }
  }
  return problem('not-a-key')
}

function decodeEd25519(octets: Buffer, problem: MakeProblem): DkimPublicKey | DkimProblem<DkimKeyProblemCode> {
  if (octets.length === 32) return { type: 'ed25519', point: octets.toString('hex') } // RFC 8463 §4.2
  if (sequenceLength(octets) !== null && importKey(octets, 'spki')?.asymmetricKeyType === 'ed25519') return problem('wrapped')
  return problem('wrong-length')
}

function importKey(octets: Buffer, type: 'spki' | 'pkcs1'): KeyObject | null {
  try {
    return createPublicKey({ key: octets, format: 'der', type })
  } catch {
    return null
  }
}

/** Octets that the outer SEQUENCE says there are, its header included; null when it is none (X.690 §8.1.3). */
function sequenceLength(octets: Buffer): number | null {
  if (octets[0] !== 0x30) return null
  const first = octets[1] ?? 0
  if (first < 0x80) return 2 + first
  const size = first & 0x7f
  if (size === 0 || size > 4) return null
  if (octets.length < 2 + size) return 2 + size
  return 2 + size + octets.readUIntBE(2, size)
}

/** Colon-separated, with white space round each value (§3.6.1). */
function valuesOf(tag: Tag | undefined): readonly string[] | null {
  return tag ? tag.value.split(':').map(value => value.trim().toLowerCase()).filter(Boolean) : null
}
