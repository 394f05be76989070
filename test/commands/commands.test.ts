import { execFile } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { parseConfig } from '../../src/config.ts'
import { reportSchema } from '../../src/report/schema.ts'
import { violations } from '../report/json-schema.ts'
import { Installed } from './mailcheck.ts'

let mailcheck: Installed
/** A port of loopback at which nobody listens. */
let deaf = ''

beforeAll(async () => {
  mailcheck = new Installed()
  const socket = await bound()
  deaf = `127.0.0.1:${socket.address().port}`
  socket.close()
}, 60_000)
afterAll(() => mailcheck.remove())

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

/** Asks nobody outside: the only resolver is one that is not there. */
const isolated = () => ['--resolver', deaf]

describe('what cannot be done is said in a line, with status 2', () => {
  test.each([
    [[], /name a domain, such as: mailcheck example\.com/],
    [['check'], /name a domain/],
    [[''], /no domain is given/],
    [['not a domain'], /"not a domain" contains a space/],
    [['not', 'a', 'domain'], /there is no command "not"/],
    [['chekc', 'example.com'], /there is no command "chekc"; did you mean "check"\?/],
    [['ex ample.com'], /contains a space/],
    [['192.0.2.1'], /192\.0\.2\.1 is an IP address.*--resolver 192\.0\.2\.1/],
    [['[2001:db8::1]'], /2001:db8::1 is an IP address/],
    [['a'.repeat(300)], /300 characters, and 253 is the most/],
    [[`${'a'.repeat(64)}.example`], /64 characters, and 63 is the most/],
    [['example..com'], /empty label/],
    [['example.com', '--formt', 'json'], /there is no flag --formt; did you mean --format\?/],
    [['example.com', '--format', 'xml'], /--format=xml to be one of: text, json, jsonl/],
    [['example.com', '--json', '--format', 'text'], /--json means --format json/],
    [['example.com', '--only', 'mx/route-exist'], /no check is called "mx\/route-exist"; did you mean "mx\/route-exists"\?/],
    [['example.com', '--skip', 'nothing-like-it'], /no check is called "nothing-like-it"/],
    [['example.com', '--only', 'mx', '--skip', '*'], /leave no check/],
    [['example.com', '--resolver', 'dns.example'], /--resolver: a resolver is given by its IP address/],
    [['example.com', '--deadline', 'soon'], /^mailcheck: --deadline: "soon" is no number of seconds\n$/],
    [['example.com', '--timeout', '0'], /--timeout: "0" is no number of seconds/],
    [['example.com', '--ca', 'none.pem'], /--ca: none\.pem cannot be read: there is no such file/],
    [['example.com', '--config', 'none.yaml'], /none\.yaml: cannot be read: there is no such file/],
    [['example.com', '--replay', 'none.cassette'], /--replay: none\.cassette cannot be read: there is no such file/],
    [['example.com', '--record', 'none/x.cassette'], /--record: none\/x\.cassette cannot be written: there is no such file/],
    [['example.com', '--ehlo', 'a b'], /--ehlo: "a b" is neither/],
    [['example.com', '--source', 'here'], /--source: "here" is no IP address/],
    [['example.com', '--vantage', 'a b'], /--vantage: "a b" is neither/],
    [['explain'], /name a check or a topic/],
    [['explain', 'mx/rout-exists'], /no check is called "mx\/rout-exists"; did you mean "mx\/route-exists"\?/],
    [['checks', 'mxx'], /no check is called "mxx"; did you mean "mx"/],
    [['schema', 'x'], /"schema" takes no argument of this kind/],
    [['init'], /name a domain/],
    [['init', '192.0.2.1'], /IP address/],
    [['help', 'chekc'], /did you mean "check"/],
  ])('mailcheck %j', async (args, message) => {
    const { status, stdout, stderr } = await mailcheck.run(args)
    expect(stderr).toMatch(message)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).not.toMatch(/\n +at |\u001b/)
  })

  test('a wrong configuration names file, line and column', async () => {
    const file = join(mailcheck.directory, 'wrong.yaml')
    writeFileSync(file, 'domains:\n  example.com:\n    selektors: [a]\n')
    const { status, stderr } = await mailcheck.run(['example.com', '--config', 'wrong.yaml', ...isolated()])
    expect(stderr).toBe('mailcheck: wrong.yaml:3:5: unknown key "selektors" in "domains.example.com" (did you mean "selectors"?); ' +
      'allowed: selectors, context, own, services, senders, accounts\n')
    expect(status).toBe(2)
  })
})

