import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSelfSigned, type CertificateOptions } from '../../src/lab/certificates.ts'
import { endPointBinding } from '../../src/syntax/end-point-binding.ts'

test.each<[NonNullable<CertificateOptions['key']>, NonNullable<CertificateOptions['hash']>, string | null]>([
  ['ec256', 'sha256', 'sha256'], ['ec384', 'sha384', 'sha384'], ['rsa2048', 'sha1', 'sha256'], ['ed25519', 'sha256', null],
])('of a certificate with %s and %s it is made with %s', async (key, hash, made) => {
  const { der } = await createSelfSigned({ names: ['mail.example.com'], key, hash })
  expect(endPointBinding(der.toString('base64'))).toBe(made && createHash(made).update(der).digest().toString('latin1'))
})

test('of what is no certificate there is none', () => {
  fc.assert(fc.property(fc.string(), text => endPointBinding(text) === null))
})
