/** The logs of real servers, followed while somebody guesses passwords, tries to relay, and sends. */
import { spawn } from 'node:child_process'
import { connect as connectPlain, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import type { LogsReport, ReportedLogFinding } from '../../src/report/logs.ts'

const home = dirname(process.env['MAILCHECK_REAL_CA'] ?? '')
const logs = [join(home, 'login/postfix/mail.log'), join(home, 'login/dovecot/dovecot.log')]
const bin = join(import.meta.dirname, '../../bin/mailcheck.js')
const [host, us] = ['185.12.34.120', '185.12.35.1']

/** Sends each line when the reply to the one before is there; gives all replies. */
async function converse(port: number, ...commands: readonly string[]): Promise<string[]> {
  const socket: Socket = port === 465 ? connectTls({ host, port, rejectUnauthorized: false }) : connectPlain({ host, port })
  const replies: string[] = []
  const rest = [...commands]
  for await (const line of createInterface({ input: socket })) {
    if (/^\d{3}-/.test(line)) continue
    replies.push(line)
    const next = rest.shift()
    if (next === undefined) break
    socket.write(`${next}\r\n`)
  }
  socket.destroy()
  return replies
}

function plain(user: string, password: string): string {
  return `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`
}

function read(...args: string[]): Promise<LogsReport> {
  return new Promise((resolve, reject) => {
    let out = ''
    const child = spawn(process.execPath, [bin, 'logs', ...logs, '--json', '--show-names', ...args])
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.on('error', reject).on('close', () => resolve(JSON.parse(out) as LogsReport))
  })
}

test('what happens is found in the log as it happens', async () => {
  const follower = spawn(process.execPath, [bin, 'logs', ...logs, '--follow', '--json', '--show-names'])
  const found = new Map<string, ReportedLogFinding>()
  const wanted = ['password-spraying', 'password-guessed', 'relay-attempts']
  const told = new Promise<void>(resolve => {
    createInterface({ input: follower.stdout }).on('line', line => {
      const finding = JSON.parse(line) as ReportedLogFinding
      found.set(finding.code, finding)
      if (wanted.every(code => found.has(code))) resolve()
    })
  })
  const before = await read()
  await Promise.all(Array.from({ length: 8 + before.logins.successes }, (_, i) => converse(465, 'EHLO guess', plain(`user${i % 8}`, `guess${i}`), 'QUIT')))
  await Promise.all(Array.from({ length: 3 }, () => converse(25, 'EHLO relay', 'MAIL FROM:<a@b.example>', 'RCPT TO:<x@elsewhere.example>', 'RCPT TO:<y@elsewhere.example>', 'QUIT')))
  const sent = await converse(465, 'EHLO sender', plain('probe@login.example', process.env['MAILCHECK_REAL_PASSWORD'] ?? ''),
    'MAIL FROM:<probe@login.example>', 'RCPT TO:<probe@login.example>', 'RCPT TO:<x@elsewhere.example>', 'DATA', 'Subject: a\r\n\r\nb\r\n.', 'QUIT')
  expect(sent.map(reply => reply.slice(0, 3))).toEqual(['220', '250', '235', '250', '250', '550', '354', '250', '221'])
  await told
  follower.kill('SIGTERM')
  for (const code of wanted) expect(found.get(code)?.about['source']).toBe(us)
  expect(found.get('password-guessed')).toMatchObject({ severity: 'critical', about: { account: 'probe@login.example' } })

  const report = await read()
  // every line of real servers is of a known form
  expect([report.lines.programs.postfix.unknown, report.lines.programs.dovecot.unknown, report.lines.programs.other.unknown]).toEqual([0, 0, 0])
  expect(report.deliveries.sent - before.deliveries.sent).toBeGreaterThanOrEqual(1)
  expect(report.refused.total - before.refused.total).toBe(7)
  expect(report.refused.reasons['relay'] ?? 0).toBe((before.refused.reasons['relay'] ?? 0) + 6)
  expect(report.sending.accounts.find(({ account }) => account === 'probe@login.example')?.recipients).toBe(1)
})
