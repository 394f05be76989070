/**
 * Canonical forms of a message (RFC 6376 §3.4): what is digested in place of what was sent, so that a signature survives what
 * mail servers do to white space. "simple" tolerates next to nothing; "relaxed" folds runs of white space, and for fields also
 * unfolds lines and lowers the name. A body comes in pieces of any size and is never held as a whole.
 */
import { createHash, type Hash } from 'node:crypto'

export type CanonicalForm = 'simple' | 'relaxed'

/** A field without the CRLF that ends it: `Subject: hello` as it stands in the message, folded or not. */
export function canonicalField(field: string, form: CanonicalForm): string {
  if (form === 'simple') return field // §3.4.1
  const colon = field.indexOf(':')
  const name = field.slice(0, Math.max(colon, 0)).replace(/[ \t]+$/, '').toLowerCase()
  return `${name}:${relaxedValue(field.slice(colon + 1))}` // §3.4.2
}

/** Lines unfolded, runs of white space one space, none at either end. */
function relaxedValue(value: string): string {
  return value.replace(/\r\n(?=[ \t])/g, '').split(/[ \t]+/).join(' ').replace(/^ | $/g, '')
}

/**
 * The field with the value of its b tag taken out (§3.5), which is how a signature signs itself. The b of a name such as `bh`
 * is none.
 */
export function withoutSignature(field: string): string {
  const colon = field.indexOf(':') + 1
  return field.slice(0, colon) + field.slice(colon).replace(/(^|;)([ \t\r\n]*b[ \t\r\n]*=)[^;]*/, '$1$2')
}

const [tab, lf, cr, space] = [0x09, 0x0a, 0x0d, 0x20]

/** The digest of a body in its canonical form, fed piece by piece. */
export class BodyDigest {
  readonly #form: CanonicalForm
  readonly #limit: number | null
  readonly #hash: Hash
  /** Octets of the canonical form so far, those beyond the limit among them. */
  #length = 0
  /** Line ends that are held back: at the end of the body they do not count. */
  #lineEnds = 0
  /** A CR that may be half of a line end. */
  #afterCr = false
  /** Relaxed: white space that counts only if something follows it on its line. */
  #white = false
  /** Something has been written, so that the body needs a line end. */
  #begun = false
  readonly #out = Buffer.allocUnsafe(65_536)
  #filled = 0

  /** `limit`: octets of the canonical form that count (the l tag, §3.4.5); null for all. */
  constructor(form: CanonicalForm, limit: number | null, algorithm = 'sha256') {
    this.#form = form
    this.#limit = limit
    this.#hash = createHash(algorithm)
  }

  push(piece: Uint8Array): void {
    const relaxed = this.#form === 'relaxed'
    for (let i = 0; i < piece.length; i++) {
      const octet = piece[i] ?? 0
      if (this.#afterCr) {
        this.#afterCr = false
        if (octet === lf) {
          this.#white = false
          this.#lineEnds++
          continue
        }
        this.#write(cr) // by itself it is a character like others
      }
      if (octet === cr) this.#afterCr = true
      else if (relaxed && (octet === space || octet === tab)) this.#white = true
      else this.#write(octet)
    }
  }

  /** Base64. Nothing may be pushed any more. */
  end(): string {
    if (this.#afterCr) this.#write(cr)
    // §3.4.3: what is empty is one line end, §3.4.4: or nothing at all.
    if (this.#begun || this.#form === 'simple') this.#put(cr, lf)
    this.#flush()
    return this.#hash.digest('base64')
  }

  /** Octets of the whole canonical form, once it has ended. */
  get length(): number {
    return this.#length
  }

  #write(octet: number): void {
    for (; this.#lineEnds > 0; this.#lineEnds--) this.#put(cr, lf)
    if (this.#white) {
      this.#white = false
      this.#put(space)
    }
    this.#begun = true
    this.#put(octet)
  }

  #put(...octets: number[]): void {
    for (const octet of octets) {
      if (this.#limit === null || this.#length < this.#limit) {
        if (this.#filled === this.#out.length) this.#flush()
        this.#out[this.#filled++] = octet
      }
      this.#length++
    }
  }

  #flush(): void {
    this.#hash.update(this.#out.subarray(0, this.#filled))
    this.#filled = 0
  }
}
