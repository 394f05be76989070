import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ended, Installed, type Ended } from './mailcheck.ts'

let mailcheck: Installed
beforeAll(() => {
  mailcheck = new Installed()
}, 60_000)
afterAll(() => mailcheck.remove())

function withInput(args: readonly string[], input: string | Buffer): Promise<Ended> {
  const child = mailcheck.start(args)
  child.stdin.on('error', () => undefined) // a command that stops reading
  child.stdin.end(input)
  return ended(child)
}

interface Answer {
  readonly valid: boolean
  readonly problems: readonly { readonly code: string; readonly message: string; readonly at: number | null }[]
}

describe('one record', () => {
  test('valid: status 0', async () => {
    expect(await mailcheck.run(['lint', 'spf', 'v=spf1 -all'])).toEqual({ status: 0, stdout: 'valid: receivers use this record\n', stderr: '' })
  })

  test('not valid: status 1, and a caret under the place', async () => {
    const { status, stdout, stderr } = await mailcheck.run(['lint', 'dmarc', 'v=DMARC1; p=rejekt'])
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toMatch(/^not valid: .*\n\n {2}v=DMARC1; p=rejekt\n {14}\^\n {2}error {2}p=rejekt: [^]*\(bad-policy,\s+octet\s+12\)\n$/)
  })

  test('the example of the README is what comes', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const [, record = '', output = ''] = /\$ mailcheck lint spf "([^"]+)"\n([^]*?)```/.exec(readme) ?? []
    expect(await mailcheck.run(['lint', 'spf', record])).toEqual({ status: 1, stdout: output, stderr: '' })
  })

  test('for programs', async () => {
    for (const flags of [['--json'], ['--format', 'json']]) {
      const { status, stdout } = await mailcheck.run(['lint', 'tlsa', '3 1 1 00', ...flags])
      expect(status).toBe(1)
      expect(JSON.parse(stdout)).toEqual({ type: 'tlsa', valid: false, problems: [{ code: 'wrong-length', message: expect.stringMatching(/^00: /) as string, at: 6 }] })
    }
  })

  test.each([
    ['its text', 'v=DKIM1; p=MI"GB', [false, 'quoted 13']],
    ['strings of a zone file', '"v=spf1 ip4:192.0.2" ".1 -all"', [true]],
    ['strings in parentheses', '(\n "v=spf1 " ; what else\n "-all"\n)', [true]],
    ['escapes of a zone file', '"v=spf1 a:\\195\\169.example -all"', [false, 'bad-character 9']],
    ['a quotation mark that is never closed', '"v=spf1 -all', [false, 'bad-version 0']],
    ['characters beyond ASCII', 'v=spf1 include:é.example include -all', [false, 'bad-character 15', 'missing-argument 26']],
  ])('a record as %s', async (_name, record, expected) => {
    const { stdout } = await mailcheck.run(['lint', record.includes('DKIM') ? 'dkim' : 'spf', record, '--json'])
    const { valid, problems } = JSON.parse(stdout) as Answer
    expect([valid, ...problems.map(({ code, at }) => `${code} ${at}`)]).toEqual(expected)
  })

  test.each([
    ['a line', 'spf', 'v=spf1 -all\n', 0],
    ['a line with CRLF', 'spf', 'v=spf1 -all\r\n', 0],
    ['two lines', 'spf', 'v=spf1\n-all\n', 1],
    ['a file', 'mta-sts-policy', 'version: STSv1\r\nmode: none\r\nmax_age: 1\r\n', 0],
    ['a header field', 'dkim-signature', 'DKIM-Signature: v=1;\r\n a=rsa-sha256\r\n', 1],
    ['nothing', 'bimi', '', 1],
    ['octets that are no UTF-8', 'dkim', Buffer.from('v=DKIM1; p=\xff\0', 'latin1'), 1],
    ['64 KiB of tags', 'dmarc', `v=DMARC1; ${'a=b;'.repeat(16_384)}`.slice(0, 65_536), 1],
    ['a flood', 'tls-rpt', 'x'.repeat(8 * 1024 * 1024), 1],
  ])('stdin: %s', async (_name, kind, input, status) => {
    const result = await withInput(['lint', kind, '-'], input)
    expect({ status: result.status, stderr: result.stderr }).toEqual({ status, stderr: '' })
    expect(result.stdout).toMatch(status === 0 ? /^valid/ : /^not valid/)
  })
})

describe('many', () => {
  test('answers in order, errors in their place, status 2', async () => {
    const { status, stdout, stderr } = await withInput(['lint', '--batch'], Buffer.concat([
      Buffer.from('{"id":"a","type":"spf","record":"v=spf1 -all"}\n{"id":"b","type":"mta-sts","record":"v=STSv1"}\nwhat\n\n'),
      Buffer.from('{"id":"c","type":"mx","record":""}\n{"id":"d","type":"spf"}\n{"id":"e","type":"spf","record":"v=spf1 a:\xff -all"}\n', 'latin1'),
      Buffer.from('{"id":7,"type":"dkim","record":"v=DKIM1; k=\\u0000; p="}'),
    ]))
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' })
    const text = expect.any(String) as string
    expect(stdout.trimEnd().split('\n').map(line => JSON.parse(line) as unknown)).toEqual([
      { id: 'a', valid: true, problems: [] },
      { id: 'b', valid: false, problems: [{ code: 'missing-id', message: text, at: null }] },
      { id: null, error: { code: 'bad-json', message: text } },
      { id: 'c', error: { code: 'unknown-type', message: text } },
      { id: 'd', error: { code: 'missing-field', message: text } },
      { id: 'e', valid: false, problems: [{ code: 'bad-character', message: text, at: 9 }] },
      { id: 7, valid: false, problems: expect.arrayContaining([{ code: 'bad-character', message: text, at: 11 }]) as unknown[] },
    ])
  })

  test('invalid records are answers: status 0, also from a file', async () => {
    const file = join(mailcheck.directory, 'records.jsonl')
    writeFileSync(file, '{"id":1,"type":"spf","record":"nothing"}\n')
    const { status, stdout } = await mailcheck.run(['lint', '--batch', file])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^\{"id":1,"valid":false,/)
  })

  test('a reader that goes away', async () => {
    const child = mailcheck.start(['lint', '--batch'])
    child.stdin.on('error', () => undefined)
    child.stdout.once('data', () => child.stdout.destroy())
    child.stdin.end('{"type":"spf","record":"v=spf1"}\n'.repeat(50_000))
    const [status, stderr] = await new Promise<[number | null, string]>(resolve => {
      let said = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
      child.on('exit', code => resolve([code, said]))
    })
    expect([status, stderr]).toEqual([0, ''])
  })
})

test.each([
  [['lint'], /say what the record is/],
  [['lint', 'sfp', 'x'], /there is no kind "sfp"; did you mean "spf"\?/],
  [['lint', 'spf'], /give the record in quotation marks/],
  [['lint', 'spf', 'v=spf1', 'all'], /all/],
  [['lint', 'spf', 'x', '--json', '--format', 'text'], /--json means --format json/],
  [['lint', '--batch', 'none.jsonl'], /none\.jsonl cannot be read: there is no such file/],
  [['lint', '--batch', 'spf', 'v=spf1'], /--batch takes one file/],
])('mailcheck %j', async (args, message) => {
  const { status, stdout, stderr } = await mailcheck.run(args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(message)
})
