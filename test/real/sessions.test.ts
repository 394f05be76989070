/** What real servers say in a session that goes deep: TLS versions, chains, and envelopes. */
import { expect, test } from 'vitest'
import type { ServiceSession } from '../../src/probes/session.ts'
import type { Report } from '../../src/report/report.ts'
import { graveFails, knows, mailcheck, show, verdictsOf } from './command.ts'

const ports = ['25', '465', '587', '143', '993', '110', '995']

/** Of every session: its port, and what `told` makes of it. */
function everySession<T>(report: Report, told: (session: ServiceSession) => T): Record<string, T> {
  const { smtp, service } = report.facts as Record<'smtp' | 'service', Record<string, ServiceSession>>
  return Object.fromEntries([...Object.values(smtp), ...Object.values(service)].map(session => [String(session.endpoint.port), told(session)]))
}

test.each([['old', 'TLSv1'], ['new', 'TLSv1.3']])('a server that speaks one version of TLS alone: %s.example, %s', async (name, version) => {
  const { report } = await mailcheck(`${name}.example`, '--selector', 's2026')
  expect(everySession(report, ({ tls }) => tls?.version)).toEqual(Object.fromEntries(ports.map(port => [port, version])))
  expect(everySession(report, ({ failure }) => failure)).toEqual(Object.fromEntries(ports.map(port => [port, undefined])))
})

test('TLS 1.0 alone is one', async () => {
  const { status, report } = await mailcheck('old.example', '--selector', 's2026')
  expect(status).toBe(1)
  expect(verdictsOf(report, 'mx-tls/version-current')).toEqual({ 'mail.old.example[185.12.34.50]:25': 'fail failed' })
  expect(verdictsOf(report, 'tls/version-current')).toEqual(
    Object.fromEntries(ports.slice(1).map(port => [`mail.old.example[185.12.34.50]:${port}`, 'fail failed'])))
})

test('TLS 1.3 alone is no fault', async () => {
  expect(graveFails((await mailcheck('new.example', '--selector', 's2026')).report).filter(line => /^(?:tls|mx-tls)\//.test(line))).toEqual([])
})

test('a chain without its intermediate', async () => {
  const { status, report } = await mailcheck('chain.example', '--selector', 's2026')
  expect(status).toBe(1)
  expect(verdictsOf(report, 'tls/chain-complete')).toEqual(
    Object.fromEntries(ports.slice(1).map(port => [`mail.chain.example[185.12.34.70]:${port}`, expect.stringMatching(/^fail/) as string])))
  expect(everySession(report, ({ tls }) => tls?.trust)).toEqual(Object.fromEntries(ports.map(port => [port, { trusted: false, problem: 'unknown-issuer' }])))
})

test('Postfix and Dovecot say nothing in clear behind their consent to STARTTLS', async () => {
  const { report } = await mailcheck('good.example', '-4', '--only', 'tls/nothing-injected-before-tls', '--only', 'mx-tls/nothing-injected-before-tls')
  expect(verdictsOf(report, 'mx-tls/nothing-injected-before-tls')).toEqual({ 'mx1.good.example[185.12.34.10]:25': 'pass' })
  expect(verdictsOf(report, 'tls/nothing-injected-before-tls')).toMatchObject(
    Object.fromEntries(['587', '143', '110'].map(port => [`mail.good.example[185.12.34.10]:${port}`, 'pass'])))
})

test('an open relay is found, and only with leave', async () => {
  const mx = 'mail.relay.example[185.12.34.90]:25'
  expect(Object.values(verdictsOf((await mailcheck('relay.example', '--only', 'smtp/*')).report, 'smtp/relay-refused'))).toEqual(['skip needs-flag'])
  const { status, report } = await mailcheck('relay.example', '--own', '--only', 'smtp/*')
  expect(status).toBe(1)
  expect(verdictsOf(report, 'smtp/relay-refused')).toEqual({ [mx]: 'fail failed' })
})

test('a server in order stands up to what its owner may ask', async () => {
  const { report } = await mailcheck('good.example', '--own', '--selector', 's2026')
  const mx = ['mx1.good.example[185.12.34.10]:25', 'mx1.good.example[2a0c:1234::10]:25']
  for (const check of ['smtp/relay-refused', 'smtp/null-sender-accepted', 'smtp/postmaster-accepted']) {
    expect(verdictsOf(report, check)).toEqual(Object.fromEntries(mx.map(subject => [subject, 'pass'])))
  }
  // mail for good.example is accepted whatever the address is
  expect(graveFails(report).filter(line => !line.startsWith('smtp/unknown-recipients-refused'))).toEqual([])
  expect(report.findings.filter(({ verdict, code }) => verdict === 'unknown' && code !== 'not-disclosed').map(show)).toEqual([])
})

test.runIf(knows('tls/obsolete-refused'))('what a scan finds is what the servers are set up for', async () => {
  const scan = async (name: string): Promise<Report> =>
    (await mailcheck(`${name}.example`, '--tls-scan', '--only', 'tls/obsolete-refused', '--only', 'mx-tls/old-versions-refused')).report
  const modern = await scan('new')
  expect(verdictsOf(modern, 'mx-tls/old-versions-refused')).toEqual({ 'mail.new.example[185.12.34.60]:25': 'pass' })
  expect(verdictsOf(modern, 'tls/obsolete-refused')).toEqual(Object.fromEntries(ports.slice(1).map(port => [`mail.new.example[185.12.34.60]:${port}`, 'pass'])))
  // Debian’s Postfix takes TLS 1.0 and 1.1, and clients without certificates at either end; its Dovecot does not
  const usual = await scan('plain')
  expect(verdictsOf(usual, 'mx-tls/old-versions-refused')).toEqual({ 'mail.plain.example[185.12.34.110]:25': 'fail failed' })
  expect(verdictsOf(usual, 'tls/obsolete-refused')).toEqual(Object.fromEntries(ports.slice(1).map(port =>
    [`mail.plain.example[185.12.34.110]:${port}`, port === '465' || port === '587' ? 'fail failed' : 'pass'])))
})
