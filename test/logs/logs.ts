/** Logs as text, and what they come to. */
import type { Counted } from '../../src/logs/mail-log.ts'
import { EntryReader } from '../../src/logs/entry-reader.ts'
import { MailLog } from '../../src/logs/mail-log.ts'
import type { LogFinding } from '../../src/logs/finding.ts'

export interface Read {
  readonly log: MailLog
  readonly counted: Counted[]
  readonly raised: LogFinding[]
  /** `brute-force warning`, the gravest first. */
  readonly found: string[]
}

export function readText(text: string, reference = new Date('2026-11-23T23:00:00Z')): Read {
  const raised: LogFinding[] = []
  const log = new MailLog({ raised: finding => raised.push(finding) })
  const reader = new EntryReader('mail.log', () => reference, what => (what === 'cut' ? log.strange.cut++ : log.addHeadless()))
  const counted = [...reader.push(Buffer.from(text, 'latin1')), ...reader.end()].map(entry => log.add(entry))
  return { log, counted, raised, found: log.findings().map(({ code, severity }) => `${code} ${severity}`) }
}

/** A line at so many seconds after midnight. */
export function at(seconds: number, program: string, text: string): string {
  return `${new Date(Date.UTC(2026, 10, 23) + seconds * 1000).toISOString()} mx ${program}: ${text}\n`
}

export const hour = 3600

export function failure(seconds: number, user: string, address: string): string {
  return at(seconds, 'dovecot', `imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<${user}>, method=PLAIN, rip=${address}, lip=192.0.2.1, TLS, session=<s${seconds}>`)
}

export function success(seconds: number, user: string, address: string): string {
  return at(seconds, 'dovecot', `imap-login: Login: user=<${user}>, method=PLAIN, rip=${address}, lip=192.0.2.1, mpid=12, TLS, session=<t${seconds}>`)
}

let ids = 0

/** A message of an account, and what becomes of it. */
export function sent(seconds: number, account: string, recipients: number, outcome = 'dsn=2.0.0, status=sent (250 2.0.0 Ok)', address = '192.0.2.17'): string {
  const id = (0x3F1A2B0000 + ids++).toString(16).toUpperCase()
  return at(seconds, 'postfix/submission/smtpd[3000]', `${id}: client=a.example.com[${address}], sasl_method=PLAIN, sasl_username=${account}`)
    + at(seconds, 'postfix/qmgr[900]', `${id}: from=<${account}>, size=1000, nrcpt=${recipients} (queue active)`)
    + Array.from({ length: recipients }, (_, i) => at(seconds + 1, 'postfix/smtp[5000]', `${id}: to=<r${i}@example.org>, relay=mx.example.org[203.0.113.5]:25, delay=1.2, delays=0/0/1/0.2, ${outcome}`)).join('')
    + at(seconds + 1, 'postfix/qmgr[900]', `${id}: removed`)
}

export function times(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('')
}