describe('what is meant is done, and said', () => {
  const quick = () => ['--only', 'domain/exists', '--json', ...isolated()]
  const shown = async (args: readonly string[]) => {
    const { stdout, stderr } = await mailcheck.run([...args, ...quick()])
    const { reports } = JSON.parse(stdout) as { reports: { domain: string; shownAs: string }[] }
    return { domains: reports.map(({ domain, shownAs }) => [domain, shownAs]), stderr }
  }

  test.each([
    [['example.com'], [['example.com', 'example.com']], /^mailcheck: example\.com: The resolver does not answer/],
    [['check', 'example.com'], [['example.com', 'example.com']], /./],
    [['http://example.com/'], [['example.com', 'example.com']], /is a URL: its host "example\.com" is taken/],
    [['user@example.com'], [['example.com', 'example.com']], /is a mail address: its domain "example\.com" is taken/],
    [['münchen.de'], [['xn--mnchen-3ya.de', 'münchen.de']], /./],
    [['Example.COM.'], [['example.com', 'Example.COM']], /./],
    [['--strict', 'b.example', 'a.example'], [['b.example', 'b.example'], ['a.example', 'a.example']], /./],
    [['a.example', 'ex ample.com', 'b.example'], [['a.example', 'a.example'], ['b.example', 'b.example']], /contains a space/],
    [['--skip', 'mx', 'a.example'], [['a.example', 'a.example']], /./],
    [['--', 'a.example'], [['a.example', 'a.example']], /./],
  ])('mailcheck %j', async (args, domains, stderr) => {
    const before = args[0] === '--' ? [...quick(), ...args] : args
    const result = args[0] === '--' ? await mailcheck.run(before).then(({ stdout, stderr: said }) => ({
      domains: (JSON.parse(stdout) as { reports: { domain: string; shownAs: string }[] }).reports.map(report => [report.domain, report.shownAs]), stderr: said,
    })) : await shown(before)
    expect(result.domains).toEqual(domains)
    expect(result.stderr).toMatch(stderr)
  })

  test('a domain that is none beside good ones: they are checked, and the status says it', async () => {
    const { status, stdout } = await mailcheck.run(['a.example', '192.0.2.1', '--format', 'jsonl', ...isolated()])
    expect(stdout.match(/\n/g)).toHaveLength(1)
    expect(status).toBe(2)
  })

  test('permissions are accepted together, and without a word', async () => {
    const { status, stderr } = await mailcheck.run([
      'a.example', '--only', 'domain', '--own', '--lists', '--third-parties',
      '-4', '-6', '--quiet', '--no-color', '--trust-ad', '--vantage', 'none',
      '--ehlo', 'probe.example.net', '--fail-on', 'never', '--strict', '--selector', 's1', ...isolated(),
    ])
    expect(stderr).toBe('')
    expect(status).toBe(3)
  })
})

