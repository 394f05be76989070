/**
 * Many cases in one call: a JSON object a line in, a JSON object a line out, in the same order. A line that cannot be read,
 * or whose case cannot be evaluated, gets an error in its place, and the next goes on.
 */
import { createReadStream } from 'node:fs'
import { stringify } from '../report/json.ts'
import { fileError } from './file-error.ts'
import { UsageError } from './usage-error.ts'

/** The case cannot be evaluated; the code is for programs. */
export class BatchError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'BatchError'
    this.code = code
  }
}

export interface BatchCase {
  readonly fields: Readonly<Record<string, unknown>>
  /**
   * A field as text. Throws `BatchError` (`missing-field`) when it is not there, or (`bad-field`) is no string.
   */
  text(name: string): string
  /** The same as the octets that were sent, one character each: characters in UTF-8, and what is no UTF-8 as it came. */
  octets(name: string): string
}

/** Octets of a line: 64 KiB with every octet written as \u00NN, and more than enough for the rest. */
const usualLine = 4 * 1024 * 1024

/**
 * Writes for every line `{id, …}` with what `evaluate` returns, or `{id, error: {code, message}}`. False when there was any
 * error. Anything but a `BatchError` that `evaluate` throws is thrown on.
 */
export async function runBatch(
  input: AsyncIterable<Uint8Array>,
  write: (text: string) => Promise<void>,
  evaluate: (batchCase: BatchCase) => object | Promise<object>,
  maxLine = usualLine,
): Promise<boolean> {
  let clean = true
  for await (const line of linesOf(input, maxLine)) {
    let id: unknown = null
    let answer: object
    try {
      const batchCase = read(line, maxLine)
      id = idOf(batchCase)
      answer = await evaluate(batchCase)
    } catch (error) {
      if (!(error instanceof BatchError)) throw error
      clean = false
      answer = { error: { code: error.code, message: error.message } }
    }
    await write(`${stringify({ id, ...answer })}\n`)
  }
  return clean
}

function idOf({ fields }: BatchCase): unknown {
  const { id = null } = fields
  if (typeof id === 'object' && id !== null) throw new BatchError('bad-field', '"id" is neither a string nor a number')
  return id
}

function read(line: Buffer, maxLine: number): BatchCase {
  if (line.length > maxLine) throw new BatchError('line-too-long', `a line has at most ${maxLine} octets`)
  const fields = parse(line.toString())
  let raw: Readonly<Record<string, unknown>> | undefined
  const stringIn = (from: () => Readonly<Record<string, unknown>>, name: string): string => {
    const value = from()[name]
    if (value === undefined || value === null) throw new BatchError('missing-field', `"${name}" is missing`)
    if (typeof value !== 'string') throw new BatchError('bad-field', `"${name}" is no string`)
    return value
  }
  return {
    fields,
    text: name => stringIn(() => fields, name),
    octets: name => stringIn(() => raw ??= parse(octetsOfEscapes(line.toString('latin1'))), name),
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BatchError('bad-json', 'the line is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BatchError('no-object', 'the line is no JSON object')
  return value as Readonly<Record<string, unknown>>
}

/** JSON text in octets, in which every character from U+0080 on that stands as \uNNNN becomes its octets in UTF-8. */
function octetsOfEscapes(json: string): string {
  return json.replace(/\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^u])/g, escape => {
    if (!escape.startsWith('\\u')) return escape
    const units = escape.split('\\u').slice(1).map(digits => parseInt(digits, 16))
    return (units[0] ?? 0) < 0x80 ? escape : Buffer.from(String.fromCharCode(...units)).toString('latin1')
  })
}

/** Lines without their ends; blank ones are none. A line that is too long is cut, but not so short that nobody could tell. */
async function* linesOf(input: AsyncIterable<Uint8Array>, maxLine: number): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let length = 0
  const keep = (part: Uint8Array): void => {
    if (length <= maxLine) parts.push(part)
    length += part.length
  }
  const take = (): Buffer => {
    const line = Buffer.concat(parts)
    parts = []
    length = 0
    return line
  }
  for await (const chunk of input) {
    let start = 0
    for (let feed = chunk.indexOf(0x0a); feed >= 0; feed = chunk.indexOf(0x0a, start)) {
      keep(chunk.subarray(start, feed))
      start = feed + 1
      const line = take()
      if (!isBlank(line)) yield line
    }
    keep(chunk.subarray(start))
  }
  const line = take()
  if (!isBlank(line)) yield line
}

function isBlank(line: Buffer): boolean {
  return line.every(octet => octet === 0x20 || octet === 0x09 || octet === 0x0d)
}

/** What `--batch` reads: stdin, or a file that was named. Reading throws `UsageError` when it cannot be read. */
export async function* batchInput(file: string | undefined): AsyncGenerator<Uint8Array> {
  if (file === undefined || file === '-') {
    yield* process.stdin as AsyncIterable<Uint8Array>
    return
  }
  try {
    yield* createReadStream(file) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${fileError(error)}`)
  }
}
