/**
 * BIMI assertion records (draft-brand-indicators-for-message-identification §4.3): which logo mailbox providers show beside a
 * domain's mail, as a TXT record at SELECTOR._bimi.DOMAIN, the selector being "default" unless a message says otherwise:
 * "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/mark.pem". l is an SVG file, a the certificate that proves the
 * right to it; both empty decline BIMI. Receivers mend nothing: case counts, also in tag names.
 */
import { parseTags, tagOf, tagProblems, type Tag } from './tags.ts'
import { hostOf, isFullName, isUri, schemeOf } from './uri.ts'

export const bimiProblems = {
  ...tagProblems,
  'bad-version': 'the version is BIMI1, exactly so',
  'version-not-first': 'the record must begin with v=BIMI1',
  'missing-location': 'there is no l tag',
  'bad-uri': 'this is no https: URI with a full host name',
  'several-uris': 'there may be one URI only, and a comma within it is written %2C',
  'not-https': 'the only scheme is https',
  'not-svg': 'the logo is an SVG file (.svg or .svgz)',
  'bad-value': 'this value is not defined for the tag: it is ignored',
  'no-evidence': 'without a certificate in a, most mailbox providers show no logo',
  'evidence-declined': 'an empty l declines: what a names is not read',
  'unknown-tag': 'there is no such tag: it is ignored',
} as const
export type BimiProblemCode = keyof typeof bimiProblems

const notes: readonly BimiProblemCode[] = ['empty-tag', 'bad-value', 'no-evidence', 'evidence-declined', 'unknown-tag']

export interface BimiProblem {
  readonly code: BimiProblemCode
  /** The tag, or what stands in its place. */
  readonly tag: string
  /** 0-based offset in the record. */
  readonly at: number
}

export interface BimiRecord {
  readonly tags: readonly Tag[]
  /** `l=`: '' when empty, null when absent or no https URI. */
  readonly location: string | null
  /** `a=`: '' when empty or absent, null when no https URI. */
  readonly evidence: string | null
  /** `lps=true`: the local part of the sender's address is tried as a selector (§4.5). */
  readonly localPartSelector: boolean
  /** `avp=`: which picture to show for senders that have one of their own. */
  readonly preference: 'brand' | 'personal'
  /** §4.3.1: l and a are empty. */
  readonly declined: boolean
  /** In order of place. */
  readonly problems: readonly BimiProblem[]
  /** Receivers act on it: nothing but notes among the problems. */
  readonly valid: boolean
}

/** §4.3: what does not begin with the version, precisely so, is ignored entirely. */
export function isBimi(text: string): boolean {
  return /^v[ \t]*=[ \t]*BIMI1[ \t]*(?:;|$)/.test(text)
}

/** Never throws. */
export function parseBimi(text: string): BimiRecord {
  const { tags, problems: listed } = parseTags(text)
  const problems: BimiProblem[] = [...listed]
  const add = (code: BimiProblemCode, tag: string, at: number): unknown => problems.push({ code, tag, at })
  const [first] = tags
  const version = tagOf({ tags, problems: listed }, 'v')
  const tooLong = listed.some(({ code }) => code === 'too-long')
  if (version && version.value !== 'BIMI1') add('bad-version', 'v', version.valueAt)
  else if (!tooLong && (!version || version !== first)) add('version-not-first', 'v', 0)
  const l = tagOf({ tags, problems: listed }, 'l')
  const a = tagOf({ tags, problems: listed }, 'a')
  const location = l ? uriOf(l, add) : null
  const evidence = a ? uriOf(a, add) : ''
  if (!l && !tooLong) add('missing-location', 'l', text.length)
  if (l && location && !/\.svgz?$/i.test(pathOf(location)) && /\.[A-Za-z0-9]{1,5}$/.test(pathOf(location))) add('not-svg', 'l', l.valueAt)
  if (a && evidence && location === '') add('evidence-declined', 'a', a.valueAt)
  if (location && evidence === '') add('no-evidence', 'a', a?.at ?? text.length)
  const lps = tagOf({ tags, problems: listed }, 'lps')
  const avp = tagOf({ tags, problems: listed }, 'avp')
  if (lps && lps.value !== 'true' && lps.value !== 'false') add('bad-value', 'lps', lps.valueAt)
  if (avp && avp.value !== 'brand' && avp.value !== 'personal') add('bad-value', 'avp', avp.valueAt)
  for (const { name, at } of tags) if (!['v', 'l', 'a', 'lps', 'avp'].includes(name)) add('unknown-tag', name, at)
  return {
    tags, location, evidence,
    localPartSelector: lps?.value === 'true',
    preference: avp?.value === 'personal' ? 'personal' : 'brand',
    declined: location === '' && evidence === '',
    problems: problems.toSorted((x, y) => x.at - y.at),
    valid: problems.every(({ code }) => isBimiNote(code)),
  }
}

/** The record counts in spite of it. */
export function isBimiNote(code: BimiProblemCode): boolean {
  return notes.includes(code)
}

/** `v=BIMI1; l=https://example.com/logo.svg; a=` */
export function formatBimi({ location, evidence }: { readonly location: string; readonly evidence: string }): string {
  return `v=BIMI1; l=${location}; a=${evidence}`
}

function uriOf({ name, value, valueAt }: Tag, add: (code: BimiProblemCode, tag: string, at: number) => unknown): string | null {
  if (value === '') return ''
  const scheme = schemeOf(value)
  const host = hostOf(value)
  const comma = value.indexOf(',')
  if (comma >= 0) add('several-uris', name, valueAt + comma)
  else if (scheme !== null && scheme !== 'https' && isUri(value)) add('not-https', name, valueAt)
  else if (scheme !== 'https' || !isUri(value) || host === null || !isFullName(host)) add('bad-uri', name, valueAt)
  else return value
  return null
}

/** Without query and fragment. */
function pathOf(uri: string): string {
  return /^https:\/\/[^/?#]*([^?#]*)/i.exec(uri)?.[1] ?? ''
}
