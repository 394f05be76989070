/** The digests of one body that its signatures speak of: each made once, while the body goes by. */
import { BodyDigest, type CanonicalForm } from './dkim-canonical.ts'
import type { BodySink } from './message.ts'

export interface DigestWanted {
  readonly form: CanonicalForm
  /** Octets; null for the whole body. */
  readonly length: number | null
}

/** A hundred signatures with a hundred lengths would be a hundred readings of the body. */
const mostDigests = 8

export class BodyDigests {
  readonly #digests = new Map<string, BodyDigest>()
  readonly #done = new Map<string, { digest: string; octets: number }>()

  constructor(wanted: readonly DigestWanted[]) {
    for (const { form, length } of wanted) {
      const key = keyOf({ form, length })
      if (!this.#digests.has(key) && this.#digests.size < mostDigests) this.#digests.set(key, new BodyDigest(form, length))
    }
  }

  readonly sink: BodySink = piece => {
    for (const digest of this.#digests.values()) digest.push(piece)
  }

  /** Base64 of SHA-256, and the octets of the whole canonical body; null when this one was not made. */
  of(wanted: DigestWanted): { readonly digest: string; readonly octets: number } | null {
    const key = keyOf(wanted)
    const digest = this.#digests.get(key)
    if (digest && !this.#done.has(key)) this.#done.set(key, { digest: digest.end(), octets: digest.length })
    return this.#done.get(key) ?? null
  }
}

function keyOf({ form, length }: DigestWanted): string {
  return `${form} ${String(length)}`
}
