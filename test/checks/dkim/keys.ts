/** Key records for tests, their keys made on the spot. */
import { generateKeyPairSync } from 'node:crypto'
import { formatData } from '../../../src/syntax/record.ts'

const made = new Map<number, string>()

/** Base64 of an RSA key. */
export function rsaKey(bits: number): string {
  const known = made.get(bits)
  if (known !== undefined) return known
  const key = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  made.set(bits, key)
  return key
}

/** A zone line with a TXT record, split as it has to be. */
export function txt(name: string, text: string): string {
  return `${name} TXT ${formatData('TXT', { strings: text.match(/[^]{1,255}/g) ?? [''] })}`
}

/** RFC 8463 appendix A. */
export const ed25519 = 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
