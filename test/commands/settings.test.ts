import { afterAll, expect, test } from 'vitest'
import { Installed } from './mailcheck.ts'

const mailcheck = new Installed()
afterAll(() => mailcheck.remove())

test('the settings of a domain, for people and for programs', async () => {
  const { status, stdout } = await mailcheck.run(['settings', 'good.example', '--world'])
  expect(stdout).toMatch(/^good\.example\nSettings for mail programs\n {2}To read mail, best first\n {4}IMAP: mail\.good\.example, port 993, SSL\/TLS, normal password\n/)
  expect(status).toBe(0)
}, 60_000)

test('what has none is said, with status 3', async () => {
  const { status, stdout } = await mailcheck.run(['settings', 'good.example', 'parked.example', '--world', '--json'])
  const { schema, domains } = JSON.parse(stdout) as { schema: string; domains: { domain: string; reading: object[]; sending: { port: number }[] }[] }
  expect(schema).toBe('mailcheck.settings/1')
  expect(domains.map(({ domain, reading, sending }) => [domain, reading.length, sending.map(({ port }) => port)]))
    .toEqual([['good.example', 4, [465, 587]], ['parked.example', 0, []]])
  expect(status).toBe(3)
}, 60_000)

test('no domain, no answer', async () => {
  expect(await mailcheck.run(['settings'])).toMatchObject({ status: 2, stderr: expect.stringMatching(/name a domain/) as string })
}, 60_000)
