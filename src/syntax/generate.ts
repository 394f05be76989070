/**
 * `$GENERATE 1-127 host-$ A 192.0.2.$`: an extension of BIND that stands for one record for each number of a range. `$` is the
 * number, `${OFFSET,WIDTH,BASE}` the number written otherwise (bases d, o, x and X, and n and N for hexadecimal digits with dots
 * between them, the last first), `$$` and `\$` a dollar sign. Data of more than one word stands in quotes: `MX "10 mx$"`.
 */
import { readEntries, type Field } from './master-file.ts'
import { RecordSyntaxError } from './record-syntax-error.ts'

/** Records of one directive: a /16 of addresses. */
const mostGenerated = 65_536

/** The fields of each record that the directive stands for, all of them at its place. Throws `RecordSyntaxError`. */
export function* generate([directive, range, owner, ...rest]: readonly Field[]): Generator<Field[]> {
  if (!directive || !range || !owner) throw at(directive, '$GENERATE needs a range, an owner, a type and data')
  const [, first = '', last = '', stride = '1'] = /^(\d{1,10})-(\d{1,10})(?:\/(\d{1,10}))?$/.exec(range.text) ?? []
  const [from, to, step] = [Number(first), Number(last), Number(stride)]
  if (first === '' || step === 0 || to > largest || step > largest) throw at(range, 'expected a range, as in 1-127 or 0-254/2')
  if (from > to) throw at(range, 'the range ends before it begins')
  if ((to - from) / step >= mostGenerated) throw at(range, `one $GENERATE stands for at most ${mostGenerated} records here`)
  const type = rest.findIndex(({ text }) => !/^\d/.test(text) && !/^(?:IN|CH)$/i.test(text))
  const data = rest[type + 1]
  if (type < 0 || !data) throw at(rest.at(-1) ?? owner, '$GENERATE needs a type and data')
  const surplus = rest[type + 2]
  if (surplus) throw at(surplus, '$GENERATE takes its data as one word: put quotes around several')
  const words = rest.slice(0, type + 1).map(({ text }) => text).join(' ')
  const written = data.quoted ? data.text.replace(/\\"/g, '"') : data.text
  for (let number = from; number <= to; number += step) {
    const [entry] = readEntries(`${expand(owner, owner.text, number)} ${words} ${expand(data, written, number)}`)
    if (entry?.error) throw at(data, entry.error.message)
    yield (entry?.fields ?? []).map(field => ({ ...field, line: directive.line, column: directive.column }))
  }
}

const largest = 0x7fffffff
const substitute = /\\[^]|\$\$|\$\{([^}]*)\}|\$(\{)?/g

function expand(field: Field, text: string, number: number): string {
  return text.replace(substitute, (whole: string, how: string | undefined, open: string | undefined) => {
    if (whole.startsWith('\\')) return whole
    if (whole === '$$') return '$'
    if (open !== undefined) throw at(field, 'this ${ has no }')
    return how === undefined ? String(number) : written(field, how, number)
  })
}

function written(field: Field, how: string, number: number): string {
  const [, offset, width = '0', base = 'd'] = /^([+-]?\d{1,10})(?:,(\d{1,3})(?:,([doxXnN]))?)?$/.exec(how) ?? []
  if (offset === undefined) throw at(field, `expected \${OFFSET,WIDTH,BASE}, with d, o, x, X, n or N for the base`)
  const value = number + Number(offset)
  if (value < 0 || value > largest) throw at(field, `\${${how}} makes ${value} of ${number}`)
  if (base === 'n' || base === 'N') return nibbles(value, Number(width), base === 'N')
  const digits = value.toString(base === 'd' ? 10 : base === 'o' ? 8 : 16).padStart(Number(width), '0')
  return base === 'X' ? digits.toUpperCase() : digits
}

/** The width counts the dots, too. */
function nibbles(value: number, width: number, upper: boolean): string {
  const digits = value.toString(16).split('').toReversed()
  while (2 * digits.length - 1 < width) digits.push('0')
  const text = digits.join('.') + (2 * digits.length - 1 < width ? '.' : '')
  return upper ? text.toUpperCase() : text
}

function at(field: Field | undefined, message: string): RecordSyntaxError {
  return new RecordSyntaxError(message, field?.column ?? 1, field?.line ?? 1)
}
