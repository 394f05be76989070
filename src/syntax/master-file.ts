/**
 * The lexical rules of master files (RFC 1035 §5.1): fields divided by blanks, `;` comments, `"quoted strings"`, and
 * parentheses that let an entry run over several lines. What a field means is the reader's business.
 */
import { describeCharacter } from './name.ts'
import { RecordSyntaxError } from './record-syntax-error.ts'

export interface Field {
  /** As written: escapes untouched, quotes removed. */
  readonly text: string
  readonly quoted: boolean
  /** `(word)`, with nothing else between the parentheses. */
  readonly enclosed: boolean
  /** From 1. */
  readonly line: number
  readonly column: number
}

/** One logical line. */
export interface Entry {
  readonly line: number
  /** A blank in the first column: the owner is that of the entry before. */
  readonly indented: boolean
  readonly fields: readonly Field[]
  readonly error: RecordSyntaxError | null
}

/** Cuts a text into its entries, in one pass; empty lines are none. Never throws: an entry's `error` says what is wrong with it. */
export function* readEntries(text: string): Generator<Entry> {
  const at = { offset: 0, line: 1, lineStart: 0 }
  while (at.offset < text.length) {
    const entry = readEntry(text, at)
    if (entry.fields.length > 0 || entry.error) yield entry
  }
}

interface Position { offset: number; line: number; lineStart: number }

/** Reads up to the line end that no parenthesis holds open, and moves `at` past it. */
function readEntry(text: string, at: Position): Entry {
  const indented = isBlank(text.charAt(at.offset))
  const firstLine = at.line
  const fields: Field[] = []
  const open: { line: number; column: number; field: number }[] = []
  let error: RecordSyntaxError | null = null
  while (at.offset < text.length) {
    const character = text.charAt(at.offset)
    const { line } = at
    const column = at.offset - at.lineStart + 1
    if (character === '\n') {
      at.offset++
      at.line++
      at.lineStart = at.offset
      if (open.length === 0 || error) break
    } else if (character === ';') {
      const end = text.indexOf('\n', at.offset)
      at.offset = end < 0 ? text.length : end
    } else if (character === '(') {
      open.push({ line, column, field: fields.length })
      at.offset++
    } else if (character === ')') {
      const opened = open.pop()
      const field = fields.at(-1)
      if (!opened) error ??= new RecordSyntaxError('this parenthesis was never opened', column, line)
      if (field && opened?.field === fields.length - 1) fields[fields.length - 1] = { ...field, enclosed: true }
      at.offset++
    } else if (isBlank(character)) {
      at.offset++
    } else {
      const quoted = character === '"'
      const start = quoted ? at.offset + 1 : at.offset
      const end = endOfField(text, start, quoted ? /["\n\\]/g : /[ \t\r\n()";\\]/g)
      const closed = quoted && text.charAt(end) === '"'
      const field = { text: text.slice(start, end), quoted, enclosed: false, line, column }
      if (quoted && !closed) error ??= new RecordSyntaxError('the quoted string has no end on this line', column, line)
      const strange = field.text.search(/[^\0-\xff]/)
      if (strange >= 0) {
        const character = describeCharacter(field.text.charAt(strange))
        error ??= new RecordSyntaxError(`${character} is not an octet`, column + strange + Number(quoted), line)
      }
      fields.push(field)
      at.offset = closed ? end + 1 : end
    }
  }
  const unclosed = open.at(0)
  if (unclosed) error ??= new RecordSyntaxError('this parenthesis is never closed', unclosed.column, unclosed.line)
  return { line: firstLine, indented, fields, error }
}

/** The first of `stops` that no backslash escapes. An escape never spans a line end. */
function endOfField(text: string, start: number, stops: RegExp): number {
  stops.lastIndex = start
  for (;;) {
    const found = stops.exec(text)
    if (!found) return text.length
    if (found[0] !== '\\') return found.index
    stops.lastIndex = found.index + (text.charAt(found.index + 1) === '\n' ? 1 : 2)
  }
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r'
}
