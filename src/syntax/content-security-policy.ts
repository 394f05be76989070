/**
 * Content-Security-Policy (W3C CSP3): a header by which a page says what a browser may load or run for it. An inline style
 * is allowed by the hash of its text, so that no other style and no script can be slipped in:
 *
 *   Content-Security-Policy: default-src 'none'; style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
 */
import { createHash } from 'node:crypto'

/**
 * A policy for a page that stands alone: it may use the one inline style (CSP3 §2.3.1, `hash-source`) and images that it
 * holds itself, such as an empty icon; it may run nothing, ask nobody, and send nothing.
 */
export function standalonePolicy(style: string): string {
  const hash = createHash('sha256').update(style, 'utf8').digest('base64')
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`
}
