/**
 * A mailbox in one file (RFC 4155): messages one after another, each behind a line that begins with "From " and follows an empty
 * line or the start of the file. It comes in pieces, and one message at a time is kept.
 */
import { Gathered } from './gathered.ts'

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
  readonly #message = new Gathered()
  #size = 0
  #line = 1
  #messageLine = 1
  /** What is not yet a whole line. */
  readonly #rest = new Gathered()
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
      if (this.#rest.length === 0) this.#endLine(part)
      else {
        this.#rest.push(part)
        this.#endLine(this.#rest.take())
      }
      at = feed + 1
    }
    if (at < piece.length) this.#rest.push(piece.subarray(at))
  }

  end(): void {
    if (this.#rest.length > 0) this.#endLine(this.#rest.take())
    this.#flush()
  }

  #endLine(line: Uint8Array): void {
    if (this.#afterEmpty && line.length >= begin.length && begin.equals(line.subarray(0, begin.length))) {
      this.#flush()
      this.#messageLine = this.#line
    } else {
      this.#size += line.length
      if (this.#size <= this.#most) this.#message.push(line)
      else this.#message.take()
    }
    this.#afterEmpty = line.length === 1 || (line.length === 2 && line[0] === 0x0d)
    this.#line++
  }

  #flush(): void {
    const octets = this.#message.take()
    if (this.#size > 0) this.#onMessage({ line: this.#messageLine, octets: this.#size > this.#most ? null : octets })
    this.#size = 0
  }
}
