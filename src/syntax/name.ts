/**
 * Domain names (RFC 1035 §3.1, §5.1; RFC 4343). A name is a list of labels of 1 to 63 octets, 255 octets in all on the wire.
 * As text its labels are joined by dots; an octet that would be misread stands as `\.` or `\046`. Here every name has one
 * spelling: lower case, the fewest escapes that a zone file needs, no final dot, and '' for the root.
 */
import { RecordSyntaxError } from './record-syntax-error.ts'

/** RFC 1035 §2.3.4: octets of a label. */
export const maxLabel = 63
/** RFC 1035 §2.3.4: octets of a name on the wire, length octets and the root included. */
export const maxName = 255

/** Lower case (ASCII only, RFC 4343 §3) and without the final dot, so that two spellings of a name compare equal. */
export function foldName(name: string): string {
  const folded = lowerCase(name)
  return endsInDot(folded) ? folded.slice(0, -1) : folded
}

/**
 * Reads a name as a zone file writes it: relative names get `origin`, `@` is the origin itself.
 * @throws RecordSyntaxError for empty or overlong labels, overlong names, bad escapes and raw octets above 0x7F.
 */
export function parseName(text: string, origin = '', column = 1): string {
  if (text === '@') return foldName(origin)
  if (text === '.') return ''
  if (text === '') throw new RecordSyntaxError('a name is missing', column)
  const labels: string[] = []
  let label = ''
  let at = 0
  for (; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '.') {
      labels.push(checkLabel(label, column + at))
      label = ''
    } else if (character === '\\') {
      const escape = readEscape(text, at, column)
      label += escape.octet
      at += escape.length - 1
    } else if (character > '\x7e' || character < '!') {
      throw new RecordSyntaxError(`a name cannot hold ${describeCharacter(character)}: write its A-label, or \\DDD`, column + at)
    } else label += character
  }
  const absolute = label === ''
  if (!absolute) labels.push(checkLabel(label, column + at - 1))
  const parent = foldName(origin)
  const name = formatLabels(labels) + (absolute || parent === '' ? '' : `.${parent}`)
  if (wireLength(name) > maxName) throw new RecordSyntaxError(`a name has at most ${maxName} octets`, column)
  return name
}

/** The labels of a name in our spelling, as octet strings without escapes; [] for the root. Never throws. */
export function labelsOf(name: string): string[] {
  if (name === '') return []
  if (!name.includes('\\')) return name.split('.')
  const labels: string[] = []
  let label = ''
  for (let at = 0; at < name.length; at++) {
    const character = name.charAt(at)
    const escape = character === '\\' ? escapeAt(name, at) : null
    if (escape) {
      label += escape.octet
      at += escape.length - 1
    } else if (character === '.') {
      labels.push(label)
      label = ''
    } else label += character
  }
  return [...labels, label]
}

/** Our spelling of a name from its labels (octet strings). */
export function formatLabels(labels: readonly string[]): string {
  return labels.map(label => lowerCase(/^[\w-]+$/.test(label) ? label : label.replace(/[^]/g, escapeNameOctet))).join('.')
}

/** The name without its first label: `com` for `example.com`, '' for `com` and for the root. */
export function parentName(name: string): string {
  if (name.includes('\\')) return formatLabels(labelsOf(name).slice(1))
  const dot = name.indexOf('.')
  return dot < 0 ? '' : name.slice(dot + 1)
}

/** Is it the same name, or one below? Everything is below the root. */
export function isWithin(name: string, zone: string): boolean {
  const [labels, above] = [labelsOf(name), labelsOf(zone)]
  return above.every((label, i) => label === labels[labels.length - above.length + i])
}

/** Octets of the name on the wire, uncompressed. */
export function wireLength(name: string): number {
  return labelsOf(name).reduce((sum, label) => sum + label.length + 1, 1)
}

/** What `\` at `at` stands for (RFC 1035 §5.1: `\DDD` is an octet, `\X` is X); null when nothing valid follows. */
function escapeAt(text: string, at: number): { octet: string; length: number } | null {
  const digits = /^\d{1,3}/.exec(text.slice(at + 1, at + 4))?.[0]
  if (digits !== undefined) {
    return digits.length === 3 && Number(digits) <= 255 ? { octet: String.fromCharCode(Number(digits)), length: 4 } : null
  }
  const next = text.charAt(at + 1)
  return next !== '' && next <= '\xff' && next !== '\n' ? { octet: next, length: 2 } : null
}

/** @throws RecordSyntaxError */
export function readEscape(text: string, at: number, column: number): { octet: string; length: number } {
  const escape = escapeAt(text, at)
  if (!escape) throw new RecordSyntaxError('a backslash needs one character, or three digits up to 255, after it', column + at)
  return escape
}

/** `\046`: an octet by its number. */
export function escapeOctet(octet: string): string {
  return `\\${String(octet.charCodeAt(0)).padStart(3, '0')}`
}

export function describeCharacter(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

function escapeNameOctet(octet: string): string {
  if (octet <= ' ' || octet > '~') return escapeOctet(octet)
  return '.\\"();@$'.includes(octet) ? `\\${octet}` : octet
}

function checkLabel(label: string, column: number): string {
  if (label === '') throw new RecordSyntaxError('a label is empty', column)
  if (label.length > maxLabel) throw new RecordSyntaxError(`a label has at most ${maxLabel} octets`, column)
  return label
}

function lowerCase(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, letters => letters.toLowerCase()) : text
}

/** A final dot that is not itself escaped: an even number of backslashes stands before it. */
function endsInDot(name: string): boolean {
  if (!name.endsWith('.')) return false
  let backslashes = 0
  while (name.charAt(name.length - 2 - backslashes) === '\\') backslashes++
  return backslashes % 2 === 0
}
