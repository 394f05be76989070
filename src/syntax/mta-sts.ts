/**
 * MTA-STS (RFC 8461): senders that honour it deliver to a domain over verified TLS only. The TXT record at _mta-sts.DOMAIN,
 * "v=STSv1; id=20160831T085700;", says that there is a policy and which edition; the policy itself is a text file at
 * https://mta-sts.DOMAIN/.well-known/mta-sts.txt, a line for each of version, mode, max_age, and every pattern of MX hosts.
 */
import { fieldListNotes, fieldListProblems, parseFieldList, type FieldProblem, type RecordField } from './field-list.ts'

export {
  formatMtaStsPolicy, isMtaStsPolicyNote, longestMaxAge, maxPolicy, mtaStsModes, mtaStsPolicyProblems, parseMtaStsPolicy,
  type MtaStsMode, type MtaStsPolicy, type MtaStsPolicyProblem, type MtaStsPolicyProblemCode,
} from './mta-sts-policy.ts'

export const mtaStsProblems = {
  ...fieldListProblems,
  'bad-version': 'the record must begin with v=STSv1, exactly so',
  'missing-id': 'there is no id',
  'bad-id': 'an id is 1 to 32 letters and digits',
} as const
export type MtaStsProblemCode = keyof typeof mtaStsProblems
export type MtaStsProblem = FieldProblem<MtaStsProblemCode>

export interface MtaStsRecord {
  /** Null when there is none, or it is none. */
  readonly id: string | null
  /** After the version. */
  readonly fields: readonly RecordField[]
  /** In order of place. */
  readonly problems: readonly MtaStsProblem[]
  /** Senders look for the policy (§3.1): nothing but notes among the problems. */
  readonly valid: boolean
}

/** §3.1: of several TXT records, those that do not begin so are passed over. Exactly one may remain. */
export function isMtaSts(text: string): boolean {
  return text.startsWith('v=STSv1;')
}

/** Reads the TXT record. Never throws. */
export function parseMtaSts(text: string): MtaStsRecord {
  const { fields, problems: listed } = parseFieldList(text, 'v=STSv1', ['id'])
  const problems: MtaStsProblem[] = [...listed]
  const id = fields.find(({ name }) => name === 'id')
  const good = id !== undefined && /^[A-Za-z0-9]{1,32}$/.test(id.value)
  if (id && !good) problems.push({ code: 'bad-id', text: `id=${id.value}`, at: id.valueAt })
  if (!id && !problems.some(({ code }) => code === 'too-long')) problems.push({ code: 'missing-id', text: '', at: text.length })
  return {
    id: good ? id.value : null, fields,
    problems: problems.toSorted((a, b) => a.at - b.at),
    valid: problems.every(({ code }) => isMtaStsNote(code)),
  }
}

/** The record counts in spite of it. */
export function isMtaStsNote(code: MtaStsProblemCode): boolean {
  return fieldListNotes.includes(code)
}

/** `v=STSv1; id=20160831T085700;` */
export function formatMtaSts(id: string, extensions: readonly Pick<RecordField, 'name' | 'value'>[] = []): string {
  return ['v=STSv1', `id=${id}`, ...extensions.map(({ name, value }) => `${name}=${value}`)].join('; ') + ';'
}

/**
 * §4.1: does an mx pattern cover a host? `*.` stands for exactly one label: "*.example.com" covers "mx1.example.com",
 * neither "example.com" nor "a.b.example.com". Case and a final dot mean nothing.
 */
export function matchesMx(pattern: string, host: string): boolean {
  const wanted = bare(pattern)
  const name = bare(host)
  if (!wanted.startsWith('*.')) return wanted === name
  // An escaped dot stands within a label; no pattern has any.
  const dot = name.indexOf('.')
  return dot > 0 && !name.includes('\\') && name.slice(dot) === wanted.slice(1)
}

function bare(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
