import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { families } from '../../src/monitor/families.ts'
import type { LogsReport } from '../../src/report/logs.ts'
import { logsSchema } from '../../src/report/logs-schema.ts'
import { ended, Installed } from './mailcheck.ts'

const mailcheck = new Installed()
afterAll(() => mailcheck.remove())
const fixtures = fileURLToPath(new URL('../../fixtures/logs/', import.meta.url))
const all = ['mail.log.1.gz', 'mail.log'].map(name => `${fixtures}${name}`)
const read = async (...args: string[]): Promise<LogsReport> => JSON.parse((await mailcheck.run(['logs', '--json', ...args])).stdout) as LogsReport

/** Whether a value has the shape that a schema asks for, as far as ours use JSON Schema. */
function misfits(schema: unknown, value: unknown, path = ''): string[] {
  const { type, properties, required = [], additionalProperties, items, $ref, oneOf, enum: values } = schema as Record<string, unknown> & { required?: string[]; values?: unknown[] }
  if (typeof $ref === 'string') return misfits((logsSchema() as { $defs: Record<string, unknown> }).$defs[$ref.replace('#/$defs/', '')], value, path)
  if (Array.isArray(oneOf)) return oneOf.some(one => misfits(one, value, path).length === 0) ? [] : [path]
  if (Array.isArray(values)) return values.includes(value) ? [] : [path]
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value
  const kinds = [type].flat()
  if (type !== undefined && !kinds.includes(kind) && !(kind === 'integer' && kinds.includes('number'))) return [`${path}: ${kind}`]
  if (kind === 'array') return (value as unknown[]).flatMap((one, i) => misfits(items, one, `${path}/${i}`))
  if (kind !== 'object') return []
  const shape = (properties ?? {}) as Record<string, unknown>
  return [
    ...required.filter(name => !Object.hasOwn(value as object, name)).map(name => `${path}/${name} is missing`),
    ...Object.entries(value as object).flatMap(([name, one]) => (Object.hasOwn(shape, name) ? misfits(shape[name], one, `${path}/${name}`)
      : additionalProperties === false ? [`${path}/${name} is strange`] : misfits(additionalProperties ?? {}, one, `${path}/${name}`))),
  ]
}

describe('the log of a day', () => {
  test('is told with what is in it, and without names', async () => {
    const { status, stdout, stderr } = await mailcheck.run(['logs', ...all])
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toMatch(/the password is\s+known/)
    for (const name of ['joe', 'sales@', 'ann@', '198.51.100.77', '203.0.113.66', '192.0.2.17', 'office.example.com']) expect(stdout).not.toContain(name)
    expect(stdout).not.toMatch(/[^\n\x20-\x7e]/)
  })

  test('as JSON has the promised shape, hides as well, and shows on request', async () => {
    const hidden = await read(...all)
    expect(misfits(logsSchema(), hidden)).toEqual([])
    expect(JSON.stringify(hidden)).not.toMatch(/joe|sales@|198\.51\.100\.77|203\.0\.113\.66/)
    expect(hidden.findings.map(({ code }) => code)).toEqual(['password-guessed', 'sudden-sending', 'own-address-listed', 'brute-force', 'password-spraying', 'relay-attempts', 'mail-waits'])
    const shown = await read('--show-names', ...all)
    expect(misfits(logsSchema(), shown)).toEqual([])
    expect(shown.findings[0]?.about).toEqual({ account: 'sales@example.com', source: '198.51.100.77' })
    expect(shown.findings[0]?.evidence.at(-1)).toMatchObject({ file: `${fixtures}mail.log`, text: expect.stringContaining('Login: user=<sales@example.com>') as string })
    expect(shown.refused).toMatchObject({ lists: [{ list: 'zen.spamhaus.org', refused: 5 }], greylisting: { messages: 3, returned: 2 } })
    expect(shown.logins.sources.find(({ source }) => source === '192.0.2.17')).toBeUndefined() // a name accused it
  })

  test('the hidden names are others in the next run', async () => {
    const [one, two] = [await read(...all), await read(...all)]
    expect(one.findings[0]?.about['account']).toMatch(/^user-[0-9a-f]{10}$/)
    expect(two.findings[0]?.about['account']).not.toBe(one.findings[0]?.about['account'])
  })

  test('of Exim, with what it refuses in a second file', async () => {
    const one = await read(`${fixtures}exim-mainlog`, '--show-names')
    const both = await read(`${fixtures}exim-mainlog`, `${fixtures}exim-rejectlog`, '--show-names')
    expect(both.refused).toEqual(one.refused)
    expect(both.logins).toEqual(one.logins)
    expect(one.findings.map(({ code }) => code)).toEqual(['brute-force', 'relay-attempts'])
    expect(one.deliveries).toMatchObject({ sent: 7, bounced: 1, deferred: 1, tls: [{ version: 'TLSv1.3', count: 5 }] })
    expect(one.lines.unknown).toBe(0)
  })

  test('of Dovecot alone', async () => {
    const { lines } = await read(`${fixtures}dovecot.log`, '--now', '2026-11-23')
    expect(lines.programs.dovecot).toEqual({ known: 40, unknown: 0 })
  })
})

