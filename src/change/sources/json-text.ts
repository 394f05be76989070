/** JSON whose objects know where in the text they begin: who is told of a fault wants to find it. Never goes deeper than it may. */

export interface JsonText {
  readonly value: unknown
  /** Line and column, from 1, of an object or list in `value`. */
  placeOf(part: object): { readonly line: number; readonly column: number }
}

export interface JsonError {
  readonly error: string
  readonly line: number
  readonly column: number
}

const deepest = 200

export function parseJsonText(text: string): JsonText | JsonError {
  const reader = new Reader(text)
  const lines = lineStarts(text)
  const place = (offset: number): { line: number; column: number } => {
    let low = 0
    for (let high = lines.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1
      if ((lines[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 }
  }
  try {
    const value = reader.document()
    return { value, placeOf: part => place(reader.starts.get(part) ?? 0) }
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    return { error: error.message, ...place(error.offset) }
  }
}

class JsonSyntaxError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

class Reader {
  readonly starts = new WeakMap<object, number>()
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): unknown {
    if (this.#text.startsWith('\ufeff')) this.#at = 1
    const value = this.#value(0)
    this.#skip()
    if (this.#at < this.#text.length) this.#fail('the JSON document ends before this')
    return value
  }

  #value(depth: number): unknown {
    if (depth > deepest) this.#fail(`this is nested more than ${deepest} deep`)
    this.#skip()
    const start = this.#at
    switch (this.#text.charAt(start)) {
      case '{': return this.#object(start, depth)
      case '[': return this.#list(start, depth)
      case '"': return this.#string()
      default: return this.#word()
    }
  }

  #object(start: number, depth: number): Record<string, unknown> {
    // A key called __proto__ must be a key like the others.
    const object = Object.create(null) as Record<string, unknown>
    this.starts.set(object, start)
    this.#at++
    if (this.#takes('}')) return object
    for (;;) {
      this.#skip()
      if (this.#text.charAt(this.#at) !== '"') this.#fail('expected a key in quotation marks')
      const key = this.#string()
      if (!this.#takes(':')) this.#fail('expected ":"')
      object[key] = this.#value(depth + 1)
      if (this.#takes('}')) return object
      if (!this.#takes(',')) this.#fail('expected "," or "}"')
    }
  }

  #list(start: number, depth: number): unknown[] {
    const list: unknown[] = []
    this.starts.set(list, start)
    this.#at++
    if (this.#takes(']')) return list
    for (;;) {
      list.push(this.#value(depth + 1))
      if (this.#takes(']')) return list
      if (!this.#takes(',')) this.#fail('expected "," or "]"')
    }
  }

  #string(): string {
    const start = this.#at
    const stops = /["\\]/g
    stops.lastIndex = start + 1
    for (;;) {
      const found = stops.exec(this.#text)
      if (!found) this.#fail('this string has no end')
      if (found[0] === '"') {
        this.#at = found.index + 1
        return this.#parsed(start) as string
      }
      stops.lastIndex = found.index + 2
    }
  }

  #word(): unknown {
    const start = this.#at
    const word = /[^\s,\]}:]{0,40}/y
    word.lastIndex = start
    const text = word.exec(this.#text)?.[0] ?? ''
    if (text === '') this.#fail(start < this.#text.length ? 'expected a value' : 'the JSON document is not complete')
    this.#at = start + text.length
    return this.#parsed(start)
  }

  /** Scalars are read as everybody reads them. */
  #parsed(start: number): unknown {
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as unknown
    } catch {
      throw new JsonSyntaxError('this is no JSON value', start)
    }
  }

  #takes(character: string): boolean {
    this.#skip()
    if (this.#text.charAt(this.#at) !== character) return false
    this.#at++
    return true
  }

  #skip(): void {
    while (' \t\r\n'.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at++
  }

  #fail(message: string): never {
    throw new JsonSyntaxError(message, this.#at)
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
