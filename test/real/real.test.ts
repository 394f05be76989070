import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Finding } from '../../src/run.ts'
import { fails, graveFails, mailcheck, show } from './command.ts'

test('a domain in order: every check that applies passes', async () => {
  const { status, report } = await mailcheck('good.example', '--selector', 's2026')
  expect(graveFails(report)).toEqual([])
  expect(report.findings.filter(({ verdict, code }) => verdict === 'unknown' && code !== 'not-disclosed').map(show)).toEqual([])
  expect(status).toBe(0)
  const passed = new Set(report.findings.filter(({ verdict }) => verdict === 'pass').map(({ check }) => check))
  for (const check of [
    'mta-sts/policy-served', 'mta-sts/mx-covered', 'mta-sts/mx-verifiable', 'tls-rpt/record-valid', 'dane/tlsa-matches', 'dane/tlsa-secure',
    'dane/rollover-prepared', 'caa/issuer-permitted',
  ]) expect(passed).toContain(check)
  const topics = (checks: Iterable<string>): string[] => [...new Set([...checks].map(check => check.split('/')[0] ?? ''))]
  const silent = topics(report.findings.filter(({ code }) => code !== 'needs-flag').map(({ check }) => check)).filter(topic => !topics(passed).includes(topic))
  expect(silent, 'topics in which nothing passed').toEqual(['bimi'])
  const subjects = new Set(report.findings.filter(({ verdict }) => verdict === 'pass').map(({ subject }) => subject))
  for (const address of ['185.12.34.10', '2a0c:1234::10']) {
    expect(subjects).toContain(`mx1.good.example[${address}]:25`)
    for (const port of [465, 587, 993, 143, 995, 110]) expect(subjects).toContain(`mail.good.example[${address}]:${port}`)
  }
})

test('the answers of a signed zone are secure, those of an unsigned zone are not', async () => {
  const secure = async (domain: string): Promise<boolean> =>
    ((await mailcheck(domain, '--only', 'mx/*')).report.facts['mx'] as { answer: { secure: boolean } }).answer.secure
  expect(await secure('good.example')).toBe(true)
  expect(await secure('expired.example')).toBe(false)
})

test('an expired certificate', async () => {
  const { status, report } = await mailcheck('expired.example', '--selector', 's2026')
  expect(status).toBe(1)
  const found = fails(report)
  expect(found).toContain('tls/certificate-in-date mail.expired.example[185.12.34.20]:465 failed')
  expect(found).toContain('tls/certificate-in-date mail.expired.example[185.12.34.20]:993 failed')
  expect(new Set(graveFails(report).map(line => line.split(' ')[0]))).toEqual(new Set(['tls/certificate-in-date']))
})

test('passwords taken before TLS', async () => {
  const { status, report } = await mailcheck('clear.example', '--selector', 's2026')
  expect(status).toBe(1)
  expect(graveFails(report).map(line => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'smtp/auth-not-before-tls mail.clear.example[185.12.34.30]:25',
    'submission/no-plaintext-auth mail.clear.example[185.12.34.30]:587',
    'imap/no-plaintext-auth mail.clear.example[185.12.34.30]:143',
    'pop3/no-plaintext-auth mail.clear.example[185.12.34.30]:110',
  ])
})

test('a dead MX host beside a living one', async () => {
  const { status, report } = await mailcheck('deadmx.example')
  expect(status).toBe(1)
  expect(graveFails(report).map(line => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'smtp/every-address-answers backup.deadmx.example[185.12.34.40]:25',
    'dane/tlsa-secure mx1.good.example', // the host is signed, the domain that names it is not
  ])
})

test('SPF over the limit of ten lookups', async () => {
  const { status, report } = await mailcheck('lookups.example', '--only', 'spf/*')
  expect(status).toBe(1)
  const [finding, ...others] = report.findings.filter(({ verdict }) => verdict === 'fail')
  expect(others).toEqual([])
  expect(finding).toMatchObject({ check: 'spf/within-lookup-limit', subject: 'lookups.example', args: { count: 11 } })
})

/** What Postfix, the most common sender that uses DANE, makes of a domain. */
function asPostfix(domain: string): Promise<string> {
  const environment = { ...process.env, MAIL_CONFIG: process.env['MAILCHECK_REAL_POSTFIX'] }
  return new Promise(resolve => {
    execFile('posttls-finger', ['-c', '-o', 'inet_interfaces=all', '-l', 'dane', '-L', 'summary', domain], { env: environment }, (_error, stdout, stderr) => resolve(stdout + stderr))
  })
}

test('TLSA records that match, and TLSA records of another key: Postfix agrees', async () => {
  expect(await asPostfix('good.example')).toMatch(/Verified TLS connection established/)
  expect(await asPostfix('mismatch.example')).toMatch(/Untrusted TLS connection|not trusted|not verified/i)
  const { status, report } = await mailcheck('mismatch.example', '--only', 'dane/*')
  expect(status).toBe(1)
  expect(fails(report)).toEqual(['dane/tlsa-matches mx.mismatch.example[185.12.34.10]:25 failed'])
})

test('an MTA-STS policy that leaves the MX host out', async () => {
  const { status, report } = await mailcheck('sts.example', '--only', 'mta-sts/*')
  expect(status).toBe(1)
  expect(fails(report)).toEqual(['mta-sts/mx-covered mx1.good.example failed', 'mta-sts/policy-tidy sts.example failed'])
})

test('a zone whose parent vouches for another key', async () => {
  const { status, report } = await mailcheck('bogus.example')
  expect(status).toBe(1)
  expect(fails(report)).toEqual(['dnssec/chain-valid bogus.example failed'])
  expect(report.findings.find(({ check }) => check === 'domain/resolvable')).toMatchObject({ verdict: 'unknown', code: 'dns-servfail' })
})

test('a name server that is gone', async () => {
  const { report } = await mailcheck('lame.example', '--only', 'dns/*')
  expect(fails(report)).toEqual(['dns/nameservers-authoritative lame.example silent'])
})

test('block lists: a listing, and a refusal', async () => {
  const list = async (zone: string): Promise<Finding | undefined> => {
    const file = join(mkdtempSync(join(tmpdir(), 'mailcheck-lists-')), 'mailcheck.yaml')
    const off = ['spamhaus-zen', 'spamcop', 'spamhaus-dbl', 'surbl', 'uribl'].map(id => `  ${id}: { off: true }\n`).join('')
    writeFileSync(file, `lists:\n${off}  local: { zone: ${zone}, families: [4], codes: { 127.0.0.3: a source of spam }, page: "https://${zone}/" }\n`)
    const { report } = await mailcheck('good.example', '--lists', '--only', 'reputation/*', '--config', file)
    return report.findings.find(({ subject }) => subject === '185.12.34.10')
  }
  expect(await list('bl.example')).toMatchObject({
    check: 'reputation/address-unlisted', verdict: 'fail', args: { address: '185.12.34.10', list: 'local', reason: 'a source of spam; seen in a trap' },
  })
  expect(await list('refusing.example')).toMatchObject({ verdict: 'unknown', code: 'resolver-refused' })
})
