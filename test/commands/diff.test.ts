import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diffJsonSchema } from '../../src/change/plan-schema.ts'
import { checks } from '../../src/checks/index.ts'
import { violations } from '../report/json-schema.ts'
import { Installed } from './mailcheck.ts'

let mailcheck: Installed
beforeAll(async () => {
  mailcheck = new Installed()
  const dmarc = ['good.example', '--world', '--only', 'dmarc']
  writeFileSync(join(mailcheck.directory, 'planned.zone'), '_dmarc TXT "v=DMARC1; p=none"\n')
  const [before, after] = await Promise.all([mailcheck.run([...dmarc, '--json', '--record', 'before.cassette']), mailcheck.run([...dmarc, '--json', '--overlay', 'planned.zone'])])
  writeFileSync(join(mailcheck.directory, 'before.json'), before.stdout)
  writeFileSync(join(mailcheck.directory, 'after.json'), after.stdout)
}, 60_000)
afterAll(() => mailcheck.remove())

test('two reports: what is new decides the status, at the severity asked for', async () => {
  const { status, stdout } = await mailcheck.run(['diff', 'before.json', 'after.json', '--json', '--fail-on', 'warning'])
  const { schema, domains } = JSON.parse(stdout) as { schema: string; domains: { changes: { kind: string; finding: { check: string } }[] }[] }
  expect([status, schema]).toEqual([1, 'mailcheck.diff/1'])
  expect(domains[0]?.changes.map(({ kind, finding }) => `${kind} ${finding.check}`)).toEqual(['appeared dmarc/policy-enforced', 'appeared dmarc/reports-requested'])
  expect(violations(JSON.parse(stdout), diffJsonSchema(checks))).toEqual([])
  expect((await mailcheck.run(['diff', 'before.json', 'after.json'])).status).toBe(0)
  expect((await mailcheck.run(['diff', 'after.json', 'before.json', '--fail-on', 'notice'])).status).toBe(0)
})

test('what is neither a report nor a recording is refused', async () => {
  expect(await mailcheck.run(['diff', 'before.json', 'planned.zone'])).toEqual({
    status: 2, stdout: '', stderr: 'mailcheck: planned.zone:1: this is neither a report (--json, --format jsonl) nor a recording (--record)\n',
  })
})

test('profiles, waivers and a baseline count as they do in a check', async () => {
  const status = async (...flags: string[]) => (await mailcheck.run(['diff', 'before.json', 'after.json', '--fail-on', 'error', ...flags])).status
  expect(await status()).toBe(0)
  expect(await status('--profile', 'internet-nl')).toBe(1)
  expect(await status('--profile', 'internet-nl', '--baseline', 'after.json')).toBe(0)
  const until = 'until: 2099-12-31'
  writeFileSync(join(mailcheck.directory, 'waived.yaml'), `waivers: [{ check: "dmarc/*", subject: "*", reason: under way, owner: ops, ${until} }]\n`)
  expect(await status('--profile', 'internet-nl', '--config', 'waived.yaml')).toBe(0)
  expect((await mailcheck.run(['diff', 'before.json', 'after.json', '--profile', 'internet-nil'])).stderr).toContain('did you mean "internet-nl"')
})

test('both schemas are printed', async () => {
  const titles = await Promise.all(['--plan', '--diff'].map(async flag => (JSON.parse((await mailcheck.run(['schema', flag])).stdout) as { title: string }).title))
  expect(titles).toEqual(['mailcheck plan', 'mailcheck diff'])
})
