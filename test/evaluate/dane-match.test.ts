/** What OpenSSL 3 does with the same records and chains (s_client -dane_tlsa_rrdata), and why. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { matchDane, type DaneMatch } from '../../src/evaluate/dane-match.ts'
import { createAuthority, createSelfSigned, type Authority, type CertificateOptions, type IssuedCertificate } from '../../src/lab/certificates.ts'
import { parseTlsa, type TlsaData } from '../../src/syntax/tlsa.ts'
import { associationData } from '../../src/syntax/tlsa-association.ts'

const day = 86_400_000
const now = new Date()
const past = new Date(now.getTime() - day)
const future = new Date(now.getTime() + day)

type Made = Pick<IssuedCertificate, 'der'>
const base64 = ({ der }: Made): string => der.toString('base64')
/** `3 1 1`, of this certificate. */
function tlsa(fields: string, certificate: Made): TlsaData {
  const [usage = 0, selector = 0, matching = 0] = fields.split(' ').map(Number)
  return { usage, selector, matching, data: associationData(base64(certificate), selector, matching) ?? '' }
}
const read = (text: string): TlsaData => parseTlsa(text).data ?? { usage: 255, selector: 255, matching: 255, data: '' }

let root: Authority
let issuer: Authority
let stranger: Authority
let good: IssuedCertificate
beforeAll(async () => {
  root = await createAuthority('Root')
  issuer = await root.intermediate('Issuer')
  stranger = await createAuthority('Stranger')
  good = await issuer.issue({ names: ['mx1.example.com'] })
})

function match(records: readonly TlsaData[], chain: readonly Made[] = [good, issuer], names = ['mx1.example.com']): DaneMatch {
  return matchDane(records, { chain: chain.map(base64), names, now })
}
const results = ({ records }: DaneMatch): string[] => records.map(({ result }) => result)

describe('usage 3, the server’s own certificate', () => {
  test.each(['3 0 0', '3 0 1', '3 0 2', '3 1 0', '3 1 1', '3 1 2'])('%s', fields => {
    expect(match([tlsa(fields, good)])).toMatchObject({ verdict: 'matches', records: [{ result: 'matches', at: 0 }] })
    expect(match([tlsa(fields, issuer)])).toMatchObject({ verdict: 'differs', records: [{ result: 'differs' }] })
  })

  test('looks at neither names nor dates nor issuers (RFC 7672 §3.1.1)', async () => {
    const old = await createSelfSigned({ names: ['other.example'], notBefore: new Date(past.getTime() - day), notAfter: past })
    expect(match([tlsa('3 1 1', old)], [old])).toMatchObject({ verdict: 'matches' })
  })
})

describe('usage 2, an authority', () => {
  test.each<[string, string, () => Made, () => readonly Made[], string]>([
    ['the issuer', '2 1 1', () => issuer, () => [good, issuer], 'matches'],
    ['the root, where it is served', '2 0 1', () => root, () => [good, issuer, root], 'matches'],
    ['out of order', '2 0 1', () => root, () => [good, root, issuer], 'matches'],
    ['the digest of a root that is not served', '2 0 1', () => root, () => [good, issuer], 'differs'],
    ['a whole root that is not served', '2 0 0', () => root, () => [good, issuer], 'matches'],
    ['the whole key of a root that is not served', '2 1 0', () => root, () => [good, issuer], 'matches'],
    ['the whole key of the issuer, not served', '2 1 0', () => issuer, () => [good], 'matches'],
    ['a whole root that issued somebody else', '2 0 0', () => stranger, () => [good, issuer], 'differs'],
    ['the issuer, not served', '2 1 1', () => issuer, () => [good], 'differs'],
    ['a bystander, served', '2 1 1', () => stranger, () => [good, issuer, stranger], 'no-path'],
    ['the leaf itself', '2 1 1', () => good, () => [good, issuer], 'leaf-as-anchor'],
  ])('%s', (_, fields, anchor, chain, result) => {
    expect(results(match([tlsa(fields, anchor())], chain()))).toEqual([result])
  })

  test('a self-signed leaf is no anchor, save by its whole key', async () => {
    const self = await createSelfSigned({ names: ['mx1.example.com'] })
    expect(results(match([tlsa('2 1 1', self), tlsa('2 0 0', self)], [self]))).toEqual(['leaf-as-anchor', 'leaf-as-anchor'])
    expect(results(match([tlsa('2 1 0', self)], [self]))).toEqual(['matches'])
  })

  test.each<[string, CertificateOptions, string[], string]>([
    ['the TLSA base domain', { names: ['mx1.example.com'] }, ['mx1.example.com'], 'matches'],
    ['the next hop of a secure MX', { names: ['example.com'] }, ['mx1.example.com', 'example.com'], 'matches'],
    ['the next hop of an insecure MX', { names: ['example.com'] }, ['mx1.example.com'], 'other-name'],
    ['a wildcard', { names: ['*.example.com'] }, ['mx1.example.com'], 'matches'],
    ['a wildcard two labels up', { names: ['*.com'] }, ['mx1.example.com'], 'other-name'],
    ['a common name alone', { names: [], commonName: 'mx1.example.com' }, ['mx1.example.com'], 'matches'],
    ['a common name beside other DNS names', { names: ['www.example.com'], commonName: 'mx1.example.com' }, ['mx1.example.com'], 'other-name'],
    ['a line end in the common name', { names: [], commonName: 'a\nCN=mx1.example.com' }, ['mx1.example.com'], 'other-name'],
  ])('names: %s', async (_, options, names, result) => {
    const leaf = await issuer.issue(options)
    expect(results(match([tlsa('2 1 1', issuer)], [leaf, issuer], names))).toEqual([result])
  })

  test('dates of the leaf', async () => {
    const old = await issuer.issue({ names: ['mx1.example.com'], notBefore: new Date(past.getTime() - day), notAfter: past })
    const early = await issuer.issue({ names: ['mx1.example.com'], notBefore: future })
    expect(results(match([tlsa('2 1 1', issuer)], [old, issuer]))).toEqual(['expired'])
    expect(results(match([tlsa('2 1 1', issuer)], [early, issuer]))).toEqual(['not-yet-valid'])
  })

  test('dates between leaf and anchor, and of a root; not of an intermediate that is the anchor', async () => {
    const oldIssuer = await root.intermediate('Old Issuer', { notAfter: past })
    const oldRoot = await createAuthority('Old Root', { notAfter: past })
    const underIssuer = await oldIssuer.issue({ names: ['mx1.example.com'] })
    const underRoot = await oldRoot.issue({ names: ['mx1.example.com'] })
    expect(results(match([tlsa('2 0 1', root)], [underIssuer, oldIssuer, root]))).toEqual(['expired'])
    expect(results(match([tlsa('2 0 1', oldRoot)], [underRoot, oldRoot]))).toEqual(['expired'])
    expect(results(match([tlsa('2 0 0', oldRoot)], [underRoot]))).toEqual(['expired'])
    expect(results(match([tlsa('2 1 1', oldIssuer)], [underIssuer, oldIssuer]))).toEqual(['matches'])
  })
})

