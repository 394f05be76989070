import { expect, test } from 'vitest'
import { plainNames } from '../../src/logs/names.ts'
import { logsReport } from '../../src/report/logs.ts'
import { renderLogs } from '../../src/report/logs-text.ts'
import { at, failure, readText, times } from '../logs/logs.ts'

const page = { width: 80, colour: false }
const reportOf = (text: string) => logsReport(readText(text).log, { names: plainNames, files: ['mail.log'] })

test('a password that Dovecot wrote down is shown to nobody', () => {
  const forms = ['(given password: hunter2)', '(SHA1 of given password: hunter2)', '(given password: hunter2 (or) more)']
  const report = reportOf(times(12, i => at(i, 'dovecot', `auth: passwd-file(joe,203.0.113.66): Password mismatch ${forms[i % 3] ?? ''}`)))
  expect(report.findings[0]?.evidence[0]?.text).toBe('dovecot: auth: passwd-file(joe,203.0.113.66): Password mismatch (given password: ***)')
  expect(JSON.stringify(report)).not.toMatch(/hunter2|more/)
})

test('a long line is cut, and what is left of it is read as it was written', () => {
  const report = reportOf(times(12, i => failure(i, `j\u00c3\u00b6${'x'.repeat(500)}`, '203.0.113.66')))
  expect(report.findings[0]?.evidence[0]?.text).toMatch(/user=<j\u00f6x+\u2026$/)
})

test('a name that goes on and on does not push the others out of sight', () => {
  const text = renderLogs(reportOf(failure(1, 'x'.repeat(500), '203.0.113.66') + failure(2, 'joe', '203.0.113.67')), page)
  const table = text.split('\n').filter(line => /^ {4}(?:x|joe)/.test(line))
  expect(table).toHaveLength(2)
  for (const line of table) expect(line.length).toBeLessThan(100)
})

test('a receiver to whom there is no connection did not refuse anything', () => {
  const deferred = (i: number, why: string): string =>
    at(i, 'postfix/smtp[1]', `AAAAB${i}: to=<x@example.org>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, status=deferred (${why})`)
  const timeout = 'connect to mx.example.org[203.0.113.5]:25: Connection timed out'
  expect(reportOf(times(6, i => deferred(i, timeout))).findings[0]?.message).toBe('your server gets no connection to example.org: 6 attempts, none delivered')
  expect(reportOf(times(6, i => deferred(i, i === 3 ? 'host mx said: 550 5.7.1 spam' : timeout))).findings[0]?.message).toMatch(/^example\.org takes no mail from you: 6 attempts/)
})
