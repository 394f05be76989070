import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
  expect((await mailcheck.run(['diff', 'before.json', 'after.json'])).status).toBe(0)
  expect((await mailcheck.run(['diff', 'after.json', 'before.json', '--fail-on', 'notice'])).status).toBe(0)
})

test('what is neither a report nor a recording is refused', async () => {
  expect(await mailcheck.run(['diff', 'before.json', 'planned.zone'])).toEqual({
    status: 2, stdout: '', stderr: 'mailcheck: planned.zone:1: this is neither a report (--json, --format jsonl) nor a recording (--record)\n',
  })
})
