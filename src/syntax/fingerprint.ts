/** A short name for a tuple of texts: the same texts, the same name, on every machine and in every version. */
import { createHash } from 'node:crypto'

/** 64 hexadecimal digits: SHA-256 over the parts, each ended by a NUL so that no two tuples run into one. */
export function fingerprint(...parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part}\0`)
  return hash.digest('hex')
}