describe('what the user may get wrong', () => {
  test.each<[args: string[], status: number, told: RegExp]>([
    [[], 2, /name the file of a log/],
    [['nothing.log'], 2, /nothing\.log: cannot be read: there is no such file/],
    [['a.log', 'a.log'], 2, /named twice/],
    [['x', '--window', 'soon'], 2, /no time such as 30m/],
    [['x', '--auth-failures', '0'], 2, /no whole number/],
    [['x', '--now', 'tomorrow'], 2, /no time such as/],
    [['x', '--json', '--format', 'text'], 2, /contradicts/],
    [['x', '--follow', '--now', '2026-11-23'], 2, /with --follow it does not/],
  ])('%j', async (args, status, told) => {
    const end = await mailcheck.run(['logs', ...args])
    expect(end.status).toBe(status)
    expect(end.stderr).toMatch(told)
    expect(end.stdout).toBe('')
  })

  test('a file that is no mail log', async () => {
    const file = join(mailcheck.directory, 'syslog')
    writeFileSync(file, 'Nov 23 10:00:05 mx CRON[1]: x\nwhat is this\n')
    expect(await mailcheck.run(['logs', file])).toMatchObject({ status: 3, stderr: expect.stringMatching(/no line of it/) as string, stdout: expect.not.stringContaining('Nothing conspicuous') as string })
    writeFileSync(file, '')
    expect(await mailcheck.run(['logs', file])).toMatchObject({ status: 3, stderr: expect.stringMatching(/nothing in it/) as string })
  })
})

test('from stdin', async () => {
  const child = mailcheck.start(['logs', '-', '--json', '--fail-on', 'never'])
  child.stdin.end('2026-11-23T10:00:05Z mx postfix/smtpd[1]: connect from x[192.0.2.1]\n')
  const { status, stdout } = await ended(child)
  expect([status, (JSON.parse(stdout) as LogsReport).lines.known]).toEqual([0, 1])
})

test('followed, it tells what it finds as it comes, and ends with the report', async () => {
  const file = join(mailcheck.directory, 'mail.log')
  writeFileSync(file, '')
  const child = mailcheck.start(['logs', file, '--follow', '--fail-on', 'warning', '--show-names'])
  const end = ended(child)
  const told = new Promise<void>(resolve => child.stdout.on('data', (text: string) => (text.includes('brute force') ? resolve() : undefined)))
  for (let i = 0; i < 12; i++) appendFileSync(file, `2026-11-23T10:00:${10 + i}Z mx postfix/smtpd[1]: warning: unknown[203.0.113.66]: SASL LOGIN authentication failed: x, sasl_username=joe\n`)
  await told
  child.kill('SIGTERM')
  const { status, stdout } = await end
  expect(status).toBe(1)
  expect(stdout).toMatch(/Warnings \(1\)\n[^]*joe 12 times/)
})

test('what strangers write reaches no terminal', async () => {
  const file = join(mailcheck.directory, 'hostile.log')
  const bad = '\u001b[2J\u009b\u202e\r\u0000'
  const failing = Array.from({ length: 12 }, (_, i) => `2026-11-23T10:00:${10 + i}Z mx dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<${bad}${i % 7}>, method=PLAIN, rip=203.0.113.66, lip=192.0.2.1, session=<s${i}>`)
  const bounced = Array.from({ length: 6 }, (_, i) => `2026-11-23T10:01:${10 + i}Z mx postfix/smtp[1]: AAAAA${i}: to=<x@${bad}.example>, relay=none, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (${bad} policy)`)
  const fault = `2026-11-23T10:02:00Z mx postfix/smtpd[1]: fatal: ${bad}`
  writeFileSync(file, `${[...failing, ...bounced, fault, `${bad} no head`].join('\n')}\n`)
  for (const args of [[], ['--json'], ['--show-names'], ['--show-names', '--json']]) {
    const { stdout } = await mailcheck.run(['logs', file, ...args])
    expect(stdout).not.toMatch(/[^\n\x20-\x7e\u2026]/)
    expect(stdout.length).toBeGreaterThan(500)
  }
}, 30_000)

test('the README shows it as it comes', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const section = /^## The mail log\n([^]*?)^## /m.exec(readme)?.[1] ?? ''
  const [, command = '', head = '', tail = ''] = /^\$ mailcheck (.*)\n([^]*?)```[^]*?```\n([^]*?)```/m.exec(section) ?? []
  const { stdout } = await mailcheck.run(command.replaceAll('fixtures/logs/', fixtures).split(' '))
  const plain = (text: string): string => text.replaceAll(fixtures, 'fixtures/logs/').replace(/[\s|]+/g, ' ') // paths are longer here
  expect(head.length).toBeGreaterThan(500)
  expect(plain(stdout).startsWith(plain(head).trimEnd())).toBe(true)
  expect(plain(stdout).endsWith(plain(tail))).toBe(true)
  const names = new Set<string>(families.map(({ name }) => name))
  expect([...section.matchAll(/mailcheck_[a-z_]+/g)].map(([name]) => name).filter(name => !names.has(name))).toEqual([])
  expect(parseConfig(/```yaml\n([^]*?)```/.exec(section)?.[1] ?? '', 'README.md').serve?.logs).toEqual(['/var/log/mail.log'])
})
