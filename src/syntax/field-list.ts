/**
 * The field lists that MTA-STS and TLS-RPT records are (RFC 8461 §3.1, RFC 8460 §3): "v=STSv1; id=20160831T085700;".
 * Stricter than the tag lists of DKIM and DMARC: white space stands round semicolons only, never round "=", names and values
 * are exact in their case, and a record that breaks the grammar anywhere is no record.
 */
import { maxText } from './tags.ts'

export interface RecordField {
  /** As written; case counts. */
  readonly name: string
  readonly value: string
  /** 0-based offset of the name in the record. */
  readonly at: number
  /** 0-based offset of the value. */
  readonly valueAt: number
}

export const fieldListProblems = {
  'bad-version': 'the record must begin with the version, exactly so',
  'space-before-semicolon': 'whoever finds several TXT records here passes over one with a space before its first semicolon',
  'malformed-field': 'this is no NAME=VALUE without white space',
  'empty-field': 'there is nothing before the semicolon',
  'stray-space': 'white space may stand next to a semicolon only',
  'bad-character': 'a record holds printable ASCII characters only',
  'duplicate-field': 'the field stands twice: the first one counts',
  'unknown-field': 'there is no such field: it is ignored',
  'too-long': 'the record is longer than any TXT record can be',
} as const
export type FieldListProblemCode = keyof typeof fieldListProblems

/** These are worth telling; the record counts all the same. */
export const fieldListNotes: readonly string[] = ['space-before-semicolon', 'duplicate-field', 'unknown-field']

export interface FieldProblem<C extends string> {
  readonly code: C
  /** The field as written, or what stands in its place. */
  readonly text: string
  /** 0-based offset in the record. */
  readonly at: number
}

export interface FieldList {
  /** The fields after the version, first of each name only. */
  readonly fields: readonly RecordField[]
  readonly problems: readonly FieldProblem<FieldListProblemCode>[]
}

/** Values of the fields that are `known` are for the caller to judge; any other is an extension, and only has to be well-formed. */
export function parseFieldList(text: string, version: string, known: readonly string[]): FieldList {
  if (text.length > maxText) return { fields: [], problems: [{ code: 'too-long', text: '', at: 0 }] }
  const fields = new Map<string, RecordField>()
  const problems: FieldProblem<FieldListProblemCode>[] = []
  const pieces = text.split(';')
  let start = 0
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] ?? ''
    const last = i === pieces.length - 1
    const { from, to } = extent(piece)
    if (i > 0 && from === to) {
      // One semicolon may end the record.
      if (!last) problems.push({ code: 'empty-field', text: '', at: start })
      start += piece.length + 1
      continue
    }
    const at = start + from
    const field = piece.slice(from, to)
    const add = (code: FieldListProblemCode, offset = at): unknown => problems.push({ code, text: field, at: offset })
    if (i === 0) {
      if (field !== version || from > 0) add('bad-version', 0)
      else if (to < piece.length) add(last ? 'stray-space' : 'space-before-semicolon', to)
    } else {
      if (last && to < piece.length) add('stray-space', start + to)
      const [, name = '', value = ''] = /^([^=]*)=([^]*)$/.exec(field) ?? []
      const stranger = field.search(/[^\x20-\x7e\t]/)
      if (stranger >= 0) add('bad-character', at + stranger)
      else if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/.test(name)) add('malformed-field')
      else if (fields.has(name)) add('duplicate-field')
      else {
        fields.set(name, { name, value, at, valueAt: at + name.length + 1 })
        if (!known.includes(name)) add(/^[\x21-\x3c\x3e-\x7e]+$/.test(value) ? 'unknown-field' : 'malformed-field')
      }
    }
    start += piece.length + 1
  }
  return { fields: [...fields.values()], problems }
}

/** What lies between the spaces and tabs at both ends. */
function extent(piece: string): { from: number; to: number } {
  let from = 0
  let to = piece.length
  while (from < to && isSpace(piece.charAt(from))) from++
  while (to > from && isSpace(piece.charAt(to - 1))) to--
  return { from, to }
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t'
}