test('a resolver that does not answer: everything is unknown, one line says why, status 3', async () => {
  const { status, stdout, stderr } = await mailcheck.run(['example.com', ...isolated()])
  expect(stdout.replace(/\s+/g, ' ')).toContain(`The resolver does not answer (${deaf} refuses connections): nothing could be tested.`)
  expect(stdout).not.toMatch(/Passed|Errors|Critical/)
  expect({ status, stderr }).toEqual({ status: 3, stderr: '' })

  const json = await mailcheck.run(['example.com', '--json', ...isolated()])
  const document = JSON.parse(json.stdout) as { reports: { findings: { verdict: string; code: string }[] }[] }
  expect(violations(document, reportSchema(checks))).toEqual([])
  const judged = document.reports[0]?.findings.filter(({ verdict }) => verdict !== 'skip') ?? [] // nothing was declared, or permitted
  expect(new Set(judged.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']))
  expect(json.stderr).toBe(`mailcheck: example.com: The resolver does not answer (${deaf} refuses connections): nothing could be tested.\n`)
  expect(json.status).toBe(3)
})

describe('while a resolver is silent', () => {
  let silent: Socket
  beforeAll(async () => {
    silent = await bound()
  })
  afterAll(() => silent.close())

  test('Ctrl-C prints what is known, with status 130', async () => {
    const child = mailcheck.start(['example.com', 'example.org', '--json', '--resolver', `127.0.0.1:${silent.address().port}`])
    await once(silent, 'message')
    const closed = once(child, 'close')
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.kill('SIGINT')
    const [status] = await closed as [number]
    expect(status).toBe(130)
    const { reports } = JSON.parse(stdout) as { reports: { findings: { verdict: string; code: string }[] }[] }
    expect(reports).toHaveLength(2)
    expect(reports[0]?.findings.filter(({ verdict }) => verdict === 'unknown').map(({ code }) => code)).toContain('deadline-spent')
  })

  test('the deadline ends a run', async () => {
    const { status, stdout } = await mailcheck.run(['example.com', '--deadline', '0.2', '--resolver', `127.0.0.1:${silent.address().port}`])
    expect(stdout).toContain('The time for this run is used up')
    expect(status).toBe(3)
  })
})

test('Ctrl-C before a command has begun prints nothing, with status 130', async () => {
  const interrupt = `process.on('newListener', name => name === 'SIGINT' && setImmediate(() => process.kill(process.pid, 'SIGINT')))`
  const ended = await mailcheck.run(['explain', 'spf/no-pass-all'], { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(interrupt)}` })
  expect(ended).toEqual({ status: 130, stdout: '', stderr: '' })
})

test('a reader that goes away is no error', async () => {
  const shell = promisify(execFile)
  const { stdout, stderr } = await shell('bash', ['-c', `"${process.execPath}" "${mailcheck.executable}" checks --json | head -c 1; echo " \${PIPESTATUS[0]}"`])
  expect({ stdout, stderr }).toEqual({ stdout: '[ 0\n', stderr: '' })
})

test('an output that cannot be written is no bug of ours', async () => {
  const { stdout } = await promisify(execFile)('bash', ['-c', `"${process.execPath}" "${mailcheck.executable}" checks --json 2>&1 > /dev/full; echo $?`])
  expect(stdout).toBe('mailcheck: the output cannot be written: the disk is full\n2\n')
})

describe('what needs no network', () => {
  test('--version, --help, through a symbolic link, from anywhere', async () => {
    const link = join(mailcheck.directory, 'mailcheck')
    symlinkSync(mailcheck.executable, link)
    const { stdout } = await promisify(execFile)(process.execPath, [link, '--version'], { cwd: '/' })
    expect(stdout).toMatch(/^mailcheck\/\d+\.\d+\.\d+ /)
    const help = await mailcheck.run(['--help'])
    expect(help).toMatchObject({ status: 0, stderr: '' })
    expect(help.stdout).toMatch(/check +Check the mail of domains/)
  })

  test('checks, explain and schema', async () => {
    const list = await mailcheck.run(['checks', '--json'])
    expect((JSON.parse(list.stdout) as { id: string }[]).map(({ id }) => id)).toEqual(checks.map(({ id }) => id))
    expect((await mailcheck.run(['checks'])).stdout).toContain('domain/exists')
    expect((await mailcheck.run(['checks', 'smtp'])).stdout).not.toContain('domain/exists')
    expect((await mailcheck.run(['explain', 'domain/exists'])).stdout).toMatch(/^domain\/exists\n/)
    expect((await mailcheck.run(['explain', 'mx'])).stdout).toContain('mx/route-explicit')
    expect(JSON.parse((await mailcheck.run(['schema'])).stdout)).toEqual(JSON.parse(JSON.stringify(reportSchema(checks))))
    expect(JSON.parse((await mailcheck.run(['schema', '--config'])).stdout)).toMatchObject({ title: 'mailcheck configuration' })
  })
})

test('init writes nothing when nothing could be found out, and never over a file', async () => {
  const none = await mailcheck.run(['init', 'example.com', ...isolated()])
  expect(none.stderr).toMatch(/was not written/)
  expect(none.status).toBe(3)
  const file = join(mailcheck.directory, 'mailcheck.yaml')
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, 'domains: {}\n')
  const kept = await mailcheck.run(['init', 'example.com', ...isolated()])
  expect(kept.stderr).toMatch(/mailcheck\.yaml is there already; --force overwrites it/)
  expect(kept.status).toBe(2)
  expect(parseConfig(readFileSync(file, 'utf8'), file).domains.size).toBe(0)
})
