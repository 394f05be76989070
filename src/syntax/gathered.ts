/**
 * Octets that come in pieces, put together in one buffer. Who keeps the pieces pays for each of them: a body of a million empty
 * lines, kept line by line, takes a hundred times the memory of its octets.
 */
export class Gathered {
  #buffer = Buffer.alloc(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Copies: the piece may be used again. */
  push(piece: Uint8Array): void {
    const length = this.#length + piece.length
    if (length > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(length, 2 * this.#buffer.length))
      larger.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = larger
    }
    this.#buffer.set(piece, this.#length)
    this.#length = length
  }

  /** What came since the last time. */
  take(): Buffer {
    const octets = this.#buffer.subarray(0, this.#length)
    this.#buffer = Buffer.alloc(0)
    this.#length = 0
    return octets
  }
}
