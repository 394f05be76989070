/**
 * DMARC policy records (RFC 9989 §4.7, §4.8; before it RFC 7489 §6.3): what receivers shall do with mail that claims to be
 * from a domain and proves it by neither SPF nor DKIM, as a TXT record at _dmarc.DOMAIN:
 * "v=DMARC1; p=reject; rua=mailto:dmarc@example.com". v comes first and is exactly DMARC1; the other tags come in any order.
 */
import { parseTags, type Tag, type TagList } from './tags.ts'
import { isUri } from './uri.ts'

export const policies = ['none', 'quarantine', 'reject'] as const
export type Policy = (typeof policies)[number]

/** A destination of reports (RFC 9989 §4.8). */
export interface ReportUri {
  /** As written, without the obsolete size. */
  readonly uri: string
  /** `10m`: the obsolete "!10m" (RFC 7489 §6.4), which reporters now ignore. */
  readonly size: string | null
  /** RFC 3986 syntax. */
  readonly valid: boolean
  readonly at: number
}

export const dmarcProblems = {
  'malformed-tag': 'this is no NAME=VALUE',
  'empty-value': 'the tag has no value',
  'bad-character': 'a tag holds printable ASCII characters only',
  'duplicate-tag': 'the tag stands twice',
  'missing-policy': 'there is no p tag',
  'bad-policy': 'the policies are none, quarantine and reject',
  'bad-value': 'this value is not defined for the tag',
  'bad-uri': 'this is no URI',
  'obsolete-tag': 'the tag was removed in RFC 9989',
  'obsolete-size': 'a size limit was removed in RFC 9989',
  'unknown-tag': 'there is no such tag',
  'policy-not-second': 'RFC 7489 wants p directly after v',
  'failure-options-unused': 'fo means nothing without ruf',
  'failure-options-contradict': '0 and 1 exclude each other',
  'too-long': 'the record is longer than any TXT record can be',
} as const
export type DmarcProblemCode = keyof typeof dmarcProblems

export interface DmarcProblem {
  readonly code: DmarcProblemCode
  /** Tag name in lower case, or what stands in its place. */
  readonly tag: string
  readonly value: string
  /** 0-based offset in the record. */
  readonly at: number
}

export interface DmarcRecord {
  readonly tags: readonly Tag[]
  /** Null when absent or not one of the three. */
  readonly p: Policy | null
  readonly sp: Policy | null
  readonly np: Policy | null
  readonly t: boolean
  readonly psd: 'y' | 'n' | 'u'
  readonly adkim: 'r' | 's'
  readonly aspf: 'r' | 's'
  readonly fo: readonly string[]
  readonly rua: readonly ReportUri[]
  readonly ruf: readonly ReportUri[]
  /** RFC 7489 §6.3, gone since; null when absent or no whole number up to 100. */
  readonly pct: number | null
  /**
   * What receivers make of it (RFC 9989 §4.10.1, RFC 7489 §6.6.3): `stated` as written, `none` as p=none because the
   * policy is missing or wrong but reports are asked for, `ignored` not at all.
   */
  readonly counts: RecordEffect
  /** The same by RFC 7489 alone, which knows no np. */
  readonly legacyCounts: RecordEffect
  readonly problems: readonly DmarcProblem[]
}

export type RecordEffect = 'stated' | 'none' | 'ignored'

/** RFC 9989 §4.8: dmarc-version, with the tag name in any case (RFC 5234 §2.3) and the value exactly so. */
export function isDmarc(text: string): boolean {
  return /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/.test(text)
}

export type NearDmarc = 'version-case' | 'version-late' | 'version-wrong'

