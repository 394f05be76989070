/**
 * The parts of a message (RFC 2045, RFC 2046): a header with Content-Type, Content-Transfer-Encoding and Content-Disposition, and a
 * body, which for multipart/* is a row of further parts between lines of "--" and the boundary. Read leniently: a part whose
 * encoding is broken yields what can be decoded, and the last part of a message that was cut off ends where the message does.
 */
import { Gathered } from './gathered.ts'
import { fieldsNamed, MessageReader, type HeaderField } from './message.ts'

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

const mostDepth = 8
const mostParts = 500

/** Parts there are beyond the limits are left out: the budget is of the whole message. Never throws. */
export function parseMime(octets: Uint8Array): MimePart {
  return partOf(octets, 0, { parts: mostParts })
}

/** All parts that hold no others, in order. */
export function leavesOf(part: MimePart): MimePart[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf)
}

function partOf(octets: Uint8Array, depth: number, budget: { parts: number }): MimePart {
  const body = new Gathered()
  const reader = new MessageReader(() => piece => body.push(piece))
  reader.push(octets)
  const { fields } = reader.end()
  const raw = body.take()
  const { value: type, parameters } = structured(fieldsNamed(fields, 'Content-Type')[0]?.value ?? 'text/plain')
  const disposition = structured(fieldsNamed(fields, 'Content-Disposition')[0]?.value ?? '')
  const encoding = (fieldsNamed(fields, 'Content-Transfer-Encoding')[0]?.value ?? '').trim().toLowerCase()
  const name = disposition.parameters.get('filename') ?? parameters.get('name') ?? null
  const boundary = parameters.get('boundary')
  const divided = type.startsWith('multipart/') && boundary !== undefined && boundary !== '' && depth < mostDepth
  return {
    fields, type, parameters, name, body: divided ? new Uint8Array() : decoded(raw, encoding),
    parts: divided ? split(raw, boundary, budget).map(part => partOf(part, depth + 1, budget)) : [],
  }
}

/** RFC 2046 §5.1.1: the line end before a delimiter belongs to it. */
function split(octets: Buffer, boundary: string, budget: { parts: number }): Buffer[] {
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
