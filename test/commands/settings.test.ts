import { afterAll, expect, test } from 'vitest'
import { parseAutoconfig } from '../../src/syntax/autoconfig.ts'
import { violations } from '../report/json-schema.ts'
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

test('its JSON is what the schema says', async () => {
  const [schema, shown] = await Promise.all([mailcheck.run(['schema', '--settings']), mailcheck.run(['settings', 'good.example', '--world', '--json'])])
  const document = JSON.parse(shown.stdout) as { domains: { sending: object[] }[] }
  expect(violations(document, JSON.parse(schema.stdout) as Record<string, unknown>)).toEqual([])
  document.domains[0]?.sending.push({ host: 'mail.good.example' })
  expect(violations(document, JSON.parse(schema.stdout) as Record<string, unknown>)).not.toEqual([])
  expect(await mailcheck.run(['schema', '--settings', '--config'])).toMatchObject({ status: 2 })
}, 60_000)

test('as files that mail programs read', async () => {
  const [autoconfig, profile] = await Promise.all(['autoconfig', 'mobileconfig'].map(format =>
    mailcheck.run(['settings', 'good.example', '--world', '--format', format])))
  expect(parseAutoconfig(autoconfig?.stdout ?? '', 'good.example')).toMatchObject({ domains: ['good.example'], problems: [], servers: { length: 6 } })
  expect(autoconfig?.status).toBe(0)
  expect(profile?.stdout).toMatch(/<key>IncomingMailServerHostName<\/key>\s+<string>mail\.good\.example<\/string>\s+<key>IncomingMailServerPortNumber<\/key>\s+<integer>993</)
  expect(profile?.status).toBe(0)
}, 60_000)

test('no file is written of what does not work, and one at a time', async () => {
  expect(await mailcheck.run(['settings', 'parked.example', '--world', '--format', 'autoconfig'])).toMatchObject({
    status: 3, stdout: '', stderr: expect.stringMatching(/parked\.example: there is no file to write: no service was seen to work/) as string,
  })
  expect(await mailcheck.run(['settings', 'good.example', 'hosting.example', '--world', '--format', 'autoconfig'])).toMatchObject({
    status: 2, stderr: expect.stringMatching(/one domain at a time/) as string,
  })
}, 60_000)

test('no domain, no answer', async () => {
  expect(await mailcheck.run(['settings'])).toMatchObject({ status: 2, stderr: expect.stringMatching(/name a domain/) as string })
}, 60_000)
