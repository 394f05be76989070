import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { check, createNetwork, makeScope, type Report } from '../../src/index.ts'
import { loadWorlds } from '../../src/lab/read-world.ts'
import { startWorld } from '../../src/lab/world.ts'
import { formatCassette } from '../../src/network/cassette.ts'
import { createRecorder } from '../../src/network/record.ts'
import { Installed } from './mailcheck.ts'

const domain = 'faulty.example'
const given = ['--replay', 'faulty.cassette', '--ehlo', 'probe.example.net', '--selector', 'old', '--selector', 'mail']
let mailcheck: Installed
let live: Report

beforeAll(async () => {
  mailcheck = new Installed()
  const world = await startWorld(loadWorlds('faulty'))
  const recorder = createRecorder()
  const network = createNetwork({ resolvers: [world.resolver], route: world.route, anchors: [world.ca], recorder })
  live = await check(makeScope({ ehloName: 'probe.example.net', selectors: ['old', 'mail'] }, null, { domain, shownAs: domain }), { network })
  await world.close()
  writeFileSync(join(mailcheck.directory, 'faulty.cassette'), formatCassette(recorder.cassette()))
}, 60_000)
afterAll(() => mailcheck.remove())

test('a recording gives the report of the run that it recorded, every time', async () => {
  const first = await mailcheck.run([domain, '--json', ...given])
  const second = await mailcheck.run([domain, '--json', ...given])
  expect(first.stdout).toBe(second.stdout)
  expect(first).toMatchObject({ status: 1, stderr: '' })
  const { reports } = JSON.parse(first.stdout) as { reports: Report[] }
  expect(reports[0]?.findings).toEqual(JSON.parse(JSON.stringify(live.findings)))
})

test('a recording of the command needs no flags and no domain to be replayed, and gives the same report', async () => {
  const recorded = await mailcheck.run([domain, '--json', '--record', 'again.cassette', ...given])
  expect(recorded.status).toBe(2) // a replay is not recorded
  const live = await mailcheck.run([
    domain, '--world', '--json', '--record', 'again.cassette', '--ehlo', 'probe.example.net', '--selector', 'mail', '--only', 'smtp,domain', '--only', 'dkim', '--skip', 'domain/*',
    '--profile', 'gmail-bulk',
  ])
  const [report] = (JSON.parse(live.stdout) as { reports: Report[] }).reports
  expect([...new Set(report?.findings.map(({ check: id }) => id.split('/')[0]))]).toEqual(['smtp', 'dkim'])
  expect(report?.profile?.name).toBe('gmail-bulk')
  expect(await mailcheck.run(['--replay', 'again.cassette', '--json'])).toEqual(live)
})

test('what is said of a replay counts over what was recorded', async () => {
  const replayed = async (...flags: string[]) => {
    const { stdout } = await mailcheck.run(['--replay', 'again.cassette', '--json', ...flags])
    const [report] = (JSON.parse(stdout) as { reports: Report[] }).reports
    return { topics: [...new Set(report?.findings.map(({ check: id }) => id.split('/')[0]))], profile: report?.profile?.name ?? null }
  }
  expect(await replayed('--only', 'spf')).toEqual({ topics: ['spf'], profile: 'gmail-bulk' })
  expect(await replayed('--skip', 'dkim', '--profile', 'm3aawg')).toEqual({ topics: ['domain', 'smtp'], profile: 'm3aawg' })
  expect((await replayed('--profile', 'default')).profile).toBe(null)
  const text = readFileSync(join(mailcheck.directory, 'again.cassette'), 'utf8')
  writeFileSync(join(mailcheck.directory, 'newer.cassette'), text.replace('only ["smtp,domain","dkim"]', 'only ["smtp","of-tomorrow/*"]').replace('profile "gmail-bulk"', 'profile "ours"'))
  const newer = await mailcheck.run(['--replay', 'newer.cassette', '--format', 'jsonl'])
  expect([...new Set((JSON.parse(newer.stdout) as Report).findings.map(({ check: id }) => id.split('/')[0]))]).toEqual(['smtp'])
  expect(newer.stderr).toBe('mailcheck: the recording was measured by the profile "ours", which the configuration here does not have: severities are those of the catalogue\n')
})

test('fix and diff ask what was recorded, and nothing else', async () => {
  const fixed = await mailcheck.run(['fix', '--replay', 'again.cassette'])
  expect([fixed.status, fixed.stderr]).toEqual([0, ''])
  expect(fixed.stdout).not.toContain('not recorded')
  const same = await mailcheck.run(['diff', 'again.cassette', 'again.cassette'])
  expect(same).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/\nNothing gets worse\n$/) as string })
  const whole = await mailcheck.run([domain, '--json', ...given])
  writeFileSync(join(mailcheck.directory, 'whole.json'), whole.stdout)
  const { stdout, stderr } = await mailcheck.run(['diff', 'again.cassette', 'whole.json', '--json'])
  const { domains: [compared] } = JSON.parse(stdout) as { domains: { changes: { finding: { check: string } }[] }[] }
  expect(compared?.changes.filter(({ finding: { check: id } }) => !/^(?:smtp|dkim)\//.test(id))).toEqual([])
  expect(stderr).toMatch(/^mailcheck: faulty\.example: \d+ checks were made for one of the two alone, and are not compared: domain\/exists, .* …\n$/)
})

