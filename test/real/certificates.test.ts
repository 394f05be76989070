/** Certificates that not every client sees, and servers that agree on keys as nobody should, as Postfix and Dovecot have them. */
import { expect, test } from 'vitest'
import { mailcheck, verdictsOf } from './command.ts'

const people = ['465', '587', '143', '993', '110', '995']
const retrieval = ['143', '993', '110', '995']
const all = (host: string, ports: readonly string[], verdict: string): Record<string, string> => Object.fromEntries(ports.map(port => [`${host}:${port}`, verdict]))

test('an RSA certificate that ended beside an ECDSA certificate in order is found by a scan, and by nothing less', async () => {
  const host = 'mail.dual.example[185.12.34.130]'
  const polite = await mailcheck('dual.example', '--only', 'tls/certificate-in-date')
  expect(verdictsOf(polite.report, 'tls/certificate-in-date')).toEqual(all(host, people, 'pass'))
  const { status, report } = await mailcheck('dual.example', '--tls-scan', '--only', 'tls/certificate-*', '--only', 'mx-tls/certificate-verifiable')
  expect(status).toBe(1)
  expect(verdictsOf(report, 'tls/certificate-in-date')).toEqual(all(host, people, 'fail failed'))
  expect(verdictsOf(report, 'mx-tls/certificate-verifiable')).toEqual(all(host, ['25'], 'fail expired'))
  expect(verdictsOf(report, 'tls/certificate-trusted')).toEqual(all(host, people, 'pass'))
})

test('a certificate for clients that name the host alone', async () => {
  const host = 'mail.named.example[185.12.34.140]'
  const { report } = await mailcheck('named.example', '--only', 'tls/certificate-uniform', '--only', 'tls/certificate-names-host')
  expect(verdictsOf(report, 'tls/certificate-names-host')).toMatchObject(all(host, retrieval, 'pass'))
  expect(verdictsOf(report, 'tls/certificate-uniform')).toEqual({ 'mail.named.example': 'fail without-name' })
})

test('TLS 1.1 with RSA key transport alone', async () => {
  const host = 'mail.static.example[185.12.34.150]'
  const { status, report } = await mailcheck('static.example', '--tls-scan', '--only', 'tls/*', '--only', 'mx-tls/*')
  expect(status).toBe(1)
  expect(verdictsOf(report, 'tls/version-current')).toEqual(all(host, people, 'fail failed'))
  expect(verdictsOf(report, 'tls/key-exchange-strong')).toEqual(all(host, people, 'fail failed'))
  expect(verdictsOf(report, 'mx-tls/version-current')).toEqual(all(host, ['25'], 'fail failed'))
  expect(verdictsOf(report, 'mx-tls/handshake-modern')).toEqual(all(host, ['25'], 'fail failed'))
})
