/**
 * A mailbox in one file (RFC 4155): messages one after another, each behind a line that begins with "From " and follows an empty
 * line or the start of the file. It comes in pieces, and one message at a time is kept.
 */

export interface BoxedMessage {
  /** 1-based line of the file at which it begins. */
  readonly line: number
  /** Null for one of more octets than may be. */
  readonly octets: Uint8Array | null
}

const lf = 0x0a
const begin = Buffer.from('From ')

export class MboxSplitter {
  readonly #most: number
  readonly #onMessage: (message: BoxedMessage) => void
  #pieces: Uint8Array[] = []
  #size = 0
  #line = 1
  #messageLine = 1
  /** What is not yet a whole line. */
  #rest: Uint8Array[] = []
  #afterEmpty = true

  /** `most`: octets of a message. */
  constructor(most: number, onMessage: (message: BoxedMessage) => void) {
    this.#most = most
    this.#onMessage = onMessage
  }

  push(piece: Uint8Array): void {
    let at = 0
    for (let feed = piece.indexOf(lf); feed >= 0; feed = piece.indexOf(lf, at)) {
      const part = piece.subarray(at, feed + 1)
      this.#endLine(this.#rest.length === 0 ? part : Buffer.concat([...this.#rest, part]))
      this.#rest = []
      at = feed + 1
    }
    if (at < piece.length) this.#rest.push(Uint8Array.from(piece.subarray(at)))
    if (this.#rest.length > 1000) this.#rest = [Buffer.concat(this.#rest)]
  }

  end(): void {
    if (this.#rest.length > 0) this.#endLine(Buffer.concat(this.#rest))
    this.#flush()
  }

  #endLine(line: Uint8Array): void {
    if (this.#afterEmpty && line.length >= begin.length && begin.equals(line.subarray(0, begin.length))) {
      this.#flush()
      this.#messageLine = this.#line
    } else {
      this.#size += line.length
      if (this.#size <= this.#most) this.#pieces.push(Uint8Array.from(line))
      else this.#pieces = []
    }
    this.#afterEmpty = line.length === 1 || (line.length === 2 && line[0] === 0x0d)
    this.#line++
  }

  #flush(): void {
    if (this.#size > 0) this.#onMessage({ line: this.#messageLine, octets: this.#size > this.#most ? null : Buffer.concat(this.#pieces) })
    this.#pieces = []
    this.#size = 0
  }
}
