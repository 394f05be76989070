import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
