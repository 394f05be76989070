import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadWorlds } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { packageRoot } from '../../src/package.ts'
import { Installed, ended, type Ended } from './mailcheck.ts'

let mailcheck: Installed

beforeAll(() => {
  mailcheck = new Installed()
  write('zone.yaml', [
    'example.com:',
    '  - TXT: "v=spf1 ip4:192.0.2.0/24 include:_spf.google.com -all exp=why.%{d}"',
    '_spf.google.com:',
    '  - TXT: "v=spf1 ip4:198.51.100.0/24 ~all"',
    'why.example.com:',
    '  - TXT: "%{i} is none of ours"',
    'broken.example:',
    '  - TIMEOUT',
  ].join('\n'))
  write('zone.json', JSON.stringify({ 'example.com': [{ SPF: 'v=spf1 +all' }], 'example.net': [{ TXT: 'v=spf1 a:x.test a:y.test -all' }] }))
}, 60_000)
afterAll(() => mailcheck.remove())

function write(name: string, text: string): void {
  writeFileSync(join(mailcheck.directory, name), text)
}

const message = (ip: string, sender = 'ann@example.com') => ['spf', 'eval', '--ip', ip, '--sender', sender, '--helo', 'mail.example.com', '--dns-file', 'zone.yaml']

describe('spf eval', () => {
  test('prints the result, what matched, the explanation, the lookups, and the trace', async () => {
    const { status, stdout, stderr } = await mailcheck.run(message('203.0.113.9'))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^fail: 203\.0\.113\.9 may not send mail as example\.com\n/)
    expect(stdout).toContain('example.com explains: 203.0.113.9 is none of ours')
    expect(stdout).toMatch(/matched +-all\n[^]*DNS lookups +1 of at most 10\n[^]*void lookups +0 of at most 2\n/)
    expect(stdout).toContain('│  └─ ~all  match, it matches every client\n')
  })

  test.each<[what: string, args: string[], json: object]>([
    ['pass', message('192.0.2.9'), { result: 'pass', explanation: null, lookups: 0, void: 0, matched: 'ip4:192.0.2.0/24' }],
    ['include', message('198.51.100.9'), { result: 'pass', explanation: null, lookups: 1, void: 0, matched: 'include:_spf.google.com' }],
    ['fail', message('2001:db8::1'), { result: 'fail', lookups: 1, matched: '-all' }],
    ['temperror', message('192.0.2.9', 'ann@broken.example'), { result: 'temperror', matched: null }],
    ['none', message('192.0.2.9', 'ann@[192.0.2.9]'), { result: 'none' }],
    ['the null sender', message('192.0.2.9', ''), { result: 'none', trace: { domain: 'mail.example.com' } }],
    ['the null sender as SMTP has it', message('192.0.2.9', '<>'), { result: 'none', trace: { domain: 'mail.example.com' } }],
    ['a sender in brackets', message('192.0.2.9', '<ann@example.com>'), { result: 'pass' }],
    ['another domain', [...message('192.0.2.9', 'ann@elsewhere.example'), '--domain', 'example.com'], { result: 'pass' }],
  ])('%s, as JSON, with status 0', async (_, args, json) => {
    const { status, stdout } = await mailcheck.run([...args, '--format', 'json'])
    const verdict = JSON.parse(stdout) as object
    expect(verdict).toMatchObject(json)
    expect(Object.keys(verdict)).toEqual(['result', 'explanation', 'lookups', 'void', 'matched', 'trace'])
    expect(status).toBe(0)
  })

  test('a resolver that does not answer: an evaluation was made', async () => {
    const args = message('192.0.2.9').slice(0, -2)
    const { status, stdout } = await mailcheck.run([...args, '--json', '--resolver', '127.0.0.1:9'])
    expect(JSON.parse(stdout)).toMatchObject({ result: 'temperror' })
    expect(status).toBe(0)
  })

  test.each<[args: string[], message: RegExp]>([
    [['spf'], /name a command of "spf"\. Commands: spf eval, spf expand, spf compare/],
    [['spf', 'evla'], /there is no command "spf evla"; did you mean "spf eval"\?/],
    [['spf', 'example.com'], /there is no command "spf example\.com"\./],
    [['help', 'sfp'], /there is no command "sfp"/],
    [['spf', 'eval'], /--ip is missing/],
    [['spf', 'eval', '--ip', '192.0.2.9'], /--sender is missing/],
    [['spf', 'eval', '--ip', '192.0.2.9', '--sender', 'a@example.com'], /--helo is missing/],
    [['spf', 'eval', '--ip', '192.0.2', '--sender', 'a', '--helo', 'b'], /--ip: "192\.0\.2" is no IP address/],
    [['spf', 'eval', '--ip', 'fe80::1%eth0', '--sender', 'a', '--helo', 'b'], /is no IP address/],
    [['spf', 'eval', 'ann@example.com'], /what is "ann@example\.com"\? A sender is given with --sender/],
    [[...message('192.0.2.9'), '--resolver', '127.0.0.1'], /--dns-file and --resolver exclude each other/],
    [[...message('192.0.2.9').slice(0, -1), 'none.yaml'], /none\.yaml cannot be read: there is no such file/],
    [[...message('192.0.2.9'), '--json', '--format', 'text'], /--json means --format json/],
    [['spf', 'expand'], /name a domain/],
    [['spf', 'expand', '192.0.2.1'], /IP address/],
    [['spf', 'compare', 'a.example'], /name two records, files or domains/],
    [['spf', 'compare', 'not a domain', 'example.com', '--dns-file', 'zone.yaml'], /"not a domain" is no SPF record \("v=spf1 …"\), no file, and no domain/],
    [['spf', 'compare', 'zone.json', 'example.com', '--dns-file', 'zone.yaml'], /zone\.json holds no SPF record/],
  ])('mailcheck %j', async (args, said) => {
    const { status, stdout, stderr } = await mailcheck.run(args)
    expect(stderr).toMatch(said)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })

  test('help of two words', async () => {
    const { stdout, status } = await mailcheck.run(['help', 'spf', 'eval'])
    expect(stdout).toMatch(/mailcheck spf eval --ip ADDRESS/)
    expect(status).toBe(0)
    expect((await mailcheck.run(['spf', '--help'])).stdout).toMatch(/Evaluate, expand and compare SPF records\.[^]*spf compare[^]*spf eval[^]*spf expand/)
  })
})

