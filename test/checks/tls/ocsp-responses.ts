/** Stapled answers about certificates (RFC 6960 §4.2.1), signed. */
import { createPrivateKey, sign, type KeyObject } from 'node:crypto'
import type { IssuedCertificate } from '../../../src/lab/certificates.ts'

const der = (tag: number, ...parts: (Buffer | string)[]): Buffer => {
  const content = Buffer.concat(parts.map(part => typeof part === 'string' ? Buffer.from(part, 'latin1') : part))
  const length = content.length < 0x80 ? Buffer.of(content.length) : Buffer.of(0x82, content.length >> 8, content.length & 0xff)
  return Buffer.concat([Buffer.of(tag), length, content])
}
const time = (text: string): Buffer => der(0x18, text)
const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'))
const basic = Buffer.from('06092b0601050507300101', 'hex')

/** Base64. Revoked on 12 November, unless it is said to be good; signed by `signer`, or by its delegate. */
export function staple(
  serial: string, signer: { readonly key: KeyObject }, { status = 'revoked', delegate }: { status?: 'revoked' | 'good'; delegate?: IssuedCertificate } = {},
): string {
  const octets = Buffer.from(serial, 'hex')
  const id = der(0x30, der(0x30, Buffer.from('06052b0e03021a', 'hex')), der(0x04, 'name'), der(0x04, 'key'), der(0x02, octets))
  const said = status === 'good' ? der(0x80) : der(0xa1, time('20261112100000Z'), der(0xa0, der(0x0a, '\x01')))
  const single = der(0x30, id, said, time('20261121100000Z'), der(0xa0, time('20261128100000Z')))
  const data = der(0x30, der(0xa2, der(0x04, 'key')), time('20261121100000Z'), der(0x30, single))
  const signature = der(0x03, '\0', sign('sha256', data, delegate ? createPrivateKey(delegate.keyPem) : signer.key))
  const extra = delegate ? [der(0xa0, der(0x30, delegate.der))] : []
  return der(0x30, der(0x0a, '\0'), der(0xa0, der(0x30, basic, der(0x04, der(0x30, data, ecdsaWithSha256, signature, ...extra))))).toString('base64')
}
