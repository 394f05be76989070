/** The section "In CI" of the README: its commands run as they stand, and say what it shows. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { readAnnotations, readJunit, readQuality, readSarif } from '../report/formats.ts'
import { Installed } from './mailcheck.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const section = /^## In CI\n([^]*?)^## /m.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? ''
const blocks = [...section.matchAll(/^```(\w*)\n([^]*?)^```/gm)].map(([, kind = '', text = '']) => ({ kind, text }))
const shown = blocks.flatMap(({ text }) => { const [, command, output] = /^\$ mailcheck (.*)\n([^]*)$/.exec(text) ?? []; return command === undefined ? [] : [[command, output ?? ''] as const] })
const steps = blocks.flatMap(({ kind, text }) => kind === 'yaml' ? [...text.matchAll(/^ +- (?:run: )?node bin\/mailcheck\.js (.*)$/gm)].map(([, step = '']) => step) : [])
const undated = (text: string): string => text.replace(/checked \d{4}-\d\d-\d\d \d\d:\d\d/, 'checked')

let mailcheck: Installed
let clone: string
beforeAll(() => {
  mailcheck = new Installed()
  clone = dirname(dirname(mailcheck.executable))
  mkdirSync(join(clone, 'fixtures'))
  cpSync(join(root, 'fixtures', 'ci'), join(clone, 'fixtures', 'ci'), { recursive: true })
}, 60_000)
afterAll(() => mailcheck.remove())

/** As in the root of a clone. */
function run(command: string): { status: number | null; stdout: string; stderr: string } {
  const { PATH = '', HOME = '' } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/mailcheck.js', ...command.split(' ')], { cwd: clone, encoding: 'utf8', env: { PATH, HOME } })
  return { status, stdout, stderr }
}

test('there are two commands with their output, and two steps for CI', () => {
  expect([shown.length, steps.length]).toEqual([2, 2])
})

test.each(shown)('mailcheck %s', (command, output) => {
  const { stdout, stderr } = run(command)
  expect({ stdout: undated(stdout), stderr }).toEqual({ stdout: undated(output), stderr: '' })
}, 60_000)

test('the steps fail because of the change, and leave the files that the examples hand on', () => {
  for (const step of steps) expect(run(step)).toMatchObject({ status: 1, stderr: '' })
  expect(readSarif(readFileSync(join(clone, 'mail.sarif'), 'utf8')).results.filter(({ baselineState }) => baselineState === 'new')).toHaveLength(2)
  expect(readQuality(readFileSync(join(clone, 'quality.json'), 'utf8'))).toHaveLength(2)
  expect(readJunit(readFileSync(join(clone, 'mail.xml'), 'utf8')).filter(({ outcome }) => outcome === 'failure')).toHaveLength(2)
  expect(readAnnotations(shown[0]?.[1] ?? '')).toHaveLength(2)
}, 90_000)

test('the hook refuses the change, and lets a harmless one pass', () => {
  const hook = blocks.find(({ kind }) => kind === 'sh')?.text ?? ''
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: clone, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  git('init', '-q')
  writeFileSync(join(clone, 'hook.sh'), hook)
  git('add', 'fixtures/ci/good.example.zone')
  const ended = spawnSync('sh', ['hook.sh'], { cwd: clone, encoding: 'utf8' })
  expect(ended.status).toBe(1)
  expect(ended.stdout).toContain('planned  fixtures/ci/good.example.zone:4 good.example TXT')
  writeFileSync(join(clone, 'fixtures/ci/good.example.zone'), 'new.good.example. 3600 IN TXT "hello"\n')
  git('add', 'fixtures/ci/good.example.zone')
  expect(spawnSync('sh', ['hook.sh'], { cwd: clone, encoding: 'utf8' }).status).toBe(0)
}, 90_000)

test('the configuration is read', () => {
  const config = parseConfig(blocks.find(({ text }) => text.startsWith('waivers:'))?.text ?? '', 'README.md')
  expect(config.waivers).toHaveLength(1)
  expect(Object.keys(config.profiles ?? {})).toEqual(['ours'])
})
