/**
 * The policy file of MTA-STS (RFC 8461 §3.2): "NAME: VALUE" lines ended by LF or CRLF. version, mode and max_age stand once
 * each, mx once for every pattern of MX hosts: "version: STSv1", "mode: enforce", "mx: *.example.com", "max_age: 604800".
 * Fields that nobody knows are ignored, and of a field that stands twice the first counts.
 */

export const mtaStsModes = ['enforce', 'testing', 'none'] as const
export type MtaStsMode = (typeof mtaStsModes)[number]

export const mtaStsPolicyProblems = {
  'malformed-line': 'this is no NAME: VALUE',
  'leading-space': 'a line begins with its name, not with white space',
  'blank-line': 'there is nothing on this line',
  'bad-character': 'a policy is text in UTF-8 without control characters',
  'byte-order-mark': 'a byte order mark stands before the first name',
  'missing-version': 'there is no version',
  'bad-version': 'the version is STSv1',
  'missing-mode': 'there is no mode',
  'bad-mode': 'the modes are enforce, testing and none',
  'missing-max-age': 'there is no max_age',
  'bad-max-age': 'a max_age is a whole number of seconds',
  'max-age-too-long': 'a max_age is at most 31557600 (a year)',
  'missing-mx': 'there is no mx, which only the mode none may do without',
  'bad-mx': 'a pattern is a host name, or "*." and a host name, without final dot',
  'duplicate-field': 'the field stands twice: the first one counts',
  'wrong-case': 'field names are in lower case: this one is ignored',
  'unknown-field': 'there is no such field: it is ignored',
  'too-long': 'the policy is longer than 64 KiB: senders need not read on',
} as const
export type MtaStsPolicyProblemCode = keyof typeof mtaStsPolicyProblems

const notes: readonly MtaStsPolicyProblemCode[] = ['blank-line', 'duplicate-field', 'wrong-case', 'unknown-field']

export interface MtaStsPolicyProblem {
  readonly code: MtaStsPolicyProblemCode
  /** The line as sent, without its end; '' for what is missing. */
  readonly text: string
  /** 1-based. What is missing is missed at the end. */
  readonly line: number
  /** 0-based offset in octets from the start of the file. */
  readonly at: number
}

export interface MtaStsPolicy {
  /** Null when absent or wrong; so with the others. */
  readonly mode: MtaStsMode | null
  /** Seconds. */
  readonly maxAge: number | null
  /** Well-formed patterns in lower case, in order. */
  readonly mx: readonly string[]
  /** In order of place. */
  readonly problems: readonly MtaStsPolicyProblem[]
  /** Senders can apply it: nothing but notes among the problems. */
  readonly valid: boolean
}

/** §3.3: octets that a sender should be ready to read. */
export const maxPolicy = 65_536
/** §3.2, seconds. */
export const longestMaxAge = 31_557_600

const once = ['version', 'mode', 'max_age'] as const

