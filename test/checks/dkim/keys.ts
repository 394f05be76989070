/** Key records for tests, their keys made on the spot. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
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

/** Base64 of the RSA key with this modulus, whether or not there can be such a key. */
export function rsaKeyOf(modulus: bigint, exponent = 65537n): string {
  const octets = (number: bigint): string => Buffer.from(number.toString(16).replace(/^(?=(?:..)*.$)/, '0'), 'hex').toString('base64url')
  return createPublicKey({ key: { kty: 'RSA', n: octets(modulus), e: octets(exponent) }, format: 'jwk' }).export({ type: 'spki', format: 'der' }).toString('base64')
}

/** The modulus of a good key. */
export function rsaModulus(bits: number): bigint {
  const { n = '' } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' })
  return BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`)
}

/** A zone line with a TXT record, split as it has to be. */
export function txt(name: string, text: string): string {
  return `${name} TXT ${formatData('TXT', { strings: text.match(/[^]{1,255}/g) ?? [''] })}`
}

/** RFC 8463 appendix A. */
export const ed25519 = 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
