/** `mailcheck check --state DIR`: what the service saw earlier, read and left as it was. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { domainLine, header } from '../../src/monitor/journal-lines.ts'
import { Installed } from './mailcheck.ts'

const mailcheck = new Installed()
afterAll(() => mailcheck.remove())

const state = join(mailcheck.directory, 'state')
mkdirSync(state)
const first = Date.parse('2026-01-01T00:00:00Z')
const former = { value: 'version: STSv1\nmode: testing\nmx: *.good.example\nmax_age: 86400\n', first, last: Date.now() - 3_600_000 }

async function idBumped(...flags: string[]): Promise<{ findings: readonly [string, string | null][]; stderr: string; status: number | null }> {
  const { stdout, stderr, status } = await mailcheck.run(['good.example', '--world', '--vantage', 'none', '--only', 'mta-sts/id-bumped', '--format', 'jsonl', ...flags])
  const lines = stdout.split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Report)
  return { findings: lines.flatMap(({ findings }) => findings.map(({ verdict, code }): [string, string | null] => [verdict, code])), stderr, status }
}

test('a policy that is another than earlier, under the same id', async () => {
  const world = await mailcheck.run(['good.example', '--world', '--vantage', 'none', '--only', 'mta-sts/record-exists', '--format', 'jsonl'])
  const [, id = ''] = /v=STSv1; id=(\w+);/.exec(world.stdout) ?? []
  const announced = { value: `"v=STSv1; id=${id};"`, first, last: former.last }
  const text = `${JSON.stringify(header)}\n${domainLine('good.example', {
    since: first, runs: new Map(), standings: new Map(), histories: new Map([['mta-sts', [announced]], ['mta-sts-policy', [former]]]),
  })}`
  writeFileSync(join(state, 'state.jsonl'), text)
  expect(await idBumped('--state', 'state')).toMatchObject({ findings: [['fail', 'failed']], status: 1 })
  expect(readFileSync(join(state, 'state.jsonl'), 'utf8')).toBe(text)
})

test('without it nothing is compared, and an empty one says nothing', async () => {
  expect((await idBumped()).findings).toEqual([['skip', 'needs-flag']])
  expect((await idBumped('--state', 'nowhere')).findings).toEqual([['unknown', 'history-too-short']])
})

test('a state of another version is refused', async () => {
  mkdirSync(join(mailcheck.directory, 'other'))
  writeFileSync(join(mailcheck.directory, 'other', 'state.jsonl'), '{"kind":"mailcheck.state","version":9}\n')
  const { status, stderr } = await idBumped('--state', 'other')
  expect(stderr).toMatch(/^mailcheck: --state: .*is of another version of mailcheck\n$/m)
  expect(status).toBe(2)
})
