/** A bug report is one attached file: from a recording every format of a check and of a plan is what the recorded run printed, to the octet. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PlanReport } from '../../src/change/plan.ts'
import { planJsonSchema } from '../../src/change/plan-schema.ts'
import { checks } from '../../src/checks/index.ts'
import { formats } from '../../src/commands/formats.ts'
import { violations } from '../report/json-schema.ts'
import { Installed, type Ended } from './mailcheck.ts'

let mailcheck: Installed
beforeAll(() => {
  mailcheck = new Installed()
  writeFileSync(join(mailcheck.directory, 'planned.zone'), '_dmarc TXT "v=DMARC1; p=none"\n@ TXT "v=spf1 ?all"\n')
  writeFileSync(join(mailcheck.directory, 'empty.zone'), '; nothing\n')
}, 60_000)
afterAll(() => mailcheck.remove())

const inFiles = (name: string): string[] => formats.filter(format => format !== 'text').flatMap(format => ['--output', `${format}=${name}.${format}`])
const read = (name: string): string => readFileSync(join(mailcheck.directory, name), 'utf8')

const commands: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['check', ['faulty.example', '--only', 'spf,dmarc,smtp'], []],
  ['plan', ['plan', 'good.example', '--only', 'spf,dmarc,mta-sts'], ['plan', '--zone', 'planned.zone']],
]
const ended = new Map<string, { readonly live: Ended; readonly replayed: Ended }>()

describe.each(commands)('%s', (name, args, again) => {
  beforeAll(async () => {
    const live = await mailcheck.run([...args, ...name === 'plan' ? ['--zone', 'planned.zone'] : [], '--world', '--record', `${name}.cassette`, ...inFiles(`${name}-live`)])
    const replayed = await mailcheck.run([...again, '--replay', `${name}.cassette`, ...inFiles(`${name}-replayed`)])
    ended.set(name, { live, replayed })
  }, 60_000)

  test('text, status and stderr', () => {
    const { live, replayed } = ended.get(name) ?? {}
    expect(live).toMatchObject({ status: 1, stderr: '' })
    expect(replayed).toEqual(live)
  })

  test.each(formats.filter(format => format !== 'text'))('%s', format => {
    expect(read(`${name}-live.${format}`)).toMatch(/spf\/policy-not-neutral|dmarc/)
    expect(read(`${name}-replayed.${format}`)).toBe(read(`${name}-live.${format}`))
  })
})

describe('a plan under a profile', () => {
  const planned = async (...flags: string[]): Promise<{ status: number | null; plan: PlanReport }> => {
    const { status, stdout } = await mailcheck.run(['plan', '--set', '_dmarc TXT "v=DMARC1; p=none"', '--json', ...flags])
    return { status, plan: JSON.parse(stdout) as PlanReport }
  }
  const level = ({ changes }: PlanReport): string | undefined => changes.find(({ finding: { check } }) => check === 'dmarc/policy-enforced')?.finding.profile?.level

  test('is measured by it, and a replay as it was recorded', async () => {
    const bare = await planned('good.example', '--world', '--only', 'dmarc')
    expect([bare.status, level(bare.plan)]).toEqual([0, undefined])
    const measured = await planned('good.example', '--world', '--only', 'dmarc', '--profile', 'internet-nl', '--record', 'profile.cassette')
    expect([measured.status, level(measured.plan), measured.plan.after.profile?.name]).toEqual([1, 'error', 'internet-nl'])
    expect(violations(measured.plan, planJsonSchema(checks))).toEqual([])
    expect(await planned('--replay', 'profile.cassette')).toEqual(measured)
    const otherwise = await planned('--replay', 'profile.cassette', '--profile', 'default')
    expect([otherwise.status, otherwise.plan.after.profile]).toEqual([0, undefined])
  })

  test('takes the domain for what the profile says it is, as a check does', async () => {
    const { plan } = await planned('good.example', '--world', '--only', 'spf', '--profile', 'parked')
    expect([plan.before.context?.parked.value, plan.after.context?.parked.value]).toEqual(['yes', 'yes'])
  })
})

test('a plan that changes nothing is told, whatever the format', async () => {
  const idle = 'the plan changes nothing: there is no record in empty.zone'
  const run = (...flags: string[]) => mailcheck.run(['plan', '--zone', 'empty.zone', '--replay', 'plan.cassette', ...flags])
  const text = await run('--quiet')
  expect(text).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/\n {2}- empty\.zone:1: the plan changes nothing: there is no record in empty\.zone\n[^]*\nThe plan changes nothing\n$/) as string })
  expect(await run('--format', 'github')).toMatchObject({
    status: 0, stderr: `mailcheck: ${idle}\n`, stdout: expect.stringContaining(`::warning file=empty.zone,line=1,col=1,title=good.example%3A planned records::${idle}\n`) as string,
  })
  expect((await run('--format', 'markdown')).stdout).toContain('\nAbout the planned records:\n\n- `empty.zone:1`: the plan changes nothing: there is no record in empty.zone\n')
  expect(JSON.parse((await run('--format', 'gitlab')).stdout)).toContainEqual(expect.objectContaining({ description: idle, severity: 'minor', location: { path: 'empty.zone', lines: { begin: 1 } } }))
  const { notes, idle: because } = JSON.parse((await run('--json')).stdout) as PlanReport
  expect([notes.map(({ message }) => message), because]).toEqual([[idle], idle])
})

test('fix says that a domain does not exist, whatever is asked of it', async () => {
  const { stdout } = await mailcheck.run(['fix', 'nowhere.good.example', '--world', '--only', 'spf'])
  expect(stdout).toContain('; nowhere.good.example does not exist in the DNS: ')
  expect(stdout).not.toContain('Nothing fails')
})
