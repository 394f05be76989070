/** Logins at a real Dovecot, directly and behind Postfix, by every mechanism that it offers. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { knows, mailcheck, verdictsOf, type Ran } from './command.ts'
import { mechanisms } from './hosts.ts'

const user = 'probe@login.example'
const ports = { imaps: 993, imap: 143, pop3s: 995, pop3: 110, submissions: 465, submission: 587 }
const secrets = ['MAILCHECK_REAL_PASSWORD', 'MAILCHECK_REAL_TOKEN'].map(name => process.env[name] ?? '')
const endpoints = Object.values(ports).map(port => `mail.login.example[185.12.34.120]:${port}`)

/** One account at every service. */
function login(mechanism: string | null, password: string, ...args: string[]): Promise<Ran & { recording: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'mailcheck-logins-'))
  const accounts = Object.keys(ports).map(service =>
    `      - { service: ${service}, user: ${user}, password: "env:${password}"${mechanism === null ? '' : `, mechanism: ${mechanism}`} }\n`).join('')
  writeFileSync(join(folder, 'mailcheck.yaml'), `domains:\n  login.example:\n    accounts:\n${accounts}`)
  const recording = join(folder, 'recording')
  return mailcheck('login.example', '--login', '--record', recording, '--config', join(folder, 'mailcheck.yaml'), ...args)
    .then(ran => ({ ...ran, recording: readFileSync(recording, 'utf8') }))
}

/** Neither as they are, nor as they go over the wire. */
function expectNoSecret({ stdout, stderr, recording }: { readonly stdout: string; readonly stderr: string; readonly recording: string }): void {
  const forms = secrets.flatMap(secret => [secret, Buffer.from(secret).toString('base64'), Buffer.from(`\0${user}\0${secret}`).toString('base64')])
  for (const form of forms) for (const text of [stdout, stderr, recording]) expect(text.includes(form)).toBe(false)
}

describe.runIf(knows('access/login-works'))('a login', () => {
  test.each([...mechanisms.map(name => [name, name] as const), ['the strongest of them', null] as const])('%s lets in', async (_, mechanism) => {
    const token = mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER'
    const ran = await login(mechanism, token ? 'MAILCHECK_REAL_TOKEN' : 'MAILCHECK_REAL_PASSWORD', '--only', 'access/login-works')
    expect(verdictsOf(ran.report, 'access/login-works')).toEqual(Object.fromEntries(endpoints.map(endpoint => [endpoint, 'pass'])))
    expect(ran.status).toBe(0)
    expect(ran.recording).toContain(mechanism ?? 'SCRAM-SHA-256')
    expectNoSecret(ran)
  })

  test('a wrong password is refused, and found out', async () => {
    process.env['MAILCHECK_REAL_WRONG'] = 'not-the-password'
    const ran = await login('PLAIN', 'MAILCHECK_REAL_WRONG', '--only', 'access/login-works')
    expect(ran.status).toBe(1)
    expect(verdictsOf(ran.report, 'access/login-works')).toEqual(Object.fromEntries(endpoints.map(endpoint => [endpoint, 'fail failed'])))
  })

  test('with leave of the owner, wrong passwords are tried too', async () => {
    const ran = await login(null, 'MAILCHECK_REAL_PASSWORD', '--own', '--only', 'access/*')
    expect(verdictsOf(ran.report, 'access/wrong-password-refused')).toEqual(Object.fromEntries(endpoints.map(endpoint => [endpoint, 'pass'])))
    expectNoSecret(ran)
  })
})
