/** What `mailcheck logs` does, from arguments to exit status. */
import { severities, type Severity } from '../checks/define.ts'
import { durationOf } from '../config.ts'
import type { Strange } from '../logs/entry-reader.ts'
import type { LogEntry, LogFinding } from '../logs/finding.ts'
import { Follower } from '../logs/follower.ts'
import { inOrder } from '../logs/in-order.ts'
import { defaultLimits, type LogLimits } from '../logs/limits.ts'
import { MailLog } from '../logs/mail-log.ts'
import { hiddenNames, plainNames } from '../logs/names.ts'
import { asLogError, readLog, readOctets } from '../logs/read-log.ts'
import { stringify } from '../report/json.ts'
import { logsReport, reported } from '../report/logs.ts'
import { renderLogFinding, renderLogs } from '../report/logs-text.ts'
import { Output, outputColour, outputWidth, tell } from './output.ts'
import { timeOf } from './time-of.ts'
import { UsageError } from './usage-error.ts'

interface Flags {
  readonly follow: boolean
  readonly 'show-names': boolean
  readonly window?: string | undefined
  readonly 'auth-failures'?: number | undefined
  readonly 'sprayed-accounts'?: number | undefined
  readonly sending?: number | undefined
  readonly 'sending-factor'?: number | undefined
  readonly now?: string | undefined
  readonly 'fail-on'?: string | undefined
  readonly format?: string | undefined
  readonly json: boolean
  readonly color?: boolean | undefined
}

export async function runLogs(files: readonly string[], flags: Flags): Promise<number> {
  if (files.length === 0) throw new UsageError('name the file of a log, such as /var/log/mail.log, or - for stdin')
  if (new Set(files).size < files.length) throw new UsageError(`${files.find((file, i) => files.indexOf(file) !== i) ?? ''} is named twice: everything in it would count twice`)
  if (flags.json && flags.format === 'text') throw new UsageError('--json means --format json, and --format text contradicts it')
  if (flags.follow && flags.now !== undefined) throw new UsageError('--now says when a log ends, and with --follow it does not')
  const limits = limitsOf(flags)
  const now = nowOf(flags.now)
  const json = flags.json || flags.format === 'json'
  const names = flags['show-names'] ? plainNames : hiddenNames()
  const page = { width: outputWidth(), colour: outputColour(flags.color) }
  const output = new Output(() => ending.abort())
  const ending = new AbortController()
  const raised: LogFinding[] = []
  const log = new MailLog({ limits, raised: finding => {
    if (flags.follow) raised.push(finding) // nobody else takes them out again
  } })
  const strange: Strange = what => (what === 'cut' ? log.strange.cut++ : log.addHeadless())
  const trouble = { failed: false }
  const failure = (file: string, error: unknown): void => {
    trouble.failed = true
    tell(`${file === '-' ? 'stdin' : file}: cannot be read: ${asLogError(error).message}`)
  }
  if (flags.follow) {
    const told = async (): Promise<void> => {
      for (let finding = raised.shift(); finding; finding = raised.shift()) {
        const shown = reported(finding, names)
        await output.write(json ? `${stringify(shown)}\n` : renderLogFinding(shown, page))
      }
    }
    await follow(files, { strange, ending, failure, entries: async entries => {
      for (const entry of entries) log.add(entry)
      await told()
    } })
  } else {
    const logs = files.map(file => (file === '-' ? readOctets('stdin', process.stdin, { strange, now }) : readLog(file, { strange, now })))
    for await (const entries of inOrder(logs, (index, error) => failure(files[index] ?? '', error))) {
      if (ending.signal.aborted) break
      for (const entry of entries) log.add(entry)
    }
  }
  const report = logsReport(log, { names, files: files.map(file => (file === '-' ? 'stdin' : file)) })
  if (trouble.failed && report.lines.total === 0) return 2
  if (!(flags.follow && json)) await output.write(json ? `${stringify(report, 2)}\n` : renderLogs(report, page))
  if (trouble.failed) return 2
  const failOn = (flags['fail-on'] ?? 'error') as Severity | 'never'
  const grave = new Set<string>(failOn === 'never' ? [] : severities.slice(0, severities.indexOf(failOn) + 1))
  if (report.findings.some(({ severity }) => grave.has(severity))) return 1
  if (report.lines.known > 0) return 0
  tell(report.lines.total === 0 ? 'there is nothing in it yet' : 'no line of it is of Postfix, Dovecot or Exim in a form that is known here')
  return 3
}

interface Following {
  readonly strange: Strange
  readonly ending: AbortController
  readonly failure: (file: string, error: unknown) => void
  /** Settles when what they show has been told; until then no more is read. */
  readonly entries: (entries: LogEntry[]) => Promise<void>
}

/** Settles when somebody ends it, or when stdin, if there is nothing else, has ended. */
async function follow(files: readonly string[], { strange, ending, failure, entries }: Following): Promise<void> {
  let work = Promise.resolve()
  const handed = (batch: LogEntry[]): Promise<void> => (work = work.then(() => entries(batch)))
  const followers = files.filter(file => file !== '-').map(file => new Follower(file, {
    from: 'start', entries: handed, strange, problem: why => tell(`${file}: ${why === null ? 'is read again' : `cannot be read: ${why}; waiting for it`}`),
  }))
  const told = new Promise<void>(resolve => {
    ending.signal.addEventListener('abort', () => resolve(), { once: true })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130)) // told twice: at once
        resolve()
      })
    }
  })
  const piped = files.includes('-') ? pipe(strange, handed, failure) : null
  for (const follower of followers) follower.start()
  await (followers.length === 0 && piped ? Promise.race([told, piped]) : told)
  for (const follower of followers) await follower.close()
  if (piped) process.stdin.destroy()
  await work
}

async function pipe(strange: Strange, handed: (batch: LogEntry[]) => Promise<void>, failure: (file: string, error: unknown) => void): Promise<void> {
  try {
    for await (const batch of readOctets('stdin', process.stdin, { strange })) await handed(batch)
  } catch (error) {
    failure('-', error)
  }
}

function limitsOf(flags: Flags): LogLimits {
  const { window } = flags
  if (window !== undefined && !/^[1-9]\d{0,5}[smhd]$/.test(window)) throw new UsageError(`--window: "${window.slice(0, 40)}" is no time such as 30m or 2h`)
  return {
    window: window === undefined ? defaultLimits.window : durationOf(window),
    authFailures: flags['auth-failures'] ?? defaultLimits.authFailures, sprayedAccounts: flags['sprayed-accounts'] ?? defaultLimits.sprayedAccounts,
    sending: flags.sending ?? defaultLimits.sending, sendingFactor: flags['sending-factor'] ?? defaultLimits.sendingFactor,
  }
}

function nowOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const date = timeOf(text)
  if (!date) throw new UsageError(`--now: "${text.slice(0, 80)}" is no time such as 2026-11-23T10:00:00Z`)
  return date
}