test('a recording can be redacted on the way, and gives the same verdicts under other names', async () => {
  const flags = ['--json']
  const first = await mailcheck.run(['--replay', 'again.cassette', '--record', 'redacted.cassette', '--redact', ...flags])
  const [, name = ''] = /^mailcheck: faulty\.example is called (\S+\.example) in redacted\.cassette\n$/.exec(first.stderr) ?? []
  expect(first.stdout).toBe((await mailcheck.run(['--replay', 'again.cassette', ...flags])).stdout)
  expect(readFileSync(join(mailcheck.directory, 'redacted.cassette'), 'utf8')).not.toMatch(/faulty|(?<!\d)11\.26\.[12]\.25(?!\d)/)
  const redacted = await mailcheck.run(['--replay', 'redacted.cassette', ...flags])
  const verdicts = (text: string) => (JSON.parse(text) as { reports: Report[] }).reports.flatMap(({ findings }) => findings.map(({ check: id, verdict, code }) => `${id} ${verdict} ${code ?? ''}`).toSorted())
  expect(verdicts(redacted.stdout)).toEqual(verdicts(first.stdout))
  expect([redacted.status, redacted.stderr, redacted.stdout.includes(`"domain": "${name}"`)]).toEqual([first.status, '', true])
  expect((await mailcheck.run([domain, '--redact'])).stderr).toBe('mailcheck: --redact needs --record FILE: it is the recording that is redacted\n')
  expect((await mailcheck.run([domain, '--replay', 'again.cassette', '--record', 'copy.cassette'])).stderr).toContain('but with --redact')
  const before = readFileSync(join(mailcheck.directory, 'again.cassette'), 'utf8')
  expect(await mailcheck.run(['--replay', 'again.cassette', '--record', './again.cassette', '--redact'])).toMatchObject({ status: 2, stdout: '' })
  expect(readFileSync(join(mailcheck.directory, 'again.cassette'), 'utf8')).toBe(before)
})

test('a recording that is cut off is refused, with the line', async () => {
  const text = readFileSync(join(mailcheck.directory, 'faulty.cassette'), 'utf8')
  const lines = text.slice(0, text.indexOf('\nsession ')).trimEnd().split('\n')
  writeFileSync(join(mailcheck.directory, 'cut.cassette'), lines.join('\n'))
  expect(await mailcheck.run([domain, '--replay', 'cut.cassette'])).toMatchObject({
    status: 2, stdout: '', stderr: expect.stringMatching(new RegExp(`^mailcheck: cut\\.cassette:${lines.length}: the recording is cut off here: it has no "end", and \\d+ of \\d+ exchanges\\n$`)) as string,
  })
})

test('what fails decides the status, at the severity asked for', async () => {
  const status = async (...flags: string[]) => (await mailcheck.run([domain, '--format', 'jsonl', ...given, ...flags])).status
  expect(await status('--fail-on', 'never')).toBe(0)
  expect(await status('--only', 'domain/exists')).toBe(0)
  expect(await status('--only', 'dmarc/policy-enforced')).toBe(0)
  expect(await status('--only', 'dmarc/policy-enforced', '--fail-on', 'warning')).toBe(1)
})

test('--trace shows questions and dialogues on stderr, and the report stays as it is', async () => {
  const { stdout, stderr } = await mailcheck.run([domain, '--trace', ...given])
  expect(stdout).toBe((await mailcheck.run([domain, ...given])).stdout)
  expect(stderr).toMatch(/ dns faulty\.example\. MX: NOERROR, udp from 127\.0\.0\.1:\d+, \d+ ms\n/)
  expect(stderr).toMatch(/ dns {3}faulty\.example\. 3600 MX 10 mx1\.faulty\.example\.\n/)
  expect(stderr).toMatch(/ mx1\.faulty\.example\[11\.26\.1\.25\]:25 C: EHLO probe\.example\.net\n/)
  expect(stderr).toMatch(/ mx1\.faulty\.example\[11\.26\.1\.25\]:25 S: 250-AUTH PLAIN LOGIN\n/)
  expect(stderr).toMatch(/ mx1\.faulty\.example\[11\.26\.1\.25\]:25 \* TLSv1\.3 /)
  expect(stderr).toMatch(/ mx2\.faulty\.example\[11\.26\.2\.25\]:25 \* refused: /)
})

test('several domains are reported in the order given, and what a recording lacks is unknown', async () => {
  const { stdout, status } = await mailcheck.run(['other.example', domain, 'third.example', '--json', '--only', 'domain', ...given])
  const { reports } = JSON.parse(stdout) as { reports: Report[] }
  expect(reports.map(report => [report.domain, report.findings[0]?.verdict, report.findings[0]?.code]))
    .toEqual([['other.example', 'unknown', 'not-recorded'], [domain, 'pass', null], ['third.example', 'unknown', 'not-recorded']])
  expect(status).toBe(3)
})

test('init writes what was found, in a form that is read again', async () => {
  const { status, stdout } = await mailcheck.run(['init', domain, '--replay', 'faulty.cassette'])
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Wrote mailcheck\.yaml: /) as string })
  const config = parseConfig(readFileSync(join(mailcheck.directory, 'mailcheck.yaml'), 'utf8'), 'mailcheck.yaml')
  expect(config.domains.get(domain)).toMatchObject({ services: { imap: 'mail.faulty.example', submission: 'mail.faulty.example' } })
  const { stderr } = await mailcheck.run([domain, ...given, '--only', 'domain'])
  expect(stderr).toBe('')
})
