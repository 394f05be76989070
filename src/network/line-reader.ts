import type { Duplex } from 'node:stream'
import { NetworkFailure, type Failure } from './network.ts'
import { streamFailure } from './tcp.ts'
import { tlsFailure } from './tls-failure.ts'

/**
 * What a peer may send before we speak again. RFC 5321 §4.5.3.1 allows reply lines of 512 octets, IMAP and POP3 have no
 * such limit; a hundred capabilities fit many times over.
 */
export const limits = { line: 16 * 1024, lines: 512, octets: 256 * 1024 } as const

/**
 * The same where replies bring mail that was asked for in pieces, whose octets are counted: there a LF without CR before it stays. A
 * line of IMAP may name every message of a folder.
 */
const longReplies = { line: 1024 * 1024, lines: 100_000, octets: 4 * 1024 * 1024 } as const

/**
 * Takes lines out of a stream, as they are asked for: what nobody asks for stays in the stream's own small buffer and in the
 * kernel, so a peer that floods us is held back by TCP. Ends at LF, with or without CR before it.
 */
export class LineReader {
  readonly #stream: Duplex
  readonly #limits: typeof limits | typeof longReplies
  /** The line so far, without its end. */
  #parts: Buffer[] = []
  #held = 0
  /** Received and not looked at yet. */
  #rest: Buffer = Buffer.alloc(0)
  #failure: Failure | undefined
  #wake: (() => void) | undefined
  #lines = 0
  #octets = 0

  constructor(stream: Duplex, long = false) {
    this.#limits = long ? longReplies : limits
    this.#stream = stream
    stream.on('readable', this.#onReadable)
    stream.on('end', this.#onEnd)
    stream.on('close', this.#onEnd)
    stream.on('error', this.#onError)
  }

  /** Begins a new reply: the limits count from here. */
  begin(): void {
    this.#lines = 0
    this.#octets = 0
  }

  /** The next line as an octet string; rejects with `NetworkFailure` when there is none by `deadline` (performance.now). */
  async next(deadline: number, late: Failure): Promise<string> {
    for (;;) {
      const line = this.#take()
      if (line !== undefined) return line
      if (this.#failure) throw new NetworkFailure(this.#failure)
      const left = deadline - performance.now()
      if (left <= 0) throw new NetworkFailure(this.#failure = late)
      await this.#more(left)
    }
  }

  /** The lines that are here already, up to what one reply may have. */
  waiting(): string[] {
    const lines: string[] = []
    for (let line = this.#take(); line !== undefined; line = this.#take()) lines.push(line)
    return lines
  }

  /** Lets go of the stream; what was received and not read is handed back. */
  release(): Buffer {
    this.#stream.off('readable', this.#onReadable)
    this.#stream.off('end', this.#onEnd)
    this.#stream.off('close', this.#onEnd)
    this.#stream.off('error', this.#onError)
    this.#fill()
    return Buffer.concat([...this.#parts, this.#rest])
  }

  #take(): string | undefined {
    while (this.#fill()) {
      const end = this.#rest.indexOf(0x0a)
      const part = end < 0 ? this.#rest : this.#rest.subarray(0, end)
      this.#rest = end < 0 ? this.#rest.subarray(part.length) : this.#rest.subarray(end + 1)
      this.#parts.push(part)
      this.#held += part.length
      this.#octets += part.length
      if (end >= 0) this.#lines++
      const excess =
        this.#held > this.#limits.line ? `a line of more than ${this.#limits.line} octets`
        : this.#octets > this.#limits.octets ? `a reply of more than ${this.#limits.octets} octets`
        : this.#lines > this.#limits.lines ? `a reply of more than ${this.#limits.lines} lines`
        : null
      if (excess !== null) {
        this.#failure = { event: 'too-long', reason: 'tarpit', detail: excess }
        this.#parts = []
        this.#rest = Buffer.alloc(0)
        return undefined
      }
      if (end < 0) continue
      const line = Buffer.concat(this.#parts).toString('latin1')
      this.#parts = []
      this.#held = 0
      return line.endsWith('\r') ? line.slice(0, -1) : this.#limits === longReplies ? `${line}\n` : line
    }
    return undefined
  }

  /** Is there anything to look at? */
  #fill(): boolean {
    if (this.#rest.length === 0 && !this.#failure) this.#rest = this.#stream.read() as Buffer | null ?? this.#rest
    return this.#rest.length > 0
  }

  #more(left: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, left)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  readonly #onReadable = (): void => this.#wake?.()

  readonly #onEnd = (): void => {
    this.#fail(streamFailure())
  }

  readonly #onError = (error: NodeJS.ErrnoException): void => {
    this.#fail(tlsFailure(error))
  }

  #fail(failure: Failure): void {
    // What came before the end still counts.
    const octets = this.#stream.read() as Buffer | null
    if (octets) this.#rest = Buffer.concat([this.#rest, octets])
    this.#failure ??= failure
    this.#wake?.()
  }
}