/** Is this a record that was meant for DMARC and is none, and why? Null for what is one, and for what has nothing to do with it. */
export function nearDmarc(text: string): NearDmarc | null {
  if (text.length > 4096 || isDmarc(text)) return null
  if (/^v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/i.test(text)) return 'version-case'
  const [, before] = /^(.*?)(?:^|[;\s"'\\])v\s{0,9}=\s{0,9}DMARC/is.exec(text) ?? []
  if (before !== undefined) return before.includes('=') ? 'version-late' : 'version-wrong'
  return /^[\s"'\\]{0,9}(?:v?[=:]?\s?DMARC\s?1?\s?;|p\s?=\s?(?:none|quarantine|reject)\s?(?:;|$))/i.test(text) ? 'version-wrong' : null
}

/** Reads a record that `isDmarc`. Never throws: RFC 9989 §4.8 ignores what is wrong after v, and so do we, with a problem for each. */
export function parseDmarc(text: string): DmarcRecord {
  const list = lowerCaseNames(parseTags(text))
  const value = (name: string): string | undefined => list.tags.find(tag => tag.name === name)?.value.toLowerCase()
  const p = policyOf(value('p'))
  const sp = policyOf(value('sp'))
  const np = policyOf(value('np'))
  const rua = urisOf(list, 'rua')
  const ruf = urisOf(list, 'ruf')
  // RFC 6376 §3.2: a tag twice makes the list invalid, so nothing that it states can be relied upon.
  const twice = list.problems.some(({ code }) => code === 'duplicate-tag')
  const wrong = p === null || twice || (value('sp') !== undefined && sp === null)
  const amiss: RecordEffect = rua.some(({ valid }) => valid) ? 'none' : 'ignored'
  return {
    tags: list.tags,
    p, sp, np,
    t: value('t') === 'y',
    psd: value('psd') === 'y' ? 'y' : value('psd') === 'n' ? 'n' : 'u',
    adkim: value('adkim') === 's' ? 's' : 'r',
    aspf: value('aspf') === 's' ? 's' : 'r',
    fo: value('fo')?.split(':').map(option => option.trim()) ?? ['0'],
    rua, ruf,
    pct: percentOf(value('pct')),
    counts: wrong || (value('np') !== undefined && np === null) ? amiss : 'stated',
    legacyCounts: wrong ? amiss : 'stated',
    problems: problemsOf(list, rua, ruf),
  }
}

/** Values that RFC 9989 §4.8 allows, by tag. */
const allowed: Readonly<Record<string, RegExp>> = {
  t: /^[yn]$/i,
  psd: /^[ynu]$/i,
  adkim: /^[rs]$/i,
  aspf: /^[rs]$/i,
  fo: /^(?:[01ds])(?:[ \t]*:[ \t]*[01ds]){0,2}$/i,
}
const obsolete = ['pct', 'rf', 'ri']
/** The tags of RFC 9989 §4.7. */
export const dmarcTags: readonly string[] = ['v', 'p', 'sp', 'np', 'rua', 'ruf', ...Object.keys(allowed)]
const known = [...dmarcTags, ...obsolete]

function problemsOf(list: TagList, rua: readonly ReportUri[], ruf: readonly ReportUri[]): DmarcProblem[] {
  const problems: DmarcProblem[] = []
  const values = new Map(list.tags.map(({ at, value }) => [at, value]))
  for (const { code, tag, at } of list.problems) {
    if (code !== 'empty-tag') problems.push({ code, tag, value: values.get(at) ?? '', at }) // an extra semicolon harms nobody
  }
  for (const { name, value, at, valueAt } of list.tags) {
    const add = (code: DmarcProblemCode, offset = valueAt): unknown => problems.push({ code, tag: name, value, at: offset })
    if (name === 'p' || name === 'sp' || name === 'np') {
      if (policyOf(value) === null) add('bad-policy')
    } else if (!known.includes(name)) add('unknown-tag', at)
    else if (value === '') add('empty-value', at)
    else if (obsolete.includes(name)) add('obsolete-tag', at)
    else if (allowed[name]?.test(value) === false) add('bad-value')
    if (name === 'fo' && ruf.length === 0) add('failure-options-unused', at)
    else if (name === 'fo' && value.includes('0') && value.includes('1')) add('failure-options-contradict')
  }
  for (const [tag, uris] of [['rua', rua], ['ruf', ruf]] as const) {
    for (const { uri, size, valid, at } of uris) {
      if (!valid) problems.push({ code: 'bad-uri', tag, value: uri, at })
      if (size !== null) problems.push({ code: 'obsolete-size', tag, value: `!${size}`, at })
    }
  }
  const [, second] = list.tags
  const policy = list.tags.find(({ name }) => name === 'p')
  if (!policy) problems.push({ code: 'missing-policy', tag: 'p', value: '', at: 0 })
  else if (policy !== second) problems.push({ code: 'policy-not-second', tag: 'p', value: policy.value, at: policy.at })
  return problems.toSorted((a, b) => a.at - b.at)
}

/** Names are case-insensitive here (RFC 5234 §2.3), so "P=none; p=reject" is one tag twice. */
function lowerCaseNames({ tags, problems }: TagList): TagList {
  const seen = new Set<string>()
  const folded = tags.map(tag => ({ ...tag, name: tag.name.toLowerCase() }))
  const duplicates = folded.filter(({ name }) => seen.has(name) || !seen.add(name))
  return {
    tags: folded,
    problems: [
      ...problems.filter(({ code }) => code !== 'duplicate-tag'),
      ...duplicates.map(({ name, at }) => ({ code: 'duplicate-tag', tag: name, at }) as const),
    ],
  }
}

function policyOf(value: string | undefined): Policy | null {
  return policies.find(policy => policy === value?.toLowerCase()) ?? null
}

function percentOf(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,3}$/.test(value) && Number(value) <= 100 ? Number(value) : null
}

/** Commas part the URIs, so one within a URI has to be encoded (§4.6). */
function urisOf(list: TagList, name: string): ReportUri[] {
  const tag = list.tags.find(candidate => candidate.name === name)
  if (!tag || tag.value === '') return []
  let start = tag.valueAt
  return tag.value.split(',').map(piece => {
    const at = start + (piece.length - piece.trimStart().length)
    start += piece.length + 1
    const [, uri = piece.trim(), size = null] = /^([^!]*)!(\d{1,20}[kmgt]?)$/i.exec(piece.trim()) ?? []
    return { uri, size, valid: isUri(uri), at }
  })
}