/** Reads a policy file, one character an octet. Never throws. */
export function parseMtaStsPolicy(text: string): MtaStsPolicy {
  const problems: MtaStsPolicyProblem[] = []
  const values = new Map<string, string>()
  const mx: string[] = []
  let mode: MtaStsMode | null = null
  let maxAge: number | null = null
  let line = 0
  let end = 0
  if (text.length > maxPolicy) problems.push({ code: 'too-long', text: '', line: 1, at: 0 })
  else {
    for (let start = 0; start < text.length; start = end) {
      line++
      const feed = text.indexOf('\n', start)
      end = feed < 0 ? text.length : feed + 1
      const rowEnd = feed < 0 ? end : feed
      const row = text.slice(start, text.charAt(rowEnd - 1) === '\r' && rowEnd > start ? rowEnd - 1 : rowEnd)
      if (row === '') {
        problems.push({ code: 'blank-line', text: '', line, at: start })
        continue
      }
      const add = (code: MtaStsPolicyProblemCode, offset = 0): unknown => problems.push({ code, text: row, line, at: start + offset })
      const mark = line === 1 && row.startsWith('\xef\xbb\xbf') ? 3 : 0
      if (mark > 0) add('byte-order-mark')
      const fault = faultOf(row, mark)
      if (fault) add(fault.code, fault.offset)
      // A field that is indented can still be read, which spares the complaint that it is missing.
      if (fault && fault.code !== 'leading-space') continue
      const colon = row.indexOf(':')
      const name = spaceless(row.slice(mark, colon))
      const value = spaceless(row.slice(colon + 1))
      const valueAt = row.indexOf(value, colon + 1)
      if (name === 'mx') {
        if (isPattern(value)) mx.push(value.toLowerCase())
        else add('bad-mx', valueAt)
        values.set(name, value)
      } else if (values.has(name)) add('duplicate-field')
      else {
        values.set(name, value)
        if (name === 'version') {
          if (value !== 'STSv1') add('bad-version', valueAt)
        } else if (name === 'mode') {
          mode = mtaStsModes.find(known => known === value) ?? null
          if (!mode) add('bad-mode', valueAt)
        } else if (name === 'max_age') {
          if (!/^\d{1,10}$/.test(value)) add('bad-max-age', valueAt)
          else if (Number(value) > longestMaxAge) add('max-age-too-long', valueAt)
          else maxAge = Number(value)
        } else if (['mx', ...once].includes(name.toLowerCase())) add('wrong-case')
        else add('unknown-field')
      }
    }
    const miss = (code: MtaStsPolicyProblemCode): unknown => problems.push({ code, text: '', line: Math.max(1, line), at: text.length })
    if (!values.has('version')) miss('missing-version')
    if (!values.has('mode')) miss('missing-mode')
    if (!values.has('max_age')) miss('missing-max-age')
    if (!values.has('mx') && mode !== 'none') miss('missing-mx')
  }
  return { mode, maxAge, mx, problems, valid: problems.every(({ code }) => isMtaStsPolicyNote(code)) }
}

/** Senders apply the policy in spite of it. */
export function isMtaStsPolicyNote(code: MtaStsPolicyProblemCode): boolean {
  return notes.includes(code)
}

/** With CRLF, as §3.2 shows it. */
export function formatMtaStsPolicy({ mode, maxAge, mx }: Pick<MtaStsPolicy, 'mx'> & { mode: MtaStsMode; maxAge: number }): string {
  return ['version: STSv1', `mode: ${mode}`, ...mx.map(pattern => `mx: ${pattern}`), `max_age: ${maxAge}`, ''].join('\r\n')
}

/** What is wrong with a line before anybody knows its name; it begins after `mark`. */
function faultOf(row: string, mark: number): { code: MtaStsPolicyProblemCode; offset: number } | null {
  const stranger = row.search(/[\x00-\x08\x0a-\x1f\x7f]/)
  if (stranger >= 0) return { code: 'bad-character', offset: stranger }
  const broken = brokenUtf8(row)
  if (broken >= 0) return { code: 'bad-character', offset: broken }
  const field = spaceless(row.slice(mark))
  if (field === '') return { code: 'blank-line', offset: 0 }
  const colon = field.indexOf(':')
  if (colon < 0 || !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/.test(field.slice(0, colon))) return { code: 'malformed-line', offset: 0 }
  const value = spaceless(field.slice(colon + 1))
  if (value === '') return { code: 'malformed-line', offset: row.length }
  if (value.includes('\t')) return { code: 'bad-character', offset: row.lastIndexOf(value) + value.indexOf('\t') }
  return row.startsWith(field, mark) ? null : { code: 'leading-space', offset: mark }
}

/** Offset of the first octet that is no UTF-8 (RFC 3629 §4); -1 when all is. */
function brokenUtf8(row: string): number {
  if (!/[\x80-\xff]/.test(row)) return -1
  const good = new RegExp([
    '[\\x00-\\x7f]', '[\\xc2-\\xdf][\\x80-\\xbf]', '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]', '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}',
    '\\xed[\\x80-\\x9f][\\x80-\\xbf]', '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}', '[\\xf1-\\xf3][\\x80-\\xbf]{3}', '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
  ].join('|'), 'y')
  let at = 0
  while (at < row.length && good.test(row)) at = good.lastIndex
  return at < row.length ? at : -1
}

/** Without spaces and tabs at both ends. By hand: a regular expression would be quadratic in a run of spaces. */
function spaceless(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && (text.charAt(from) === ' ' || text.charAt(from) === '\t')) from++
  while (to > from && (text.charAt(to - 1) === ' ' || text.charAt(to - 1) === '\t')) to--
  return text.slice(from, to)
}

function isPattern(value: string): boolean {
  const host = value.startsWith('*.') ? value.slice(2) : value
  return host.length <= 253 && /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.|$))+$/.test(host) && !host.endsWith('.')
}