async function batch(input: string, args: string[] = []): Promise<Ended & { lines: unknown[] }> {
  const child = mailcheck.start(['spf', 'eval', '--batch', ...args])
  child.stdin.end(input)
  const result = await ended(child)
  return { ...result, lines: result.stdout.trimEnd().split('\n').filter(line => line !== '').map(line => JSON.parse(line) as unknown) }
}

const one = (id: unknown, more: object = {}) => JSON.stringify({ id, ip: '192.0.2.9', helo: 'mail.example.com', sender: 'ann@example.com', zone: 'zone.yaml', ...more })

describe('spf eval --batch', () => {
  test('a line in, a line out, in order, going on after every error', async () => {
    const { status, lines, stderr } = await batch([
      one('a'), one(2, { zone: 'zone.json', ip: '203.0.113.1' }), 'no json', '', '[]', one('b', { ip: '192.0.2' }), one('c', { zone: 'none.yaml' }),
      one('d', { sender: undefined }), one('e', { helo: 7 }), one('f', { zone: undefined }), one('g', { ip: '203.0.113.9' }), one('h', { zone: 'zone.json', sender: 'x@example.net' }),
    ].join('\n'))
    expect(lines).toEqual([
      { id: 'a', result: 'pass', explanation: null, lookups: 0, void: 0, matched: 'ip4:192.0.2.0/24' },
      { id: 2, result: 'pass', explanation: null, lookups: 0, void: 0, matched: '+all' },
      { id: null, error: { code: 'bad-json', message: expect.any(String) as string } },
      { id: null, error: { code: 'no-object', message: expect.any(String) as string } },
      { id: 'b', error: { code: 'bad-ip', message: expect.any(String) as string } },
      { id: 'c', error: { code: 'bad-zone', message: 'none.yaml cannot be read: there is no such file or directory' } },
      { id: 'd', error: { code: 'missing-field', message: expect.stringContaining('sender') as string } },
      { id: 'e', error: { code: 'bad-field', message: expect.stringContaining('helo') as string } },
      { id: 'f', error: { code: 'missing-field', message: expect.stringContaining('zone') as string } },
      { id: 'g', result: 'fail', explanation: '203.0.113.9 is none of ours', lookups: 1, void: 0, matched: '-all' },
      { id: 'h', result: 'fail', explanation: null, lookups: 2, void: 2, matched: '-all' },
    ])
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' })
  })

  test('from a file, with one DNS file for all; status 0', async () => {
    write('cases.jsonl', `${one('a', { zone: undefined })}\n${one('b', { zone: 'zone.json' })}\n`)
    const { status, lines } = await batch('', ['cases.jsonl', '--dns-file', 'zone.yaml'])
    expect(lines).toMatchObject([{ id: 'a', matched: 'ip4:192.0.2.0/24' }, { id: 'b', matched: '+all' }])
    expect(status).toBe(0)
  })

  test('a zone is read once, and each answer comes before the next question', async () => {
    write('fleeting.json', JSON.stringify({ 'example.com': [{ TXT: 'v=spf1 +all' }] }))
    const child = mailcheck.start(['spf', 'eval', '--batch'])
    child.stdin.write(`${one('a', { zone: 'fleeting.json' })}\n`)
    await once(child.stdout, 'data')
    unlinkSync(join(mailcheck.directory, 'fleeting.json'))
    child.stdin.end(`${one('b', { zone: 'fleeting.json' })}\n`)
    const { stdout, status } = await ended(child)
    expect(stdout).toContain('"id":"b","result":"pass"')
    expect(status).toBe(0)
  })

  const suite = join(process.env['MAILCHECK_SUITES'] ?? join(packageRoot(), '..', 'shared', 'suites'), 'rfc7208-tests.yml')
  test.skipIf(!existsSync(suite))('the whole suite of RFC 7208 in one call', async () => {
    mkdirSync(join(mailcheck.directory, 'zones'))
    const cases = parseAllDocuments(readFileSync(suite, 'utf8')).flatMap((document, i) => {
      const { tests, zonedata } = (document as { toJS(): unknown }).toJS() as {
        tests: Record<string, { helo: string; host: string; mailfrom: string; result: string | string[] }>; zonedata: unknown
      }
      write(`zones/${i}.json`, JSON.stringify(zonedata))
      return Object.entries(tests).map(([id, { helo, host, mailfrom, result }]) => ({ id, ip: host, helo, sender: mailfrom, zone: `zones/${i}.json`, result }))
    })
    const { status, lines } = await batch(cases.map(({ id, ip, helo, sender, zone }) => JSON.stringify({ id, ip, helo, sender, zone })).join('\n'))
    const wrong = cases.filter(({ id, result }, i) => {
      const line = lines[i] as { id: string; result: string }
      return line.id !== id || ![result].flat().includes(line.result)
    })
    expect({ status, count: lines.length, wrong }).toEqual({ status: 0, count: 203, wrong: [] })
  })
})

