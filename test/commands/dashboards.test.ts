import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Installed } from './mailcheck.ts'

const mailcheck = new Installed()
afterAll(() => mailcheck.remove())

test('dashboards are written, one file each, over older ones', async () => {
  const directory = join(mailcheck.directory, 'grafana', 'dashboards')
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'mailcheck-fleet.json'), 'old')
  const { status, stdout, stderr } = await mailcheck.run(['dashboards', '--dir', 'grafana/dashboards'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const names = ['mailcheck-certificates.json', 'mailcheck-domain.json', 'mailcheck-fleet.json', 'mailcheck-mail.json', 'mailcheck-sessions.json']
  expect(readdirSync(directory).toSorted()).toEqual(names)
  expect(stdout.trim().split('\n').toSorted()).toEqual(names.map(name => `grafana/dashboards/${name}`))
  for (const name of names) expect(JSON.parse(readFileSync(join(directory, name), 'utf8'))).toMatchObject({ uid: name.replace('.json', ''), schemaVersion: 39 })
})

test.each([
  ['no folder', [], 'say where to write them'],
  ['a file', ['--dir', 'file'], 'file: dashboards cannot be written: it is no directory'],
  ['a folder in a file', ['--dir', 'file/below'], 'file/below: dashboards cannot be written: a part of its path is no directory'],
  ['where no folder can be made', ['--dir', '/proc/x/y'], '/proc/x/y: dashboards cannot be written: no folder can be made in /proc'],
])('%s is said in words', async (_, args, message) => {
  writeFileSync(join(mailcheck.directory, 'file'), '')
  const { status, stderr } = await mailcheck.run(['dashboards', ...args])
  expect(status).toBe(2)
  expect(stderr).toContain(message)
})
