import { beforeAll, expect, test } from 'vitest'
import { firstToEnd, inWords, judgeHorizon, lastToBegin, limits, required } from '../../src/checks/certificate-horizon.ts'
import { countedCertificates, weaknessOf } from '../../src/checks/served-chain.ts'
import { createAuthority, createSelfSigned, type Authority } from '../../src/lab/certificates.ts'
import type { TlsSession, Trust } from '../../src/network/network.ts'

const day = 86_400_000
const now = new Date('2026-11-22T12:00:00Z')
const inDays = (days: number): Date => new Date(now.getTime() + days * day)

let root: Authority
beforeAll(async () => {
  root = await createAuthority('Root', { notBefore: inDays(-3000), notAfter: inDays(-1) })
})

function session(chain: readonly Buffer[], trust: Trust): TlsSession {
  return {
    version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', keyExchange: 'X25519', servername: 'mail.example.com',
    chain: chain.map(der => der.toString('base64')), trust, ocspResponse: null, elapsed: 0,
  }
}

const subjects = (tls: TlsSession): string[] => countedCertificates(tls).map(({ subject }) => subject)
const leafOptions = { names: ['mail.example.com'], notBefore: inDays(-30), notAfter: inDays(60) }

test('of a trusted chain the path counts: neither the served root, nor what lies beside it', async () => {
  const between = await root.intermediate('Between', { notBefore: inDays(-300), notAfter: inDays(300) })
  const old = await root.intermediate('Old', { notBefore: inDays(-900), notAfter: inDays(-10) })
  const leaf = await between.issue(leafOptions)
  const chain = [leaf.der, between.der, old.der, root.der]
  expect(subjects(session(chain, { trusted: true, anchor: 'Root', path: [0, 1] }))).toEqual(['CN=mail.example.com', 'CN=Between'])
  expect(subjects(session(chain, { trusted: true, anchor: 'Root', path: [0, 1, 3] }))).toEqual(['CN=mail.example.com', 'CN=Between'])
})

test('of an untrusted chain all counts that is sent, but for roots', async () => {
  const between = await root.intermediate('Between', { notBefore: inDays(-300), notAfter: inDays(300) })
  const leaf = await between.issue(leafOptions)
  const tls = session([leaf.der, between.der, root.der, Buffer.from('no certificate')], { trusted: false, problem: 'unknown-issuer' })
  expect(subjects(tls)).toEqual(['CN=mail.example.com', 'CN=Between'])
})

test('a leaf that signed itself counts, trusted or not', async () => {
  const own = await createSelfSigned(leafOptions)
  expect(subjects(session([own.der], { trusted: false, problem: 'self-signed' }))).toEqual(['CN=mail.example.com'])
  expect(subjects(session([own.der], { trusted: true, anchor: 'CN=mail.example.com', path: [0] }))).toEqual(['CN=mail.example.com'])
})

test('an intermediate that ends before the leaf is what counts, with its own lifetime', async () => {
  const between = await root.intermediate('Between', { notBefore: inDays(-1800), notAfter: inDays(20) })
  const leaf = await between.issue(leafOptions)
  const counted = countedCertificates(session([leaf.der, between.der], { trusted: true, anchor: 'Root', path: [0, 1] }))
  expect(firstToEnd(counted)?.subject).toBe('CN=Between')
  expect(judgeHorizon('mail.example.com[192.0.2.5]:993', counted, now.toISOString(), limits.soon)).toMatchObject({
    verdict: 'fail', args: { date: '2026-12-12T12:00:00Z', remaining: '20 days' },
  })
})

test('a chain is valid once its youngest certificate is', async () => {
  const between = await root.intermediate('Between', { notBefore: inDays(1), notAfter: inDays(300) })
  const leaf = await between.issue(leafOptions)
  const counted = countedCertificates(session([leaf.der, between.der], { trusted: true, anchor: 'Root', path: [0, 1] }))
  expect(lastToBegin(counted)?.subject).toBe('CN=Between')
})

test('the SHA-1 signature of a root is nobody’s concern, that of an intermediate is', async () => {
  const oldRoot = await createAuthority('Old Root', { hash: 'sha1' })
  const sound = await oldRoot.issue(leafOptions)
  expect(weaknessOf(countedCertificates(session([sound.der, oldRoot.der], { trusted: true, anchor: 'Old Root', path: [0, 1] })))).toBeNull()
  const forged = await root.intermediate('Forged', { hash: 'sha1' })
  const leaf = await forged.issue(leafOptions)
  expect(weaknessOf(countedCertificates(session([leaf.der, forged.der], { trusted: true, anchor: 'Root', path: [0, 1] }))))
    .toEqual({ code: 'weak-signature', algorithm: 'ecdsa-with-SHA1' })
})

test.each([
  [398, [30, 14, 3]], [200, [30, 14, 3]], [100, [25, 10, 3]], [90, [22.5, 9, 3]], [47, [11.75, 4.7, 2.35]], [6, [1.5, 0.6, 0.3]],
])('the limits of a lifetime of %d days', (lifetime, expected) => {
  const certificate = { notBefore: now, notAfter: inDays(lifetime) }
  const days = [limits.soon, limits.late, limits.imminent].map(limit => required(certificate, limit) / day)
  days.forEach((found, i) => expect(found).toBeCloseTo(expected[i] ?? 0, 9))
})

test.each([
  [60 * day, '60 days'], [3 * day, '3 days'], [3 * day - 1, '71 hours'], [3_600_000, '1 hour'], [0, '0 hours'], [-2 * day, '-48 hours'], [-10 * day, '-10 days'],
])('%d ms in words', (milliseconds, words) => {
  expect(inWords(milliseconds)).toBe(words)
})
