/**
 * The parts of a message (RFC 2045, RFC 2046): a header with Content-Type, Content-Transfer-Encoding and Content-Disposition, and a
 * body, which for multipart/* is a row of further parts between lines of "--" and the boundary. Read leniently: a part whose
 * encoding is broken yields what can be decoded, and the last part of a message that was cut off ends where the message does.
 */
import { Gathered } from './gathered.ts'
import { fieldsNamed, MessageReader, type HeaderField } from './message.ts'
import { atOnce, type Steps } from './steps.ts'

export interface MimePart {
  readonly fields: readonly HeaderField[]
  /** `text/plain`; lower case. */
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  /** What the sender calls the file; null for none. Anything may stand in it. */
  readonly name: string | null
  /** Decoded; of a multipart, empty. */
  readonly body: Uint8Array
  /** Of a multipart. */
  readonly parts: readonly MimePart[]
}

/** A message, as the part that holds all others. */
export interface MimeMessage extends MimePart {
  /** What was left out for being more than may be, in words; empty when nothing was. */
  readonly leftOut: readonly string[]
}

const mostDepth = 8
const mostParts = 500
const pieceOctets = 1024 * 1024

/** Of the whole message. */
interface Budget {
  /** Below zero: so many are left out. */
  parts: number
  tooDeep: number
}

/** Parts there are beyond the limits are left out. Never throws. */
export function parseMime(octets: Uint8Array): MimeMessage {
  return atOnce(mimeSteps(octets))
}

/** The same in steps of so many octets. */
export function* mimeSteps(octets: Uint8Array): Steps<MimeMessage> {
  const budget: Budget = { parts: mostParts, tooDeep: 0 }
  const message = yield* partOf(octets, 0, budget)
  return {
    ...message, leftOut: [
      ...budget.parts < 0 ? [`the message has more than ${mostParts} parts: ${-budget.parts} of them are not looked at`] : [],
      ...budget.tooDeep > 0 ? [`parts of the message lie more than ${mostDepth} deep within one another: they are not looked at`] : [],
    ],
  }
}

/** All parts that hold no others, in order. */
export function leavesOf(part: MimePart): MimePart[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf)
}

function* partOf(octets: Uint8Array, depth: number, budget: Budget): Steps<MimePart> {
  const body = new Gathered()
  const reader = new MessageReader(() => piece => body.push(piece))
  for (let at = 0; at < octets.length; at += pieceOctets) {
    if (at > 0) yield
    reader.push(octets.subarray(at, at + pieceOctets))
  }
  const { fields } = reader.end()
  const raw = body.take()
  const { value: type, parameters } = structured(fieldsNamed(fields, 'Content-Type')[0]?.value ?? 'text/plain')
  const disposition = structured(fieldsNamed(fields, 'Content-Disposition')[0]?.value ?? '')
  const encoding = (fieldsNamed(fields, 'Content-Transfer-Encoding')[0]?.value ?? '').trim().toLowerCase()
  const name = disposition.parameters.get('filename') ?? parameters.get('name') ?? null
  const boundary = parameters.get('boundary')
  const divided = type.startsWith('multipart/') && boundary !== undefined && boundary !== ''
  if (divided && depth === mostDepth) budget.tooDeep++
  const parts: MimePart[] = []
  if (divided && depth < mostDepth) for (const part of split(raw, boundary, budget)) parts.push(yield* partOf(part, depth + 1, budget))
  return { fields, type, parameters, name, body: divided ? new Uint8Array() : decoded(raw, encoding), parts }
}

/** RFC 2046 §5.1.1: the line end before a delimiter belongs to it. */
function split(octets: Buffer, boundary: string, budget: Budget): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const parts: Buffer[] = []
  let start = -1
  for (let at = octets.indexOf(delimiter); at >= 0; at = octets.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && octets[at - 1] !== 0x0a) continue
    const lineEnd = octets.indexOf(0x0a, at)
    const rest = octets.toString('latin1', at + delimiter.length, lineEnd < 0 ? octets.length : lineEnd).slice(0, 1000).trimEnd()
    if (rest !== '' && rest !== '--') continue // a longer boundary that begins alike
    if (start >= 0 && budget.parts-- > 0) parts.push(octets.subarray(start, octets[at - 2] === 0x0d ? at - 2 : Math.max(start, at - 1)))
    if (rest === '--') return parts
    start = lineEnd < 0 ? octets.length : lineEnd + 1
  }
  if (start >= 0 && start < octets.length && budget.parts-- > 0) parts.push(octets.subarray(start))
  return parts
}

function decoded(octets: Buffer, encoding: string): Uint8Array {
  if (encoding === 'base64') return Buffer.from(octets.toString('latin1'), 'base64')
  if (encoding !== 'quoted-printable') return octets
  return Buffer.from(octets.toString('latin1').replace(/=(?:([0-9A-Fa-f]{2})|[ \t]*\r?\n)/g, (_, hex?: string) => hex === undefined ? '' : String.fromCharCode(parseInt(hex, 16))), 'latin1')
}

/** `text/plain; charset="utf-8"`; of parameters that stand several times the first counts. */
function structured(field: string): { value: string; parameters: Map<string, string> } {
  const text = field.slice(0, 10_000)
  const parameters = new Map<string, string>()
  const value = /^[^;]*/.exec(text)?.[0].trim().toLowerCase() ?? ''
  for (const [, name = '', quoted, plain = ''] of text.slice(value.length).matchAll(/;\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\[^])*)"|([^\s;"]*))/g)) {
    const key = name.toLowerCase()
    if (!parameters.has(key)) parameters.set(key, quoted === undefined ? plain : quoted.replace(/\\([^])/g, '$1'))
  }
  return { value, parameters }
}
