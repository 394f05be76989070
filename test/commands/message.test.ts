/** `mailcheck message`, as people and programs run it. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { message, signature, signer } from '../evaluate/sign.ts'
import { ended, Installed, type Ended } from './mailcheck.ts'

let mailcheck: Installed

const fields = ['From: Ann <ann@example.com>', 'To: bob@example.net', 'Subject: hello', 'Date: Mon, 23 Nov 2026 10:00:00 +0000']
const body = 'Hello Bob\r\n'
const stamps = [
  'Return-Path: <bounce@example.com>',
  'Received: from mail.example.com (mail.example.com [11.25.1.7]) by mx.example.net with ESMTPS id 4ABC; Mon, 23 Nov 2026 10:00:05 +0000',
]
const mail = message([...stamps, signature(fields, body), ...fields], body)
const zone = {
  'example.com': [{ TXT: 'v=spf1 ip4:11.25.1.7 -all' }, { MX: [10, 'mx.example.com'] }],
  '_dmarc.example.com': [{ TXT: 'v=DMARC1; p=reject' }],
  's1._domainkey.example.com': [{ TXT: signer('rsa2048').record.match(/.{1,200}/g) }],
}

beforeAll(() => {
  mailcheck = new Installed()
  const file = (name: string, text: string | Buffer): void => writeFileSync(join(mailcheck.directory, name), text)
  file('zone.json', JSON.stringify(zone))
  file('good.eml', mail)
  file('changed.eml', mail.toString('latin1').replace('Hello Bob', '\u001b[31mHello'))
  file('hostile.eml', Buffer.from('From: "\u001b]0;x\u0007" <eve@example.com>\r\nReceived: from \u001b[2J by x; never\r\n\r\n', 'latin1'))
  file('empty.eml', '')
  file('peak.cjs', "process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS)))")
}, 60_000)
afterAll(() => mailcheck.remove())

const judge = (...args: string[]): Promise<Ended> => mailcheck.run(['message', ...args, '--dns-file', 'zone.json'])

async function piped(args: readonly string[], input: Iterable<Buffer | string>): Promise<Ended> {
  const child = mailcheck.start(['message', ...args])
  const end = ended(child)
  for (const piece of input) if (!child.stdin.write(piece)) await once(child.stdin, 'drain')
  child.stdin.end()
  return end
}

describe('one message', () => {
  test('text', async () => {
    const { status, stdout, stderr } = await judge('good.eml')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^SPF {7}pass for example\.com/m)
    expect(stdout).toMatch(/^DKIM {6}pass for example\.com, selector s1 \(rsa-sha256, 2048 bits\)/m)
    expect(stdout).toMatch(/^DMARC {5}pass/m)
    expect(stdout).toContain('Nothing fails.')
  })

  test('what was changed fails, and says so in JSON too', async () => {
    const { status, stdout } = await judge('changed.eml', '--ip', '11.25.1.9', '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'mailcheck.message/1', result: { spf: 'fail', dkim: 'fail', arc: 'none', dmarc: 'fail' },
      dkim: [{ domain: 'example.com', selector: 's1', result: 'fail', code: 'body-changed' }], client: { ip: '11.25.1.9', helo: 'mail.example.com', mailFrom: 'bounce@example.com' },
    })
    const findings = (JSON.parse(stdout) as { findings: { check: string; verdict: string }[] }).findings
    expect(findings.find(({ check }) => check === 'message/dmarc-passes')).toMatchObject({ verdict: 'fail', args: { from: 'example.com' } })
  })

  test('from stdin, as of another time, with line ends of Unix', async () => {
    const { status, stdout } = await piped(['-', '--dns-file', 'zone.json', '--now', '2020-01-01', '--json'], [mail.toString('latin1').replaceAll('\r\n', '\n')])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ result: { spf: 'pass', dkim: 'pass', dmarc: 'pass' } })
  })

  test('nothing in it reaches the terminal as it is', async () => {
    const { stdout } = await judge('hostile.eml')
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
    expect(stdout).toContain('\\x1b]0;x\\x07')
  })

  test('in `check`, beside everything else of its topic', async () => {
    const { status, stdout } = await mailcheck.run(['check', '--world', 'good.example', '--message', 'good.eml', '--only', 'message', '--json'])
    expect(status).toBe(0)
    const { findings } = (JSON.parse(stdout) as { reports: { findings: { check: string; verdict: string }[] }[] }).reports[0] ?? { findings: [] }
    expect(findings.find(({ check }) => check === 'message/sent-over-tls')).toMatchObject({ verdict: 'pass' })
  })

  test.each([
    [[], /name the file of a message/],
    [['absent.eml'], /absent\.eml cannot be read: there is no such file/],
    [['empty.eml'], /empty\.eml is no message: it has no header/],
    [['good.eml', '--ip', 'here'], /--ip: "here" is no IP address/],
    [['good.eml', '--now', 'soon'], /--now: "soon" is no time/],
  ])('%j', async (args, expected) => {
    const { status, stdout, stderr } = await judge(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(expected)
  })
})

test('batch: a line in, a line out, and bad ones are said to be', async () => {
  const line = (fields_: object): string => `${JSON.stringify(fields_)}\n`
  const base64 = mail.toString('base64')
  const { status, stdout } = await piped(['--batch'], [
    line({ id: 1, message: base64, dns: 'zone.json', now: '2026-11-23T10:00:00Z' }),
    line({ id: 2, message: base64, dns: zone, now: 1_795_000_000 }),
    line({ id: 3, message: base64, dns: { 'example.com': ['TIMEOUT'] } }),
    line({ id: 4, message: base64, dns: 'absent.json' }),
    line({ id: 5, dns: 'zone.json' }),
    line({ id: 6, message: '!!!', dns: 'zone.json' }),
    line({ id: 7, message: base64, dns: 'zone.json', now: 'soon' }),
  ])
  expect(status).toBe(2)
  const pass = { spf: 'pass', dkim: [{ domain: 'example.com', selector: 's1', result: 'pass', why: 'the signature holds' }], arc: 'none', dmarc: 'pass' }
  expect(stdout.trim().split('\n').map(text => JSON.parse(text) as unknown)).toEqual([
    { id: 1, ...pass }, { id: 2, ...pass },
    { id: 3, spf: 'temperror', dkim: [{ domain: 'example.com', selector: 's1', result: 'permerror', why: 'the name of its key does not exist' }], arc: 'none', dmarc: 'none' },
    { id: 4, error: { code: 'bad-dns', message: expect.any(String) as string } },
    { id: 5, error: { code: 'missing-field', message: '"message" is missing' } },
    { id: 6, spf: 'none', dkim: [], arc: 'none', dmarc: 'permerror' },
    { id: 7, error: { code: 'bad-field', message: expect.any(String) as string } },
  ])
})

test('a message of 50 MB goes by without being held', async () => {
  const chunk = Buffer.alloc(1_000_000, `${'x'.repeat(70)}\r\n`)
  const own = message([...stamps, signature(fields, Buffer.concat(Array.from({ length: 50 }, () => chunk)).toString('latin1')), ...fields], '')
  const peak = async (chunks: number): Promise<number> => {
    const child = mailcheck.start(['message', '-', '--dns-file', 'zone.json', '--json'], { NODE_OPTIONS: '--require=./peak.cjs' })
    const end = ended(child)
    child.stdin.write(own)
    for (let i = 0; i < chunks; i++) if (!child.stdin.write(chunk)) await once(child.stdin, 'drain')
    child.stdin.end()
    const { stdout, stderr } = await end
    expect(JSON.parse(stdout)).toMatchObject({ result: { dkim: chunks === 50 ? 'pass' : 'fail' } })
    return Number(stderr)
  }
  const idle = await peak(1)
  expect((await peak(50) - idle) / 1024, 'MiB').toBeLessThan(64)
}, 60_000)
