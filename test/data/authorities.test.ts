import { expect, test } from 'vitest'
import { identifiersOf, loadAuthorities } from '../../src/data/authorities.ts'

const { checked, authorities } = await loadAuthorities()

test('the list is dated, and not in the future', () => {
  expect(checked).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  expect(new Date(checked).getTime()).toBeLessThanOrEqual(Date.now())
})

test('each authority once', () => {
  const names = authorities.map(({ name }) => name)
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

test.each(authorities)('$name', authority => {
  expect(Object.keys(authority).toSorted()).toEqual(['caa', 'issuers', 'name', 'source'])
  expect(authority.source).toMatch(/^[a-z0-9.-]+\.[a-z]+(\/\S*)?$/)
  expect(authority.issuers).not.toEqual([])
  for (const issuer of authority.issuers) expect(issuer).toMatch(/^[^A-Z\\]{4,}$/)
  expect(authority.caa).not.toEqual([])
  for (const name of authority.caa) expect(name).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
})

test.each([
  ['C=US, O=Let\'s Encrypt, CN=R10', 'letsencrypt.org'],
  ['C=US, O=DigiCert\\, Inc., CN=RapidSSL TLS RSA CA G1', 'digicert.com'],
  ['C=GB, O=Sectigo Limited, CN=Sectigo Public Server Authentication CA DV R36', 'sectigo.com'],
  ['C=AT, O=ZeroSSL, CN=ZeroSSL ECC Domain Secure Site CA', 'sectigo.com'],
  ['C=US, O=Google Trust Services, CN=WR2', 'pki.goog'],
])('%s goes by %s', (issuer, name) => {
  expect(identifiersOf(authorities, issuer)).toContain(name)
})

test('a stranger goes by no name', () => {
  expect(identifiersOf(authorities, 'O=Village Roots, CN=Village Issuing CA')).toEqual([])
})
