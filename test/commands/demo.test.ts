import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/index.ts'
import { Installed } from './mailcheck.ts'

let mailcheck: Installed
beforeAll(() => {
  mailcheck = new Installed()
}, 60_000)
afterAll(() => mailcheck.remove())

describe('mailcheck demo', () => {
  test('prints the reports of three domains, points to the others, and has not failed', async () => {
    const { status, stdout, stderr } = await mailcheck.run(['demo'])
    expect(status).toBe(0)
    expect(stdout.match(/^\S+\.example$/gm)).toEqual(['good.example', 'faulty.example', 'parked.example'])
    const [good = '', faulty = '', parked = '', letter = ''] = stdout.split(/^─+$/m)
    for (const report of [good, parked]) {
      expect(report).toContain('Nothing fails.')
      expect(report).not.toContain('could not be tested')
    }
    expect(letter).toMatch(/^anna@good\.example -> anna@good\.example: delivered within [^]*POP3 +seen after/m)
    expect(faulty).toMatch(/^Critical \(\d+\)$/m)
    expect(faulty.match(/^ {4}check {4}/gm)?.length).toBeGreaterThanOrEqual(12)
    expect(stderr).toMatch(/^mailcheck: .*--world\n$/)
  })

  test('runs the same check as everybody: its JSON is a report like any other', async () => {
    const { status, stdout } = await mailcheck.run(['demo', '--json', '--quiet'])
    expect(status).toBe(0)
    const { schema, reports } = JSON.parse(stdout) as { schema: string; reports: Report[] }
    expect(schema).toBe('mailcheck.reports/1')
    expect(reports.map(({ domain, questions }) => [domain, questions.receive.answer])).toEqual(
      [['good.example', 'yes'], ['faulty.example', expect.stringMatching(/partly|no/)], ['parked.example', expect.any(String)]])
    expect(reports[0]?.counts).toMatchObject({ fail: { critical: 0, error: 0, warning: 0, notice: 0 }, unknown: 0 })
  })

  test('does not depend on the configuration that lies about', async () => {
    const file = join(mailcheck.directory, 'mailcheck.yaml')
    writeFileSync(file, 'nonsense: [')
    try {
      expect(await mailcheck.run(['demo', '--quiet'])).toMatchObject({ status: 0, stderr: '' })
    } finally {
      rmSync(file)
    }
  })
})

describe('mailcheck DOMAIN --world', () => {
  test('checks any domain of the world, with the exit status of every check', async () => {
    expect(await mailcheck.run(['good.example', '--world', '--quiet'])).toMatchObject({ status: 0, stderr: '' })
    const faulty = await mailcheck.run(['smtp-no-starttls.example', '--world'])
    expect(faulty.status).toBe(1)
    expect(faulty.stdout).toContain('mx.smtp-no-starttls.example [11.33.0.10]: STARTTLS')
  })

  test('knows nobody outside it', async () => {
    const { status, stdout } = await mailcheck.run(['example.com', '--world', '--only', 'domain/exists'])
    expect(status).toBe(1)
    expect(stdout).toContain('example.com does not exist')
  })

  test.each([['--resolver', '127.0.0.1'], ['--source', '127.0.0.1'], ['--replay', 'x.cassette']])('excludes %s', async (...flag) => {
    expect(await mailcheck.run(['good.example', '--world', ...flag])).toMatchObject({
      status: 2, stdout: '', stderr: `mailcheck: --world and ${flag[0]} exclude each other: a world has its own\n`,
    })
  })
})