describe('over a real resolver', () => {
  let world: RunningWorld
  beforeAll(async () => {
    world = await startWorld(loadWorlds('good'))
  })
  afterAll(() => world.close())

  test('the same commands', async () => {
    const resolver = ['--resolver', `${world.resolver.host}:${world.resolver.port}`]
    const { stdout } = await mailcheck.run(['spf', 'eval', '--ip', '11.25.0.1', '--sender', 'ann@good.example', '--helo', 'mx1.good.example', '--json', ...resolver])
    expect(JSON.parse(stdout)).toMatchObject({ result: 'fail', lookups: 1, trace: { record: 'v=spf1 mx -all' } })
    const expanded = await mailcheck.run(['spf', 'expand', 'good.example', '--json', ...resolver])
    const { ipv4 } = JSON.parse(expanded.stdout) as { ipv4: { ranges: string[] } }
    expect(ipv4.ranges.length).toBeGreaterThan(0)
    const passed = await mailcheck.run(['spf', 'eval', '--ip', ipv4.ranges[0]?.split(/[-/]/)[0] ?? '', '--sender', 'ann@good.example', '--helo', 'x', '--json', ...resolver])
    expect(JSON.parse(passed.stdout)).toMatchObject({ result: 'pass', matched: 'mx' })
  })
})

describe('spf expand and compare', () => {
  test('expand', async () => {
    const { status, stdout, stderr } = await mailcheck.run(['spf', 'expand', 'Example.com', '--dns-file', 'zone.yaml'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('example.com authorises 512 IPv4 addresses, with 1 of at most 10 DNS lookups in the worst case\n')
    expect(stdout).toContain('└─ include:_spf.google.com (Google Workspace): 1 lookup, passes 256 IPv4 addresses\n')
    const json = await mailcheck.run(['spf', 'expand', '_spf.google.com', '--dns-file', 'zone.yaml', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ ipv4: { addresses: '256', ranges: ['198.51.100.0/24'] }, problems: [] })
    expect(json.stderr).toBe('')
  })

  test('expand what cannot be asked for: status 3', async () => {
    const { status, stdout } = await mailcheck.run(['spf', 'expand', 'broken.example', '--dns-file', 'zone.yaml'])
    expect({ status, stdout }).toEqual({ status: 3, stdout: 'broken.example: dns-file does not answer broken.example TXT\n' })
  })

  test('compare a domain, a record and a file', async () => {
    write('planned.txt', '"v=spf1 ip4:192.0.2.0/25 " "a -all"\n')
    write('more.json', JSON.stringify({ 'example.com': [{ TXT: 'v=spf1 ip4:192.0.2.0/24 -all' }, { A: '203.0.113.80' }], 'other.example': [{ A: '203.0.113.81' }] }))
    const compare = async (...args: string[]) => {
      const { stdout, status } = await mailcheck.run(['spf', 'compare', ...args, '--dns-file', 'more.json', '--json'])
      expect(status).toBe(0)
      const { gained, lost, apart } = JSON.parse(stdout) as Record<'gained' | 'lost', { ipv4: { ranges: string[] } }> & { apart: { after: unknown[] } }
      return { gained: gained.ipv4.ranges, lost: lost.ipv4.ranges, apart: apart.after.length }
    }
    expect(await compare('example.com', 'planned.txt')).toEqual({ gained: ['203.0.113.80'], lost: ['192.0.2.128/25'], apart: 0 })
    expect(await compare('example.com', 'planned.txt', '--domain', 'other.example')).toEqual({ gained: ['203.0.113.81'], lost: ['192.0.2.128/25'], apart: 0 })
    expect(await compare('v=spf1 ip4:192.0.2.0/24 -all', 'planned.txt')).toEqual({ gained: [], lost: ['192.0.2.128/25'], apart: 1 })
  })
})
