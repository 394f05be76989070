/** Round trips from one real Postfix to another: signed by OpenDKIM, judged by OpenDMARC, read out of Dovecot. */
import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

const bin = join(import.meta.dirname, '../../bin/mailcheck.js')
const folder = mkdtempSync(join(tmpdir(), 'mailcheck-deliver-'))
const secrets = ['OUT', 'LETTERS'].map(name => process.env[`MAILCHECK_REAL_PASSWORD_${name}`] ?? '')

interface Route {
  readonly to: string
  readonly id: string
  readonly outcome: string
  readonly folder: { readonly name: string; readonly kind: string } | null
  readonly timeline: readonly { readonly stage: string; readonly text: string }[]
  readonly imap: { readonly state: string }
  readonly pop3: { readonly state: string }
  readonly problems: readonly { readonly code: string; readonly text: string; readonly remedy: string }[]
  readonly removal: string | null
  readonly bounce: { readonly status: string } | null
  readonly receiver: { readonly server: string; readonly results: readonly { readonly method: string; readonly result: string }[] } | null
  readonly verified: { readonly dkim: readonly { readonly result: string; readonly domain: string }[]; readonly spf: string; readonly dmarc: string } | null
  readonly hops: readonly { readonly tls: boolean; readonly by: string }[]
}

function deliver(to: string, ...args: string[]): Promise<{ status: unknown; routes: Route[]; late: { to: string }[]; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [bin, 'deliver', '--from', 'probe@out.example', '--to', to, '--json', '--config', join(folder, 'mailcheck.yaml'), '--ca', process.env['MAILCHECK_REAL_CA'] ?? '', ...args],
      (error, stdout, stderr) => {
        for (const secret of secrets) expect(stdout + stderr).not.toContain(secret)
        try {
          resolve({ status: error ? error.code : 0, stderr, ...JSON.parse(stdout) as { routes: Route[]; late: { to: string }[] } })
        } catch {
          reject(new Error(`${stderr}${stdout}`))
        }
      })
  })
}

beforeAll(() => {
  const accounts = (domain: string, services: readonly string[], ...users: string[]): string => users.flatMap(user => services.map(service =>
    `      - { service: ${service}, user: ${user}@${domain}, password: "env:MAILCHECK_REAL_PASSWORD_${domain.split('.')[0]?.toUpperCase() ?? ''}" }\n`)).join('')
  writeFileSync(join(folder, 'mailcheck.yaml'), `domains:\n  out.example:\n    accounts:\n${accounts('out.example', ['submissions', 'imaps'], 'probe')}`
    + `  letters.example:\n    accounts:\n${accounts('letters.example', ['imaps', 'pop3s'], 'probe', 'junk', 'shy', 'lost')}`
    + '      - { service: imaps, user: probe@letters.example, address: nobody@letters.example, name: nobody, password: "env:MAILCHECK_REAL_PASSWORD_LETTERS" }\n')
})

describe('a round trip', () => {
  test('is seen by IMAP and POP3, verified, and leaves nothing behind; a second recipient’s comes into the junk folder', async () => {
    const { status, routes: [route, junk], stderr } = await deliver('probe@letters.example,junk@letters.example', '--timeout', '60')
    expect(route).toMatchObject({ outcome: 'delivered', folder: { kind: 'inbox' }, imap: { state: 'seen' }, pop3: { state: 'seen' }, removal: 'removed', problems: [] })
    expect(route?.timeline.map(({ stage }) => stage)).toEqual(['accepted', 'hop', 'hop', 'hop', 'delivered', 'imap', 'pop3'])
    expect(route?.timeline[0]?.text).toMatch(/queued as [0-9A-F]{6,}/)
    expect(route?.receiver?.server).toBe('mail.letters.example')
    expect(Object.fromEntries(route?.receiver?.results.map(({ method, result }) => [method, result]) ?? [])).toMatchObject({ spf: 'pass', dmarc: 'pass' })
    expect(route?.verified).toMatchObject({ dkim: [{ result: 'pass', domain: 'out.example' }], spf: 'pass', dmarc: 'pass' })
    expect(junk).toMatchObject({ outcome: 'delivered', folder: { name: 'Junk', kind: 'junk' }, pop3: { state: 'skipped' }, removal: 'removed', problems: [{ code: 'junk' }] })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  test('comes back with its code explained, is put off and comes, or is lost', async () => {
    const { status, routes: [nobody, shy, lost] } = await deliver('nobody,shy@letters.example,lost@letters.example', '--timeout', '25', '--state', join(folder, 'state'))
    expect(nobody).toMatchObject({ outcome: 'bounced', bounce: { status: '5.1.1' }, problems: [{ code: 'bounced', remedy: '5.1.1 means: there is no such mailbox.' }] })
    expect(shy).toMatchObject({ outcome: 'delivered', folder: { kind: 'inbox' }, problems: [] })
    expect(lost).toMatchObject({ outcome: 'lost', problems: [{ code: 'lost' }], imap: { state: 'missing' }, pop3: { state: 'missing' } })
    expect(status).toBe(1)
  })
})
