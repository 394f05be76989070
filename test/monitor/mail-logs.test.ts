import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { settingsFrom, type ServeFlags } from '../../src/commands/serve-settings.ts'
import { families } from '../../src/monitor/families.ts'
import type { LogFields } from '../../src/monitor/log.ts'
import { followMailLogs } from '../../src/monitor/mail-logs.ts'
import type { Network } from '../../src/network/network.ts'
import { at, failure, hour, sent, success, times } from '../logs/logs.ts'
import { parseMetrics } from './serving.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailcheck-mail-logs-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Told { readonly level: string; readonly message: string; readonly fields: LogFields }

/** What a log comes to, that grows by these pieces and is rotated between them. */
async function followed(name: string, ...pieces: readonly string[]): Promise<{ series: Map<string, number>; text: string; told: Told[] }> {
  const file = join(folder, name)
  writeFileSync(file, failure(0, 'before', '203.0.113.1')) // what was there before the service counts for nothing
  const told: Told[] = []
  const logs = followMailLogs((level, message, fields = {}) => told.push({ level, message, fields }))
  logs.watch([file])
  for (const [i, piece] of pieces.entries()) {
    if (i > 0) {
      renameSync(file, `${file}.${i}`)
      writeFileSync(file, piece)
    } else appendFileSync(file, piece)
    const other = join(folder, `${name}-other`)
    logs.watch([file, other]) // a reload in between
    logs.watch([file])
  }
  await logs.close()
  const text = await logs.text()
  return { series: parseMetrics(text), text, told }
}

test('lines become series, across a rotation, and nobody is named', async () => {
  const log = times(12, i => failure(i * 9, `user${i}`, '203.0.113.66')) + success(200, 'ann@example.com', '203.0.113.66')
  const { series, text, told } = await followed('mail.log', log, sent(300, 'joe@example.com', 3) + sent(400, 'joe@example.com', 2, 'dsn=5.1.1, status=bounced (550 5.1.1 User unknown)') + at(500, 'CRON[1]', 'x'))
  const value = (name: string): number | undefined => series.get(`mailcheck_log_${name}`)
  expect(value('auth_failures_total{service="imap"}')).toBe(12)
  expect(value('logins_total{service="imap"}')).toBe(1)
  expect(value('logins_total{service="smtp"}')).toBe(2)
  expect(value('deliveries_total{status="sent"}')).toBe(3)
  expect(value('delivery_failures_total{status="bounced",reason="unknown-user"}')).toBe(2)
  expect(value('delivery_delay_seconds_count')).toBe(3)
  expect(value('delivery_tls_total{version="unknown"}')).toBe(3)
  expect(value('lines_total{program="other",known="no"}')).toBe(1)
  expect(value('findings_total{code="password-guessed",severity="critical"}')).toBe(1)
  expect(value('findings_total{code="sudden-sending",severity="error"}')).toBe(0)
  expect(value('last_line_timestamp_seconds')).toBe(Date.UTC(2026, 10, 23) / 1000 + 401)
  expect([...series.keys()].filter(key => key.startsWith('mailcheck_log_account_auth_failures{'))).toHaveLength(12)
  expect(`${text}${JSON.stringify(told)}`).not.toMatch(/joe|ann@|user\d|203\.0\.113\.66/)
  expect(told.filter(({ fields }) => fields['code'] === 'password-guessed')).toHaveLength(1)
  const [, hidden = ''] = /(user-[0-9a-f]{10})/.exec(JSON.stringify(told)) ?? []
  expect(hidden).not.toBe('')
  const guessed = told.find(({ fields }) => fields['code'] === 'password-guessed')
  expect(guessed?.fields['line']).toMatch(/mail\.log 2026-11-23T00:03:20\.000Z dovecot: imap login as user-[0-9a-f]{10} from addr-[0-9a-f]{10}$/)
})

test('what waits for hours is found although no line tells it', async () => {
  const waits = at(1, 'postfix/smtp[1]', '3F1A2B3C4D: to=<x@example.org>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, status=deferred (connect to x: Connection timed out)')
  const { series, told } = await followed('waits.log', waits + at(6 * hour, 'postfix/anvil[1]', 'statistics: x'))
  expect(series.get('mailcheck_log_findings_total{code="mail-waits",severity="notice"}')).toBe(1)
  expect(told.at(-1)?.fields['message']).toBe('1 message waits in the queue, the oldest for 6 hours')
})

test('who types a name in another way is the same', async () => {
  const { series } = await followed('names.log', times(3, i => failure(i, 'joe', '203.0.113.66')) + times(2, i => failure(i + 9, 'Joe', '203.0.113.66')))
  expect([...series].filter(([name]) => name.startsWith('mailcheck_log_account_auth_failures')).map(([, value]) => value)).toEqual([5])
})

test('every family of the mail log is given out, and only those are', async () => {
  const reject = at(10, 'postfix/smtpd[1]', 'NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <x@example.org>: Relay access denied; from=<a@b.example> to=<x@example.org> proto=ESMTP helo=<x>')
  const { text } = await followed('all.log', failure(1, 'joe', '203.0.113.66') + reject + sent(5 * hour, 'joe', 1) + sent(5 * hour, 'joe', 1, 'dsn=4.4.1, status=deferred (connect to x: Connection timed out)'))
  const given = [...text.matchAll(/^(mailcheck_\w+?)(?:_bucket|_sum|_count)?(?:\{| )/gm)].map(([, name]) => name)
  expect([...new Set(given)].toSorted()).toEqual(families.map(({ name }) => name).filter(name => name.startsWith('mailcheck_log_')).toSorted())
})

test('however many names there are, so many are labels', async () => {
  const { series } = await followed('many.log', times(300, i => failure(i, `user${i}`, `203.0.${i >> 8}.${i & 255}`)))
  expect(series.size).toBeLessThan(200)
})

test('a log that is not there is told, and without any there is nothing to say', async () => {
  const told: Told[] = []
  const logs = followMailLogs((level, message, fields = {}) => told.push({ level, message, fields }))
  expect(await logs.text()).toBe('')
  const file = join(folder, 'none')
  logs.watch([file])
  await logs.close()
  expect(parseMetrics(await logs.text()).get(`mailcheck_log_readable{file="${file}"}`)).toBe(0)
  expect(told).toMatchObject([{ level: 'error', message: 'a mail log cannot be read; waiting for it' }])
})

test('the configuration names them', () => {
  const flags: ServeFlags = { world: false, ipv4: false, ipv6: false, 'trust-ad': false, own: false, login: false, 'tls-scan': false, lists: false, 'third-parties': false, ehlo: 'a.example', vantage: ['none'] }
  const config = parseConfig('serve: { logs: [/var/log/mail.log] }', 'mailcheck.yaml')
  expect(settingsFrom({ flags, config, shard: null, network: {} as Network }).logs).toEqual(['/var/log/mail.log'])
})