describe('several records', () => {
  test('one that matches is enough', () => {
    expect(match([tlsa('3 1 1', stranger), tlsa('3 1 1', good)])).toMatchObject({ verdict: 'matches' })
    expect(match([tlsa('3 1 1', stranger), tlsa('2 1 1', issuer)])).toMatchObject({ verdict: 'matches' })
  })

  test('a stronger digest outranks a weaker one of the same usage and selector (RFC 7671 §9)', () => {
    expect(results(match([tlsa('3 1 1', good), tlsa('3 1 2', stranger)]))).toEqual(['outranked', 'differs'])
    expect(match([tlsa('3 1 1', good), tlsa('3 1 2', stranger)]).verdict).toBe('differs')
    expect(match([tlsa('3 1 1', good), tlsa('3 0 2', stranger)]).verdict).toBe('matches')
    expect(match([tlsa('3 1 0', good), tlsa('3 1 2', stranger)]).verdict).toBe('matches')
    expect(match([tlsa('3 1 1', good), read('3 1 2 abcd')]).verdict).toBe('matches')
  })

  test('what no client can use does not count (RFC 7672 §3.1.3)', () => {
    expect(match([tlsa('0 0 1', root), tlsa('1 1 1', good), read('3 1 1 abcd'), read('3 1 7 abcd'), read('3 1 0 abcd')]).verdict).toBe('unusable')
    expect(match([tlsa('1 1 1', good), tlsa('3 1 1', good)]).verdict).toBe('matches')
    expect(match([]).verdict).toBe('unusable')
  })

  test('the digest of nothing is tried, and matches nothing', () => {
    expect(match([read('3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')]).verdict).toBe('differs')
  })
})

test('whatever is published, and whatever is served: a verdict', () => {
  const record = fc.record({
    usage: fc.integer({ min: 0, max: 4 }), selector: fc.integer({ min: 0, max: 2 }), matching: fc.integer({ min: 0, max: 3 }),
    data: fc.uint8Array({ maxLength: 70 }).map(octets => Buffer.from(octets).toString('hex')),
  })
  const certificate = fc.uint8Array({ maxLength: 60 }).map(octets => Buffer.from(octets).toString('base64'))
  fc.assert(fc.property(fc.array(record), fc.array(certificate), fc.boolean(), (records, chain, real) => {
    const served = real ? [base64(good), ...chain] : chain
    expect(['matches', 'differs', 'unusable']).toContain(matchDane(records, { chain: served, names: ['mx1.example.com'], now }).verdict)
  }))
})

test('a flood of records costs little, and each has its result', () => {
  const flood = Array.from({ length: 20_000 }, (_, i): TlsaData => ({ usage: 2, selector: i % 2, matching: 0, data: issuer.der.toString('hex') }))
  const { records } = match([tlsa('3 1 1', good), ...flood], [good, ...Array.from({ length: 100 }, () => issuer)])
  expect(records.length).toBe(20_001)
  expect(records[0]).toMatchObject({ result: 'matches' })
})
