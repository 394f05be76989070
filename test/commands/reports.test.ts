/** `mailcheck reports`: the work of the command, on the fixtures and on what people and strangers make of them. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, appendFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { runReports, type ReportsFlags } from '../../src/commands/reports-run.ts'
import { StateLock } from '../../src/monitor/state-lock.ts'
import { violations } from '../report/json-schema.ts'
import { receivedSchema } from '../../src/report/received-json.ts'
import { files } from '../scaffold/reports.ts'
import { aggregate, begin, day, gzip, mailWith } from '../syntax/report-samples.ts'

const fixtures = new URL('../../fixtures/reports/', import.meta.url).pathname
const usual: ReportsFlags = { names: false, strict: false, json: false, color: false }
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailcheck-reports-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

/**
 * What the command writes, and its status. In this process, whose streams nobody else writes to: it is called some thirty times, and a
 * process for each would take half a minute. How the executable does is for the tests that run it.
 */
async function told(paths: readonly string[], flags: Partial<ReportsFlags> = {}): Promise<{ status: number; stdout: string; stderr: string }> {
  const [stdout, stderr]: string[][] = [[], []]
  vi.spyOn(process.stdout, 'write').mockImplementation((text, done?: unknown) => {
    stdout?.push(String(text))
    if (typeof done === 'function') (done as () => void)()
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation(text => Boolean(stderr?.push(String(text))))
  const status = await runReports(paths, { ...usual, ...flags })
  vi.restoreAllMocks()
  return { status, stdout: stdout?.join('') ?? '', stderr: stderr?.join('') ?? '' }
}

interface Told {
  readonly domains: readonly {
    readonly domain: string; readonly messages: { readonly total: number }
    readonly sources: readonly { readonly address: string; readonly isNew: boolean | null; readonly name: string | null; readonly provider: string | null }[]
    readonly findings: readonly { readonly check: string; readonly subject: string; readonly verdict: string }[]
  }[]
  readonly read: { readonly files: number; readonly reports: number; readonly duplicates: number }
  readonly setAside: readonly { readonly where: string; readonly line: number | null; readonly reason: string }[]
}

async function json(paths: readonly string[], flags: Partial<ReportsFlags> = {}): Promise<Told> {
  const { stdout } = await told(paths, { ...flags, json: true })
  const parsed = JSON.parse(stdout) as Told
  expect(violations(parsed, receivedSchema() as Parameters<typeof violations>[1])).toEqual([])
  return parsed
}

const write = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

test('the fixtures are what the script makes', () => {
  for (const [name, content] of Object.entries(files)) if (!/\.(?:gz|zip)$|^mail|eml$/.test(name)) expect(readFileSync(join(fixtures, name)).equals(Buffer.from(content)), name).toBe(true)
})

describe('what they come to', () => {
  test('in a text', async () => {
    const { status, stdout } = await told([fixtures])
    expect(status).toBe(1)
    expect(stdout).toContain('Messages   2,605: 2,495 pass DMARC (95.8 %), 110 fail (4.2 %)')
    expect(stdout).toContain('p=none; p=quarantine would have put aside 110 messages (4.2 %),\n           p=reject refused 110, 31 of them forwarded')
    expect(stdout).toMatch(/ {8}62 {4}0 % {6}0 {6}0 {2}11\.66\.1\.9, authenticates as mailer\.example/)
    expect(stdout).toContain('4 sessions to mx1.example.com: certificate-expired')
    expect(stdout).toMatch(/Read 15 reports in 26 files; 1 further one was known already/)
  })

  test('in JSON, as the schema says', async () => {
    const { domains: [domain], read, setAside } = await json([fixtures])
    expect(domain).toMatchObject({ domain: 'example.com', messages: { total: 2605 } })
    expect(read).toEqual({ files: 26, messages: 0, reports: 15, duplicates: 1 })
    expect(setAside).toHaveLength(13)
    expect(setAside).toContainEqual({ where: join(fixtures, 'broken/cut-off.xml'), line: 23, reason: 'unclosed tag: domain' })
    expect(setAside).toContainEqual({ where: join(fixtures, 'broken/one-bad-record.xml'), line: 14, reason: 'a record is left out: source_ip "not.an.address.example" is no address' })
  })

  test('as a page, in which nothing of strangers is markup', async () => {
    const hostile = write('hostile.xml', aggregate({ org: '&lt;script&gt;alert(1)&lt;/script&gt;\u202e', id: 'h', rows: [{ envelope: 'a"b' }] }))
    const { stdout } = await told([hostile, fixtures], { format: 'html' })
    expect(stdout).toMatch(/^<!doctype html>/i)
    expect(stdout).not.toContain('<script>alert')
    expect(stdout).not.toContain('\u202e')
    expect(stdout).toContain('11.66.1.9')
  })

  test('what a terminal would obey is made visible', async () => {
    const path = write('escapes.json', '{"organization-name":"\\u001b[2J","report-id":"x","date-range":{"start-datetime":"2026-11-20","end-datetime":"2026-11-21"},"policies":[{"policy":{"policy-type":"sts","policy-domain":"example.com"},'
      + '"summary":{"total-successful-session-count":1,"total-failure-session-count":1},"failure-details":[{"result-type":"x\\u001b]0;y","failed-session-count":1}]}]}')
    const { stdout } = await told([path, write('\u001b[31m.txt', 'x'), write('policy.xml', aggregate({ id: 'p', policy: '&#x9b;2J', rows: [{ dkim: 'fail', spf: 'fail' }] }))])
    expect(stdout).not.toMatch(/[\u001b\u009b]/)
    expect(stdout).toContain('\\x1b[2J')
  })

  test('of one domain alone', async () => {
    const other = write('other.xml', aggregate({ domain: 'example.org' }))
    expect((await json([fixtures, other])).domains.map(({ domain }) => domain)).toEqual(['example.com', 'example.org'])
    expect((await json([fixtures, other], { domain: ['EXAMPLE.org'] })).domains.map(({ domain }) => domain)).toEqual(['example.org'])
    expect(await told([other], { domain: ['example.net'] })).toMatchObject({ status: 2, stderr: 'mailcheck: there is no report on example.net\n' })
  })

  test('the status is that of what is found', async () => {
    const good = write('good.xml', aggregate())
    expect((await told([good])).status).toBe(0)
    expect((await told([fixtures], { 'fail-on': 'critical' })).status).toBe(0)
    expect((await told([good], { state: join(folder, 'first') })).status).toBe(0)
    expect((await told([good], { state: join(folder, 'first'), strict: true })).status).toBe(3)
    expect((await told([write('none.txt', 'nothing')])).status).toBe(2)
  })
})

describe('names', () => {
  test('of sources, when somebody may be asked: those that lead back', async () => {
    const zone = write('zone.json', JSON.stringify({
      '7.1.25.11.in-addr.arpa': [{ PTR: 'mail.example.com' }], 'mail.example.com': [{ A: '11.25.1.7' }],
      '9.1.66.11.in-addr.arpa': [{ PTR: 'o1.sendgrid.net' }], 'o1.sendgrid.net': [{ A: '11.66.1.9' }],
      '3.0.40.11.in-addr.arpa': [{ PTR: 'mail.google.com' }], 'mail.google.com': [{ A: '11.40.0.4' }],
    }))
    const { domains: [domain] } = await json([fixtures], { 'dns-file': zone })
    expect(Object.fromEntries((domain?.sources ?? []).map(({ address, name, provider }) => [address, [name, provider]]))).toMatchObject({
      '11.25.1.7': ['mail.example.com', null], '11.66.1.9': ['o1.sendgrid.net', expect.stringMatching(/sendgrid/i) as string], '11.40.0.3': [null, null],
    })
  })

  test('a provider is known by what its mail authenticates as, too', async () => {
    const path = write('esp.xml', aggregate({ rows: [{ signer: 'sendgrid.net', dkim: 'fail', signature: 'pass' }] }))
    expect((await json([path])).domains[0]?.sources).toMatchObject([{ name: null, provider: expect.stringMatching(/sendgrid/i) as string }])
  })
})

describe('state', () => {
  test('a report counts once, in whichever run it is read; new is what no earlier run knew', async () => {
    const state = join(folder, 'state')
    const first = await json([fixtures], { state })
    expect(first.domains[0]?.sources.map(({ isNew }) => isNew)).toEqual([null, null, null, null, null])
    const more = write('more.eml', mailWith(gzip(aggregate({ id: 'more', begin: begin + 2 * day, rows: [{ count: 100 }, { source: '11.99.1.1', count: 10, dkim: 'fail', spf: 'fail' }] }))))
    const second = await json([fixtures, more], { state })
    expect(second.read).toEqual({ files: 27, messages: 0, reports: 1, duplicates: 16 })
    expect(second.domains[0]?.messages.total).toBe(2715)
    expect(second.domains[0]?.sources.filter(({ isNew }) => isNew).map(({ address }) => address)).toEqual(['11.99.1.1'])
    expect(second.domains[0]?.findings).toContainEqual(expect.objectContaining({ check: 'reports/no-new-unaligned-source', subject: '11.99.1.1', verdict: 'fail' }))
    const third = await json([], { state })
    expect(third.domains[0]?.messages.total).toBe(2715)
    expect(third.domains[0]?.sources.filter(({ isNew }) => isNew)).toEqual([])
  })

  test('a line that was cut off is told, and the report is read again', async () => {
    const state = join(folder, 'cut')
    const [one, two] = [write('one.xml', aggregate({ id: 'one' })), write('two.xml', aggregate({ id: 'two' }))]
    await json([one], { state })
    const file = join(state, 'reports', 'reports.jsonl')
    appendFileSync(file, readFileSync(file, 'utf8').split('\n')[1]?.replace('"one"', '"two"').slice(0, 80) ?? '')
    const { stdout, stderr } = await told([two], { state, json: true })
    expect(stderr).toMatch(/a line of the state in .* cannot be read and is passed over/)
    expect((JSON.parse(stdout) as Told).read).toMatchObject({ reports: 1, duplicates: 0 })
    expect((await json([one, two], { state })).read).toMatchObject({ reports: 0, duplicates: 2 })
  })

  test('of another version, or in use by another process', async () => {
    const state = join(folder, 'other')
    mkdirSync(join(state, 'reports'), { recursive: true })
    writeFileSync(join(state, 'reports', 'reports.jsonl'), '{"kind":"mailcheck.reports","version":99}\n')
    await expect(told([fixtures], { state })).rejects.toThrow(/--state: .* is of another version of mailcheck/)
    const lock = StateLock.take(join(state, 'reports'))
    await expect(told([fixtures], { state })).rejects.toThrow(/is in use by process/)
    if (lock instanceof StateLock) lock.release()
  })
})

describe('mistakes', () => {
  test.each<[string, readonly string[], Partial<ReportsFlags>, RegExp]>([
    ['nothing named', [], {}, /^name a report, a mail, a mailbox or a folder/],
    ['a path that is not there', ['/nowhere/at/all'], {}, /^\/nowhere\/at\/all cannot be read: there is no such file or folder$/],
    ['no domain', [fixtures], { domain: ['a b'] }, /^--domain: /],
    ['a folder of no mailbox', [fixtures], { dir: ['Reports'] }, /^--dir says where the mailbox of --account is$/],
    ['no time', [fixtures], { now: 'soon' }, /^--now: "soon" is no time/],
    ['two formats', [fixtures], { json: true, format: 'html' }, /--format html contradicts/],
  ])('%s', async (_, paths, flags, message) => {
    await expect(told(paths, flags)).rejects.toThrow(message)
  })

  test('links that lead in a circle, and folders without reports', async () => {
    const circle = join(folder, 'circle')
    mkdirSync(join(circle, 'below'), { recursive: true })
    symlinkSync(circle, join(circle, 'below', 'above'))
    symlinkSync(join(circle, 'self'), join(circle, 'self'))
    const { status, stdout } = await told([circle])
    expect(status).toBe(2)
    expect(stdout).toMatch(/self: its links lead in a circle/)
  })
})
