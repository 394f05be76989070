/** Octets in, lines out: one character an octet, without the newline. What is longer than is read is cut, and told. */

const longest = 16_384

export interface Line {
  readonly text: string
  readonly cut: boolean
}

export class OctetLines {
  /** The line under way, as far as it is kept. */
  #pieces: Buffer[] = []
  #length = 0
  #cut = false

  push(octets: Buffer): Line[] {
    const lines: Line[] = []
    let at = 0
    for (let end = octets.indexOf(0x0a, at); end >= 0; end = octets.indexOf(0x0a, at)) {
      if (this.#length > 0 || this.#cut) {
        this.#keep(octets, at, end)
        lines.push(this.#take())
      } else lines.push(lineOf(octets, at, end))
      at = end + 1
    }
    if (at < octets.length) this.#keep(octets, at, octets.length)
    return lines
  }

  /** The line that nothing ended. */
  end(): Line[] {
    return this.#length > 0 ? [this.#take()] : []
  }

  #keep(octets: Buffer, from: number, to: number): void {
    const room = longest - this.#length
    if (to - from > room) this.#cut = true
    const piece = octets.subarray(from, Math.min(to, from + room))
    if (piece.length === 0) return
    this.#pieces.push(Buffer.from(piece)) // the octets themselves may be used again
    this.#length += piece.length
  }

  #take(): Line {
    const octets = Buffer.concat(this.#pieces)
    const line = { ...lineOf(octets, 0, octets.length), cut: this.#cut }
    this.#pieces = []
    this.#length = 0
    this.#cut = false
    return line
  }
}

function lineOf(octets: Buffer, from: number, to: number): Line {
  const cut = to - from > longest
  const end = cut ? from + longest : to > from && octets[to - 1] === 0x0d ? to - 1 : to
  return { text: octets.toString('latin1', from, end), cut }
}
