import { expect, test } from 'vitest'
import check from '../../../src/checks/dane/tlsa-matches.ts'
import { checkTable, judgeWorld, type Row } from '../../check-table.ts'
import { smtp, smtpInClear, smtpUpgrading } from '../transcripts.ts'
import { certificates, host, mx, other, publishes, shown, signed, unsigned, withoutTlsa } from './hosts.ts'

const row = (records: readonly string[], code: string, more: Partial<Row> = {}): Row => publishes(records, { [mx]: code }, more)
const shows = (certificate: NonNullable<Row['certificates']>[string], records: readonly string[], code: string): Row =>
  row(records, code, { certificates: { a: { intermediate: true, ...certificate } } })
const session = (text: string, code: string): Row => row(['3 1 1 {a}'], code, { sessions: { [mx]: text } })
const old = { notBefore: '2026-08-01T00:00:00Z', notAfter: '2026-11-21T00:00:00Z' }
/** ECDSA for whom knows it, RSA for the others. */
const second = (records: readonly string[], code: string): Row => row(records, code, {
  certificates: { a: { names: [host], intermediate: true }, b: { names: [host], key: 'rsa2048' } },
  offers: { [mx]: ['other-certificate tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 cert=b'] }, scope: { permissions: new Set(['tlsScan']) },
})
const alias = (records: string): Row => ({
  zone: `; secure example.com\n; secure example.net\nexample.com MX 10 ${host}\n${host} CNAME real.example.net\nreal.example.net A 192.0.2.1\n${records}`,
  sessions: { [mx]: shown }, certificates, expect: { [mx]: 'pass' },
})

checkTable(check, {
  'the key': row(['3 1 1 {a}'], 'pass'),
  'the certificate': row(['3 0 1 {a}'], 'pass'),
  'one of two keys': row([`3 1 1 ${other}`, '3 1 1 {a}'], 'pass'),
  'an issuer': row(['2 1 1 {issuer of a}'], 'pass'),
  'another key': { ...row([`3 1 1 ${other}`], 'failed') },
  'a second certificate that no record matches': second(['3 1 1 {a}'], 'failed'),
  'a second certificate with a record of its own': second(['3 1 1 {a}', '3 1 1 {b}'], 'pass'),
  'a weaker digest does not help': row(['3 1 1 {a}', `3 1 2 ${other}${other}`], 'failed'),
  'self-signed and expired, but the key': row(['3 1 1 {old self-signed}'], 'pass', {
    certificates: { old: { names: ['www.example.org'], ...old } }, sessions: { [mx]: smtp.replace('* tls', '* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 self-signed cert=old') },
  }),
  'another issuer': { ...row([`2 1 1 ${other}`], 'no-anchor'), args: { [mx]: { host, address: '192.0.2.1', record: '2 1 1 abababababababab...' } } },
  'the leaf as an issuer': row(['2 1 1 {a}'], 'leaf-as-anchor'),
  'an issuer of others': row(['2 0 1 {issuer of b}'], 'no-path', {
    certificates: { a: { names: [host] }, b: { names: ['mx2.example.com'], intermediate: true } }, sessions: { [mx]: smtp.replace('* tls', '* tls cert=a,b') },
  }),
  'under an issuer, another name': { ...shows({ names: ['www.example.org'] }, ['2 1 1 {issuer of a}'], 'other-name'), args: { [mx]: { host, address: '192.0.2.1', names: ['www.example.org'] } } },
  'under an issuer, the name of a signed domain': shows({ names: ['example.com'] }, ['2 1 1 {issuer of a}'], 'pass'),
  'under an issuer, the name of a domain whose MX are not signed': {
    ...shows({ names: ['example.com'] }, ['2 1 1 {issuer of a}'], 'other-name'), zone: `; secure ${host}\n${unsigned}\n_25._tcp.${host} TLSA 2 1 1 {issuer of a}`,
  },
  'under an issuer, a common name alone': shows({ names: [], commonName: host }, ['2 1 1 {issuer of a}'], 'pass'),
  'under an issuer, expired': { ...shows({ names: [host], ...old }, ['2 1 1 {issuer of a}'], 'expired'), args: { [mx]: { host, address: '192.0.2.1', date: '2026-11-21T00:00:00Z' } } },
  'under an issuer, to come': shows({ names: [host], notBefore: '2026-11-23T00:00:00Z' }, ['2 1 1 {issuer of a}'], 'not-yet-valid'),
  'no STARTTLS': session(smtpInClear('SIZE 1000'), 'no-starttls'),
  'STARTTLS refused': session(smtpUpgrading('502 no'), 'starttls-refused'),
  'STARTTLS refused for now': session(smtpUpgrading('454 later'), 'unknown:rate-limited'),
  'an alert': session(smtpUpgrading('220 go', '* handshake "TLS alert 40"'), 'handshake'),
  'nobody there': row(['3 1 1 {a}'], 'skip', { sessions: {} }),
  'silent': session('* timeout', 'unknown:connect-timeout'),
  'no record can be used': row(['0 0 1 {a}', '3 1 1 abcd'], 'skip'),
  'no record can be used, and no STARTTLS': row(['1 1 1 {a}'], 'no-starttls', { sessions: { [mx]: smtpInClear() } }),
  'the digest of nothing': row(['3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'], 'failed'),
  'the domain is not signed, its MX host is': row([`3 1 1 ${other}`], 'failed', { zone: `; secure ${host}\n${unsigned}` }),
  'an alias: the name that it leads to goes first': alias('_25._tcp.real.example.net TLSA 3 1 1 {a}'),
  'an alias: its own name comes next': alias(`_25._tcp.${host} TLSA 3 1 1 {a}`),
  'an alias into a zone that is not signed: its own name counts': {
    ...alias(''), zone: `; secure example.com\nexample.com MX 10 ${host}\n${host} CNAME real.example.net\nreal.example.net A 192.0.2.1
      _25._tcp.${host} TLSA 3 1 1 {a}\n_25._tcp.real.example.net TLSA 3 1 1 ${other}`,
  },
  'an address that is not answered': publishes(['3 1 1 {a}'], { 'example.com': 'unknown:dns-timeout' }, { zone: `; secure example.com\nexample.com MX 10 ${host}\n${host} A (timeout)` }),
  'an implicit MX that may be none': {
    zone: `; secure example.com\nexample.com A 192.0.2.1\nexample.com TXT (servfail)\n_25._tcp.example.com TLSA 3 1 1 ${other}`,
    sessions: { 'example.com[192.0.2.1]:25': smtp }, expect: { 'example.com[192.0.2.1]:25': 'unknown' },
  },
  ...withoutTlsa(verdict => ({ [mx]: verdict })),
})

test('the record to publish is the one that matches', async () => {
  const [finding] = await judgeWorld([check], publishes([`3 1 1 ${other}`], ''))
  const [line = ''] = finding?.remedy?.records?.set ?? []
  expect(line).toMatch(/^_25\._tcp\.mx1\.example\.com\. TLSA 3 1 1 [0-9a-f]{64}$/)
  const [after] = await judgeWorld([check], { ...publishes([], ''), zone: `${signed}\n${line}` })
  expect(after?.verdict).toBe('pass')
})

test('of a certificate that matches, it is told of which kind it was', async () => {
  const [finding] = await judgeWorld([check], publishes(['3 1 1 {a}'], ''))
  expect(finding?.evidence).toEqual([{ from: 'session', endpoint: mx, line: expect.stringMatching(/^the ECDSA certificate that it shows matches 3 1 1 [0-9a-f]{16}\.\.\.$/) as string }])
})
