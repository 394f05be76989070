/**
 * An Internet message (RFC 5322 §2.1): lines of octets that end in CRLF; a header of fields, "Name: value", which may be folded
 * over lines that begin with white space; an empty line; a body. Files often have the line ends of their system instead: a
 * message whose first line ends in a bare LF is read as if every LF were CRLF. It comes in pieces, and only its header is kept.
 */

/** A field of the header, as it stands. */
export interface HeaderField {
  /** As written, without white space before the colon. */
  readonly name: string
  /** From the name to the last octet before the line end: folded lines and all. */
  readonly raw: string
  /** What follows the colon, unfolded: line ends before white space are gone. */
  readonly value: string
  /** 1-based line of the message. */
  readonly line: number
}

export type MessageProblemCode = 'no-header' | 'not-a-field' | 'header-too-long' | 'too-many-fields' | 'nul' | 'bare-line-end' | 'long-line'

export interface MessageProblem {
  readonly code: MessageProblemCode
  /** 1-based line where it is met first. */
  readonly line: number
  /** How often. */
  readonly count: number
}

export interface Message {
  readonly fields: readonly HeaderField[]
  readonly problems: readonly MessageProblem[]
  /** Octets, header and body, as read. */
  readonly octets: number
  /** The line ends are those of Unix: read as CRLF. */
  readonly unixLines: boolean
}

/** Octets of a header: MTAs stop far below. What is beyond belongs to nothing and is not kept. */
const longestHeader = 1024 * 1024
const mostFields = 5000
/** RFC 5322 §2.1.1, without the CRLF. */
export const longestLine = 998

const [lf, cr] = [0x0a, 0x0d]

/** What becomes of the body: it is handed on in pieces, with CRLF for line ends. */
export type BodySink = (piece: Uint8Array) => void

/** Reads a message that arrives in pieces. Never throws. */
export class MessageReader {
  readonly #onHeader: (fields: readonly HeaderField[]) => BodySink
  readonly #fields: HeaderField[] = []
  readonly #problems = new Map<MessageProblemCode, { line: number; count: number }>()
  #sink: BodySink | null = null
  #octets = 0
  #unix: boolean | null = null
  /** The line under way, while in the header. */
  #line: Uint8Array[] = []
  #lineOctets = 0
  #lineNumber = 1
  #kept = 0
  /** Lines of the field under way. */
  #field: string[] = []
  #fieldLine = 1
  #lastOctet = 0

  /** `onHeader` is called once, when the header is complete, and says who gets the body. */
  constructor(onHeader: (fields: readonly HeaderField[]) => BodySink) {
    this.#onHeader = onHeader
  }

  push(piece: Uint8Array): void {
    this.#octets += piece.length
    let at = 0
    while (!this.#sink && at < piece.length) {
      const feed = piece.indexOf(lf, at)
      const end = feed < 0 ? piece.length : feed + 1
      this.#add(piece.subarray(at, end))
      at = end
      if (feed >= 0) this.#endLine()
    }
    if (this.#sink && at < piece.length) this.#body(piece.subarray(at), this.#sink)
  }

  end(): Message {
    if (this.#inHeader() && this.#lineOctets > 0) this.#endLine()
    if (this.#inHeader()) this.#endHeader()
    this.#checkLength()
    if (this.#fields.length === 0) this.#problem('no-header', 1)
    return {
      fields: this.#fields, octets: this.#octets, unixLines: this.#unix ?? false,
      problems: [...this.#problems].map(([code, place]) => ({ code, ...place })).toSorted((a, b) => a.line - b.line),
    }
  }

  #inHeader(): boolean {
    return this.#sink === null
  }

  #add(part: Uint8Array): void {
    this.#lineOctets += part.length
    this.#kept += part.length
    // A copy: the piece belongs to whoever reads the file.
    if (this.#kept <= longestHeader) this.#line.push(Uint8Array.from(part))
  }

  #endLine(): void {
    const octets = Buffer.concat(this.#line)
    this.#line = []
    this.#lineOctets = 0
    let text = octets.toString('latin1')
    if (this.#kept > longestHeader) this.#problem('header-too-long', this.#lineNumber)
    if (text.endsWith('\r\n')) text = text.slice(0, -2)
    else if (text.endsWith('\n')) {
      text = text.slice(0, -1)
      if (this.#unix === false) this.#problem('bare-line-end', this.#lineNumber)
      this.#unix ??= true
    }
    this.#unix ??= octets.length > 0 ? false : null
    if (text.includes('\0')) this.#problem('nul', this.#lineNumber)
    if (text.length > longestLine) this.#problem('long-line', this.#lineNumber)
    // A mailbox file and some programs put a line of their own in front.
    if (this.#lineNumber === 1 && text.startsWith('From ')) {
      this.#lineNumber++
      return
    }
    if (text === '' && this.#kept <= longestHeader) this.#endHeader()
    else if (/^[ \t]/.test(text) && this.#field.length > 0) this.#field.push(text)
    else {
      this.#endField()
      this.#field = [text]
      this.#fieldLine = this.#lineNumber
    }
    this.#lineNumber++
  }

  #endField(): void {
    const raw = this.#field.join('\r\n')
    this.#field = []
    if (raw === '') return
    const [, name] = /^([!-9;-~]+)[ \t]*:/.exec(raw) ?? [] // RFC 5322 §4.5 allows white space before the colon
    if (name === undefined) this.#problem('not-a-field', this.#fieldLine)
    else if (this.#fields.length === mostFields) this.#problem('too-many-fields', this.#fieldLine)
    else this.#fields.push({ name, raw, value: raw.slice(raw.indexOf(':') + 1).replace(/\r\n(?=[ \t])/g, ''), line: this.#fieldLine })
  }

  #endHeader(): void {
    this.#endField()
    this.#sink = this.#onHeader(this.#fields)
    this.#lastOctet = lf
    this.#lineOctets = 0
  }

  /** With the line ends of Unix, LF stands for CRLF; a CRLF among them is one too. */
  #body(piece: Uint8Array, sink: BodySink): void {
    let start = 0
    let last = this.#lastOctet
    for (let i = 0; i < piece.length; i++) {
      const octet = piece[i] ?? 0
      if (octet === lf) {
        if (last === cr) this.#lineOctets--
        else if (this.#unix) {
          sink(piece.subarray(start, i))
          sink(carriageReturn)
          start = i
        } else this.#problem('bare-line-end', this.#lineNumber)
        this.#checkLength()
        this.#lineNumber++
        this.#lineOctets = 0
      } else {
        if (last === cr) this.#problem('bare-line-end', this.#lineNumber)
        if (octet === 0) this.#problem('nul', this.#lineNumber)
        this.#lineOctets++
      }
      last = octet
    }
    this.#lastOctet = last
    if (start < piece.length) sink(piece.subarray(start))
  }

  #checkLength(): void {
    if (this.#lineOctets > longestLine) this.#problem('long-line', this.#lineNumber)
  }

  #problem(code: MessageProblemCode, line: number): void {
    const known = this.#problems.get(code)
    if (known) known.count++
    else this.#problems.set(code, { line, count: 1 })
  }
}

const carriageReturn = Uint8Array.of(cr)

/** The fields of that name, in order; case does not matter. */
export function fieldsNamed(fields: readonly HeaderField[], name: string): HeaderField[] {
  const wanted = name.toLowerCase()
  return fields.filter(field => field.name.toLowerCase() === wanted)
}
