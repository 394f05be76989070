import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { Installed } from './mailcheck.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const mailcheck = new Installed()
afterAll(() => mailcheck.remove())

const readme = readFileSync(`${root}README.md`, 'utf8')
const section = /^## What a receiver would say\n([^]*?)^## /m.exec(readme)?.[1] ?? ''
const examples = [...section.matchAll(/^\$ mailcheck (.*)\n([^]*?)```/gm)].map(([, command = '', output = '']) => [command, output] as const)

describe('the examples of the README are what comes', () => {
  test('there are three', () => expect(examples).toHaveLength(3))
  test.each(examples)('mailcheck %s', async (command, output) => {
    const words = [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word.replace(/^fixtures\//, `${root}fixtures/`))
    expect(await mailcheck.run(words)).toEqual({ status: 0, stdout: output, stderr: '' })
  })
})

test('a message that arrived is judged as shown', async () => {
  const [, command = '', shown = ''] = /^\$ mailcheck (message .*)\n([^]*?)```/m.exec(readme) ?? []
  const { status, stdout } = await mailcheck.run(command.split(' ').map(word => word.replace(/^fixtures\//, `${root}fixtures/`)))
  expect({ status, stdout }).toEqual({ status: 1, stdout: shown })
})

test('what others report is shown as it comes', async () => {
  const [, command = '', shown = ''] = /^\$ mailcheck (reports .*)\n([^]*?)```/m.exec(readme) ?? []
  const { status, stdout } = await mailcheck.run(command.split(' ').map(word => word.replace(/^fixtures\//, `${root}fixtures/`)))
  expect({ status, stdout }).toEqual({ status: 1, stdout: shown })
})

test('the first report begins as shown', async () => {
  const [, shown = ''] = /^\$ mailcheck spf-include-gone\.example --world\n([^]*?)```/m.exec(readme) ?? []
  const { stdout } = await mailcheck.run(['spf-include-gone.example', '--world', '--no-color'])
  const undated = (text: string): string => text.replace(/^checked .*$/m, 'checked')
  expect(undated(stdout).slice(0, undated(shown).length)).toBe(undated(shown))
  expect(shown.length).toBeGreaterThan(500)
})

test('what stands behind the records is shown as it comes', async () => {
  const [, shown = ''] = /^\$ mailcheck ns-lame\.example --world --only 'dns\/\*'\n([^]*?)```/m.exec(readme) ?? []
  const { stdout } = await mailcheck.run(['ns-lame.example', '--world', '--only', 'dns/*', '--no-color'])
  expect(stdout.replace(/^checked .*\n/m, '')).toBe(shown)
})

test.each([
  ['settings good.example --world', []],
  ['client-disagrees.example --world --only client-config/sources-agree', ['--no-color']],
])('mailcheck %s is shown as it comes', async (command, more) => {
  const start = readme.indexOf(`$ mailcheck ${command}\n`) + `$ mailcheck ${command}\n`.length
  const { stdout } = await mailcheck.run([...command.split(' '), ...more])
  expect(stdout.replace(/^checked .*\n/m, '')).toBe(readme.slice(start, readme.indexOf('```', start)))
}, 60_000)

test('what a server still takes is shown as it comes, up to its settings', async () => {
  const [, command = '', shown = ''] = /^\$ mailcheck (tls-short-group\.example .*)\n([^]*?)```/m.exec(readme) ?? []
  const { stdout } = await mailcheck.run([...command.split(' '), '--no-color'])
  expect(stdout.replace(/^checked .*\n/m, '').startsWith(shown)).toBe(true)
})

test('what the configuration may say of block lists is read', () => {
  const [, lists = ''] = /^```yaml\n(lists:\n[^]*?)```/m.exec(readme) ?? []
  expect(Object.keys(parseConfig(lists, 'README.md').lists ?? {})).toEqual(['spamhaus-zen', 'uribl', 'barracuda', 'ours'])
})

describe('what the owner of a server may try is shown as it comes', () => {
  const shown = [...(/^## Log in, and test your own servers\n([^]*?)^## /m.exec(readme)?.[1] ?? '').matchAll(/^\$ (?:JOE='([^']*)' )?mailcheck (.*)\n([^]*?)```/gm)]
  test('twice', () => expect(shown).toHaveLength(2))
  test.each(shown.map(([, secret, command = '', output]) => [command, secret, output] as const))('mailcheck %s', async (command, secret, output) => {
    const { stdout } = await mailcheck.run([...command.split(' '), '--no-color'], secret === undefined ? {} : { JOE: secret })
    const dated = (text = ''): string => text.replace(/^checked .*\n/m, '')
    expect(dated(stdout)).toBe(dated(output))
  })
})

test('a plan is shown as it comes', async () => {
  const [, command = '', shown = ''] = /^\$ mailcheck (plan .*)\n([^]*?)```/m.exec(readme) ?? []
  const { status, stdout } = await mailcheck.run(command.split(' ').map(word => word.replace(/^fixtures\//, `${root}fixtures/`)))
  const told = stdout.replace(/^checked .*\n/m, '').replaceAll(`${root}fixtures/`, 'fixtures/')
  const plain = (text: string): string => text.replace(/id=\d{8}T\d{6}/g, 'id=').replace(/\s+/g, ' ') // paths are longer here, and the time goes on
  expect({ status, text: plain(told) }).toEqual({ status: 1, text: plain(shown) })
})
