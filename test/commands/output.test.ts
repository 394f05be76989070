import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readAnnotations, readJunit, readQuality, readSarif } from '../report/formats.ts'
import { Installed } from './mailcheck.ts'

let mailcheck: Installed
beforeAll(() => {
  mailcheck = new Installed()
}, 60_000)
afterAll(() => mailcheck.remove())

const file = (name: string): string => join(mailcheck.directory, name)
const read = (name: string): string => readFileSync(file(name), 'utf8')
const world = ['faulty.example', 'good.example', '--world', '--only', 'spf,dmarc,mx']

describe('reports for CI', () => {
  test('go to as many files as are wanted, in one run, and speak of the same findings', async () => {
    const outputs = ['junit=j.xml', 'sarif=s.sarif', 'gitlab=g.json', 'markdown=m.md', 'json=r.json', 'github=a.txt', 'text=t.txt', 'html=h.html']
    const { status, stdout, stderr } = await mailcheck.run([...world, '--format', 'jsonl', ...outputs.flatMap(output => ['--output', output])])
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    const { reports } = JSON.parse(read('r.json')) as { reports: { domain: string; findings: { verdict: string }[] }[] }
    expect(stdout.trim().split('\n').map(line => JSON.parse(line) as unknown)).toEqual(reports)
    const failing = reports.flatMap(({ findings }) => findings.filter(({ verdict }) => verdict === 'fail')).length
    expect(failing).toBeGreaterThan(5)
    expect(readJunit(read('j.xml')).filter(({ outcome }) => outcome === 'failure')).toHaveLength(failing)
    expect(readSarif(read('s.sarif')).results).toHaveLength(failing)
    expect(readQuality(read('g.json'))).toHaveLength(failing)
    expect(readAnnotations(read('a.txt'))).toHaveLength(failing)
    expect(read('m.md').match(/^## mailcheck: /gm)).toHaveLength(2)
    expect(read('h.html')).toMatch(/^<!doctype html>[^]*faulty\.example[^]*good\.example[^]*<\/html>\s*$/i)
    expect(read('t.txt')).toMatch(/^faulty\.example\nchecked /)
    expect(readdirSync(mailcheck.directory).filter(name => name.includes('.part'))).toEqual([])
  })

  test('--output FORMAT=- says what goes to stdout', async () => {
    const { stdout } = await mailcheck.run([...world, '--output', 'junit=-'])
    expect(readJunit(stdout).length).toBeGreaterThan(10)
  })

  test('--format github adds a summary to that of the job', async () => {
    writeFileSync(file('summary.md'), 'before\n')
    const { stdout } = await mailcheck.run([...world, '--format', 'github'], { GITHUB_STEP_SUMMARY: file('summary.md'), GITHUB_ACTIONS: 'true' })
    expect(readAnnotations(stdout).length).toBeGreaterThan(5)
    expect(read('summary.md')).toMatch(/^before\n## mailcheck: faulty\.example\n/)
    const nowhere = await mailcheck.run([...world, '--format', 'github'], { GITHUB_STEP_SUMMARY: file('none/summary.md') })
    expect(nowhere.status).toBe(1)
    expect(nowhere.stderr).toMatch(/^mailcheck: the job summary \(GITHUB_STEP_SUMMARY\) cannot be written: there is no such/)
  })

  test('in a log of GitHub, text from the network is out of reach of its commands', async () => {
    const { stdout } = await mailcheck.run(world, { GITHUB_ACTIONS: 'true' })
    const [, word = ''] = /^::stop-commands::([0-9a-f-]{36})\n/.exec(stdout) ?? []
    expect(word).not.toBe('')
    expect(stdout.endsWith(`\n::${word}::\n`)).toBe(true)
  })

  test('a file stays as it was when nothing can be reported', async () => {
    writeFileSync(file('kept.json'), 'old')
    const { status } = await mailcheck.run(['good.example', '--world', '--output', 'json=kept.json', '--output', 'junit=none/x.xml'])
    expect(status).toBe(2)
    expect(read('kept.json')).toBe('old')
    expect(readdirSync(mailcheck.directory).filter(name => name.includes('.part'))).toEqual([])
  })
})

describe('what does not count', () => {
  const only = ['faulty.example', '--world', '--only', 'spf', '--output', 'json=-']
  const reported = (stdout: string) => (JSON.parse(stdout) as { reports: { waivers?: object[]; since?: object; findings: { verdict: string; waived?: object; baseline?: true }[] }[] }).reports[0]

  test('is waived by the configuration; what is over or of no use is told', async () => {
    writeFileSync(file('waivers.yaml'), [
      'waivers:', '  - { check: spf/within-lookup-limit, reason: the newsletter leaves in March, owner: ops, until: 2099-03-31 }',
      '  - { check: spf, reason: all of it, until: 2020-02-29 }', '  - check: "spf/no-pass-*"', '    subject: other.example', '    reason: nothing',
    ].join('\n'))
    const { stdout, stderr, status } = await mailcheck.run([...only, '--config', 'waivers.yaml'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^mailcheck: the waiver for spf \(waivers\.yaml:3:5\) expired on 2020-02-29: \d findings count again\nmailcheck: the waiver for spf\/no-pass-\* of other\.example \(waivers\.yaml:4:5\) covers nothing: .*\n$/)
    const report = reported(stdout)
    expect(report?.waivers).toMatchObject([{ state: 'used', findings: 1, owner: 'ops', until: '2099-03-31' }, { state: 'expired' }, { state: 'unused', subject: 'other.example' }])
    expect(report?.findings.filter(({ waived }) => waived)).toMatchObject([{ verdict: 'fail', waived: { reason: 'the newsletter leaves in March', owner: 'ops', until: '2099-03-31' } }])
    writeFileSync(file('waivers.yaml'), 'waivers: [{ check: spf, reason: all of it }]')
    expect(await mailcheck.run([...only, '--config', 'waivers.yaml'])).toMatchObject({ status: 0, stderr: '' })
  })

  test('a waiver for a check that is none names its place', async () => {
    writeFileSync(file('waivers.yaml'), 'waivers:\n  - check: spf/within-lokup-limit\n    reason: x\n')
    expect(await mailcheck.run([...only, '--config', 'waivers.yaml'])).toEqual({
      status: 2, stdout: '', stderr: 'mailcheck: waivers.yaml:2:12: no check is called "spf/within-lokup-limit"; did you mean "spf/within-lookup-limit"?\n',
    })
  })

  test('was there in the baseline; --since says what changed', async () => {
    const before = await mailcheck.run(['faulty.example', '--world', '--only', 'spf', '--output', 'json=before.json'])
    expect(before.status).toBe(1)
    const after = await mailcheck.run(['faulty.example', '--world', '--only', 'spf', '--json', '--baseline', 'before.json', '--since', 'before.json'])
    expect(after).toMatchObject({ status: 0, stderr: '' })
    const report = reported(after.stdout)
    expect(report?.findings.filter(({ verdict }) => verdict === 'fail').every(({ baseline }) => baseline)).toBe(true)
    expect(report?.since).toMatchObject({ appeared: [], disappeared: [] })
    expect((await mailcheck.run(['good.example', '--world', '--only', 'spf', '--baseline', 'before.json'])).stderr).toBe('mailcheck: before.json has no report on good.example\n')
  })

  test.each([
    [['--baseline', 'none.json'], /^mailcheck: --baseline: none\.json cannot be read: there is no such/],
    [['--since', 'bad.json'], /^mailcheck: --since: bad\.json: it is neither JSON nor/],
  ])('%j', async (args, message) => {
    writeFileSync(file('bad.json'), 'spam')
    const { status, stderr } = await mailcheck.run([...only, ...args])
    expect(stderr).toMatch(message)
    expect(status).toBe(2)
  })
})

describe('what cannot be done is said in a line, with status 2', () => {
  test.each([
    [['--output', 'junit'], /^mailcheck: --output: say where junit goes: --output junit=FILE\n$/],
    [['--output', 'junit='], /say where junit goes/],
    [['--output', 'junti=x'], /"junti" is no format; did you mean "junit"\? \(text, json, jsonl, junit/],
    [['--output', 'report.json'], /"report\.json" is no format/],
    [['--output', 'json=x', '--output', 'text=./x'], /\/x is given twice/],
    [['--output', 'json=-', '--output', 'text=-'], /only one format can go to stdout/],
    [['--output', 'json=-', '--json'], /--output json=- and --json both say/],
    [['--output', 'json=none/x'], /--output: none\/x cannot be written: there is no such/],
    [['--format', 'xml'], /--format=xml to be one of: text, json, jsonl, junit, sarif, github, gitlab, markdown, html/],
  ])('%j', async (args, message) => {
    mkdirSync(file('empty'), { recursive: true })
    const { status, stdout, stderr } = await mailcheck.run(['good.example', '--world', ...args])
    expect(stderr).toMatch(message)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(existsSync(file('x'))).toBe(false)
  })
})

describe('a plan', () => {
  const zone = ['$ORIGIN good.example.', '; softer than before', '@ 3600 IN TXT "v=spf1 mx ?all"', '_dmarc 3600 IN TXT (', '  "v=DMARC1; p=reject; pct=10; rua=mailto:dmarc@good.example" )', ''].join('\n')

  test('breaks at the line that makes something worse', async () => {
    writeFileSync(file('good.zone'), zone)
    const outputs = ['junit=p.xml', 'sarif=p.sarif', 'gitlab=p.json', 'github=p.txt', 'markdown=p.md', 'json=plan.json', 'html=p.html']
    const { status, stdout, stderr } = await mailcheck.run(['plan', 'good.example', '--world', '--zone', 'good.zone', ...outputs.flatMap(output => ['--output', output])])
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toContain('good.zone:3')
    const located = readSarif(read('p.sarif')).results.filter(({ kind }) => kind === 'fail')
    expect(located.find(({ ruleId }) => ruleId === 'spf/policy-not-neutral')).toMatchObject({
      baselineState: 'new', locations: [{ physicalLocation: { artifactLocation: { uri: 'good.zone' }, region: { startLine: 3 } } }],
    })
    expect(located.find(({ ruleId }) => ruleId === 'dmarc/pct-full')?.locations[0]?.physicalLocation?.region.startLine).toBe(4)
    expect(readAnnotations(read('p.txt')).find(({ properties }) => properties['title']?.startsWith('spf/policy-not-neutral'))).toMatchObject({ command: 'error', properties: { file: 'good.zone', line: '3' } })
    expect(readQuality(read('p.json')).find(({ check_name }) => check_name === 'spf/policy-not-neutral')?.location).toEqual({ path: 'good.zone', lines: { begin: 3 } })
    expect(readJunit(read('p.xml')).find(({ name }) => name === 'spf/policy-not-neutral good.example')).toMatchObject({ outcome: 'failure', file: 'good.zone', line: '3' })
    expect(read('p.md')).toContain('`good.zone:3`')
  })

  test('what fails before the change as well breaks nothing', async () => {
    writeFileSync(file('calm.zone'), 'new.faulty.example. 3600 IN TXT "hello"\n')
    const { status, stdout } = await mailcheck.run(['plan', 'faulty.example', '--world', '--zone', 'calm.zone', '--output', 'junit=-', '--output', 'sarif=calm.sarif'])
    expect(status).toBe(0)
    const cases = readJunit(stdout)
    expect(cases.filter(({ outcome }) => outcome === 'failure')).toEqual([])
    expect(cases.filter(({ message }) => message.startsWith('fails before the change as well')).length).toBeGreaterThan(10)
    expect(new Set(readSarif(read('calm.sarif')).results.map(({ baselineState }) => baselineState))).toEqual(new Set(['unchanged']))
  })
})

describe('profiles', () => {
  const run = (...args: string[]) => mailcheck.run(['faulty.example', '--world', '--output', 'json=-', ...args])
  type Reported = { reports: { profile?: { name: string; requirements: { text: string; state: string }[] }; context: { parked: { value: string } }; findings: { check: string; severity: string; profile?: { level: string } }[] }[] }

  test('re-grade what they require, and list it', async () => {
    const { stdout, stderr } = await run('--profile', 'gmail-bulk')
    expect(stderr).toBe('')
    const report = (JSON.parse(stdout) as Reported).reports[0]
    expect(report?.profile?.name).toBe('gmail-bulk')
    expect(report?.profile?.requirements.find(({ text }) => text.startsWith('Sending addresses'))?.state).toBe('not-met')
    expect(report?.findings.find(({ check }) => check === 'dmarc/policy-enforced')).toMatchObject({ severity: 'warning', profile: { level: 'notice' } })
  })

  test('may be the user’s own, and the default', async () => {
    writeFileSync(file('own.yaml'), 'defaults: { profile: ours }\nprofiles:\n  ours: { "*": none, "dmarc/policy-enforced": error }\n')
    expect((await run('--config', 'own.yaml')).status).toBe(1)
    expect((await run('--config', 'own.yaml', '--skip', 'dmarc/policy-enforced')).status).toBe(0)
    writeFileSync(file('own.yaml'), 'profiles:\n  ours:\n    title: Our rules\n    requirements:\n      - { text: SPF, checks: [spf/nosuch], level: error }\n')
    expect((await run('--config', 'own.yaml', '--profile', 'ours')).stderr).toMatch(/^mailcheck: own\.yaml:5:31: no check is called "spf\/nosuch"/)
  })

  test('a parked domain is taken at its word', async () => {
    const report = (JSON.parse((await run('--profile', 'parked')).stdout) as Reported).reports[0]
    expect(report?.context.parked.value).toBe('yes')
    expect(report?.profile?.requirements.map(({ state }) => state)).toContain('not-met')
  })

  test('one that is none is named, with those that are', async () => {
    const { status, stderr } = await run('--profile', 'gmail-bluk')
    expect(stderr).toMatch(/^mailcheck: --profile: there is no profile "gmail-bluk"; did you mean "gmail-bulk"\? \(default, parked, gmail-bulk, /)
    expect(status).toBe(2)
  })
})
