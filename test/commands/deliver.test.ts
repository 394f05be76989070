import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { findPerson } from '../../src/delivery/person.ts'
import { Installed } from './mailcheck.ts'

const mailcheck = new Installed()
const directory = mkdtempSync(`${tmpdir()}/mailcheck-deliver-`)
afterAll(() => {
  mailcheck.remove()
  rmSync(directory, { recursive: true })
})

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')
const section = /^## The whole way of a message\n([^]*?)^## /m.exec(readme)?.[1] ?? ''

test('the README shows what comes, but for times and queue ids', async () => {
  const [, command = '', shown = ''] = /^\$ mailcheck (deliver .*)\n([^]*?)```/m.exec(section) ?? []
  const { status, stdout, stderr } = await mailcheck.run([...command.split(' '), '--state', directory])
  const timeless = (text: string): string => text.replace(/ *~?\+?\d+(?:\.\d)? s\b/g, ' N s').replace(/queued as \w+/, 'queued as ID')
  expect({ status, stderr, text: timeless(stdout) }).toEqual({ status: 0, stderr: '', text: timeless(shown) })
  expect(existsSync(`${directory}/deliveries.json`)).toBe(true)
  expect(stdout).not.toContain('sesame')
})

test('the accounts of the README are mailboxes', () => {
  const [, yaml = ''] = /^```yaml\n([^]*?)```/m.exec(section) ?? []
  expect(findPerson(parseConfig(yaml, 'README.md'), 'office')).toMatchObject({ address: 'probe@example.com', accounts: [{ service: 'submissions' }, { service: 'imaps' }, { service: 'pop3s' }] })
})

test.each([
  [['deliver'], /needs --from ACCOUNT and --to ACCOUNT/],
  [['deliver', '--from', 'a', '--to', ','], /needs --from ACCOUNT and --to ACCOUNT/],
  [['deliver', '--from', 'a', '--to', 'b'], /needs a configuration with accounts/],
  [['deliver', '--world', '--from', 'nobody', '--to', 'anna@good.example'], /--from: "nobody" is no account of the configuration: it has anna@good\.example/],
])('%j is refused before anything is sent', async (words, why) => {
  const { status, stdout, stderr } = await mailcheck.run(words)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(why)
})

test('a wrong name is told before a password that is missing, and of that what is wrong with it', async () => {
  const account = (service: string): string => `{ service: ${service}, user: probe@example.com, password: "env:NO_SUCH_PASSWORD", name: office }`
  writeFileSync(join(mailcheck.directory, 'away.yaml'), `domains: { example.com: { accounts: [${account('submissions')}, ${account('imaps')}] } }\n`)
  const told = async (...words: string[]): Promise<string> => (await mailcheck.run([...words, '--config', 'away.yaml'])).stderr
  expect(await told('deliver', '--from', 'office', '--to', 'offise')).toBe('mailcheck: --to: "offise" is no account of the configuration: it has office\n')
  expect(await told('deliver', '--from', 'office', '--to', 'office')).toContain('the password of probe@example.com (submissions): the variable NO_SUCH_PASSWORD is not set')
  const reading = await told('reports', '--account', 'office')
  expect(reading).toContain('(imaps): the variable NO_SUCH_PASSWORD is not set')
  expect(reading).not.toContain('submissions')
})
