/** `mailcheck dmarc eval`, as people and programs run it. */
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ended, Installed, type Ended } from './mailcheck.ts'

let mailcheck: Installed

beforeAll(() => {
  mailcheck = new Installed()
  mkdirSync(join(mailcheck.directory, 'zones'))
  writeFileSync(join(mailcheck.directory, 'zones/own.yaml'), `
_dmarc.example.com:
  - TXT: "v=DMARC1; p=reject; sp=quarantine; rua=mailto:d@example.com"
mail.example.com:
  - MX: [10, mx.example.com]
`)
  writeFileSync(join(mailcheck.directory, 'zones/failing.json'), '{"_dmarc.example.com": ["TIMEOUT"]}')
  writeFileSync(join(mailcheck.directory, 'zones/broken.json'), '[]')
}, 60_000)
afterAll(() => mailcheck.remove())

const own = ['--dns-file', 'zones/own.yaml']
const evaluate = (...args: string[]): Promise<Ended> => mailcheck.run(['dmarc', 'eval', ...args])

describe('one message', () => {
  test('text', async () => {
    const { status, stdout, stderr } = await evaluate('--from', 'Me <a@mail.example.com>', '--spf', 'bounce.mail.example.com=pass', ...own)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^pass: the message is from mail\.example\.com, as it says\n/)
    expect(stdout).toContain('quarantine (sp=quarantine at _dmarc.example.com)')
    expect(stdout).toContain('RFC 7489 decide alike')
  })

  test('JSON, with exit status 0 whatever the result', async () => {
    const { status, stdout } = await evaluate('--from', 'a@example.com', '--spf', 'example.net=pass', '--dkim', 'a.example=pass', '--dkim', 'example.com=fail', '--json', ...own)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      result: 'fail', policy: 'reject', orgDomain: 'example.com', policyDomain: 'example.com', alignment: { spf: false, dkim: false },
      queries: ['_dmarc.example.com', '_dmarc.com', '_dmarc.example.net', '_dmarc.net', '_dmarc.a.example', '_dmarc.example'],
      identifiers: [{ mechanism: 'spf', aligned: false }, { mechanism: 'dkim', domain: 'a.example' }, { mechanism: 'dkim', domain: 'example.com' }],
      rfc7489: { result: 'fail', policy: 'reject', pct: 100 },
    })
  })

  test.each([
    [[], /--from is missing/],
    [['--from', 'a@example.com', 'surplus'], /what is "surplus"\?/],
    [['--from', 'a@example.com', '--spf', 'pass'], /--spf: "pass" is not of the form DOMAIN=RESULT/],
    [['--from', 'a@example.com', '--dkim', 'example.com'], /--dkim: "example\.com" is not of the form/],
    [['--from', 'a@example.com', '--json', '--format', 'text'], /contradicts/],
    [['--from', 'a@example.com', '--dns-file', 'none.yaml'], /none\.yaml cannot be read: there is no such file/],
    [['--from', 'a@example.com', '--dns-file', 'zones/broken.json'], /broken\.json: expected names/],
  ])('%j is a question asked wrongly', async (args, expected) => {
    const { status, stdout, stderr } = await evaluate(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(expected)
  })
})

describe('many', () => {
  const batch = async (lines: readonly (object | string)[], ...args: string[]) => {
    const child = mailcheck.start(['dmarc', 'eval', '--batch', ...args])
    const result = ended(child)
    child.stdin.end(lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''))
    await once(child, 'close')
    const { status, stdout } = await result
    return { status, answers: stdout.split('\n').filter(Boolean).map(line => JSON.parse(line) as Record<string, unknown>) }
  }
  const one = { from: 'a@example.com', zone: 'zones/own.yaml', spf: { domain: 'example.com', result: 'pass' }, dkim: [] }

  test('an answer a line, in order, with exactly these fields', async () => {
    const { status, answers } = await batch([
      { id: 'a', ...one }, { id: 2, ...one, spf: null, dkim: [{ domain: 'x.example', result: 'pass' }, { domain: 'mail.example.com', result: 'pass' }] },
      { id: 'failing', ...one, zone: 'zones/failing.json' }, { id: 'authors', ...one, from: 'a@example.com, b@example.net' }, { id: 'nobody', ...one, from: 'a@example.net' },
    ])
    expect(status).toBe(0)
    const nothing = { policy: null, orgDomain: null, policyDomain: null, alignment: { spf: false, dkim: false } }
    const found = { policy: 'reject', orgDomain: 'example.com', policyDomain: 'example.com' }
    expect(answers).toEqual([
      { id: 'a', result: 'pass', ...found, alignment: { spf: true, dkim: false }, queries: ['_dmarc.example.com', '_dmarc.com'] },
      { id: 2, result: 'pass', ...found, alignment: { spf: false, dkim: true }, queries: ['_dmarc.example.com', '_dmarc.com', '_dmarc.x.example', '_dmarc.example', '_dmarc.mail.example.com'] },
      { id: 'failing', result: 'temperror', ...nothing, queries: ['_dmarc.example.com'] },
      { id: 'authors', result: 'permerror', ...nothing, queries: [] },
      { id: 'nobody', result: 'none', ...nothing, orgDomain: 'example.net', queries: ['_dmarc.example.net', '_dmarc.net'] },
    ])
  })

  test('what cannot be evaluated does not stop the rest', async () => {
    const { status, answers } = await batch([
      'no JSON', { id: 1, zone: 'zones/own.yaml' }, { id: 2, ...one, spf: 'pass' }, { id: 3, ...one, dkim: {} }, { id: 4, ...one, dkim: [{ domain: 'example.com' }] },
      { id: 5, ...one, zone: 'none.yaml' }, { id: 6, ...one, zone: 'zones/broken.json' }, { id: 7, from: 'a@example.com' }, { id: 8, ...one },
    ])
    expect(status).toBe(2)
    expect(answers.map(({ id, error, result }) => [id, (error as { code: string } | undefined)?.code ?? result])).toEqual([
      [null, 'bad-json'], [1, 'missing-field'], [2, 'bad-field'], [3, 'bad-field'], [4, 'bad-field'], [5, 'bad-zone'], [6, 'bad-zone'], [7, 'missing-field'], [8, 'pass'],
    ])
  })

  test('a file of the command line stands in where a case names none', async () => {
    const { answers } = await batch([{ id: 1, from: 'a@example.com', dkim: [{ domain: 'example.com', result: 'pass' }] }], ...own)
    expect(answers).toMatchObject([{ id: 1, result: 'pass' }])
  })
})
