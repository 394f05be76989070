/**
 * TLS-RPT records (RFC 8460 §3): where senders report, once a day, how their TLS connections to a domain fared, as a TXT
 * record at _smtp._tls.DOMAIN: "v=TLSRPTv1; rua=mailto:tls@example.com". rua lists mailto and https URIs, parted by commas.
 */
import { fieldListNotes, fieldListProblems, parseFieldList, type FieldProblem, type RecordField } from './field-list.ts'
import { hostOf, isFullName, isUri, schemeOf } from './uri.ts'

export const tlsRptProblems = {
  ...fieldListProblems,
  'bad-version': 'the record must begin with v=TLSRPTv1, exactly so',
  'missing-rua': 'there is no rua',
  'bad-uri': 'this is no mailto: or https: URI with "," ";" and "!" percent-encoded',
  'other-scheme': 'reports go to mailto: and https: only',
  'no-destination': 'no URI in rua can receive reports',
} as const
export type TlsRptProblemCode = keyof typeof tlsRptProblems
export type TlsRptProblem = FieldProblem<TlsRptProblemCode>

export interface TlsReportUri {
  /** As written. */
  readonly uri: string
  /** Null when reporters can do nothing with it. */
  readonly scheme: 'mailto' | 'https' | null
  /** Where it leads, in lower case; null when `scheme` is. */
  readonly host: string | null
  readonly at: number
}

export interface TlsRptRecord {
  readonly rua: readonly TlsReportUri[]
  /** After the version. */
  readonly fields: readonly RecordField[]
  /** In order of place. */
  readonly problems: readonly TlsRptProblem[]
  /** Senders report: the grammar holds, and one URI at least can be used. */
  readonly valid: boolean
}

const notes: readonly string[] = [...fieldListNotes, 'bad-uri', 'other-scheme']

/** §3: of several TXT records, those that do not begin so are passed over. Exactly one may remain. */
export function isTlsRpt(text: string): boolean {
  return text.startsWith('v=TLSRPTv1;')
}

/** Never throws. */
export function parseTlsRpt(text: string): TlsRptRecord {
  const { fields, problems: listed } = parseFieldList(text, 'v=TLSRPTv1', ['rua'])
  const problems: TlsRptProblem[] = [...listed]
  const field = fields.find(({ name }) => name === 'rua')
  const rua = field ? urisOf(field) : []
  for (const { uri, scheme, at } of rua) {
    if (scheme === null) problems.push({ code: isUri(uri) && !isReportScheme(schemeOf(uri)) ? 'other-scheme' : 'bad-uri', text: uri, at })
  }
  if (field && rua.every(({ scheme }) => scheme === null)) problems.push({ code: 'no-destination', text: `rua=${field.value}`, at: field.at })
  if (!field && !problems.some(({ code }) => code === 'too-long')) problems.push({ code: 'missing-rua', text: '', at: text.length })
  return { rua, fields, problems: problems.toSorted((a, b) => a.at - b.at), valid: problems.every(({ code }) => isTlsRptNote(code)) }
}

/** The record counts in spite of it. */
export function isTlsRptNote(code: TlsRptProblemCode): boolean {
  return notes.includes(code)
}

/** `v=TLSRPTv1; rua=mailto:tls@example.com` */
export function formatTlsRpt(rua: readonly string[], extensions: readonly Pick<RecordField, 'name' | 'value'>[] = []): string {
  return ['v=TLSRPTv1', `rua=${rua.join(',')}`, ...extensions.map(({ name, value }) => `${name}=${value}`)].join('; ')
}

function urisOf({ value, valueAt }: RecordField): TlsReportUri[] {
  let start = valueAt
  return value.split(',').map(piece => {
    const uri = piece.trim()
    const at = start + (uri === '' ? 0 : piece.indexOf(uri))
    start += piece.length + 1
    const scheme = schemeOf(uri)
    const host = hostOf(uri)
    const usable = isReportScheme(scheme) && isUri(uri) && host !== null && isFullName(host)
    return usable ? { uri, scheme, host, at } : { uri, scheme: null, host: null, at }
  })
}

function isReportScheme(scheme: string | null): scheme is 'mailto' | 'https' {
  return scheme === 'mailto' || scheme === 'https'
}
