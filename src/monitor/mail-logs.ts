/**
 * The mail logs that the service follows: what their lines come to as metrics, and a line of the service’s own log for what is
 * found. Names of users and addresses are hidden by a salt of this process, in both alike; which account it is, `mailcheck logs
 * --show-names` tells on the host of the log. What a label may say is bounded by our lists and by so many names at a time.
 */
import prometheus from 'prom-client'
import type { LogFinding } from '../logs/finding.ts'
import { findingCodes, type LogEntry, type LogSeverity } from '../logs/finding.ts'
import { Follower } from '../logs/follower.ts'
import { delaySteps } from '../logs/histogram.ts'
import { MailLog } from '../logs/mail-log.ts'
import { hiddenNames } from '../logs/names.ts'
import { reported } from '../report/logs.ts'
import { families, type FamilyName } from './families.ts'
import type { Log } from './log.ts'
import type { MailLogs } from './service.ts'

/** Names at a time, of each kind. */
const mostNames = 20
const tlsVersions = new Set(['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'])
/** The severities with which each may be told. */
const severitiesOf: Readonly<Partial<Record<LogFinding['code'], readonly LogSeverity[]>>> = {
  'password-guessed': ['critical', 'error'], 'sudden-sending': ['error', 'warning'], 'own-address-listed': ['error', 'warning'], 'list-refuses-all': ['error'], 'server-trouble': ['error', 'warning'],
  'relay-attempts': ['notice'], 'mail-waits': ['notice'],
}

export function followMailLogs(log: Log): MailLogs {
  const registry = new prometheus.Registry()
  const options = (name: FamilyName) => {
    const family = families.find(candidate => candidate.name === name)
    return { name, help: family?.help ?? name, labelNames: [...family?.labels ?? []] as string[], registers: [registry] }
  }
  const counter = (name: FamilyName) => new prometheus.Counter(options(name))
  const lines = counter('mailcheck_log_lines_total')
  const findings = counter('mailcheck_log_findings_total')
  const logins = counter('mailcheck_log_logins_total')
  const failures = counter('mailcheck_log_auth_failures_total')
  const accepted = counter('mailcheck_log_messages_accepted_total')
  const refused = counter('mailcheck_log_refused_total')
  const deliveries = counter('mailcheck_log_deliveries_total')
  const notDelivered = counter('mailcheck_log_delivery_failures_total')
  const tls = counter('mailcheck_log_delivery_tls_total')
  const delay = new prometheus.Histogram({ ...options('mailcheck_log_delivery_delay_seconds'), buckets: [...delaySteps] })
  const readable = new prometheus.Gauge(options('mailcheck_log_readable'))
  // from nothing to one is a rise only where there was a nothing
  for (const service of ['smtp', 'imap', 'pop3', 'other']) for (const one of [logins, failures]) one.inc({ service }, 0)
  for (const status of ['sent', 'deferred', 'bounced', 'expired']) deliveries.inc({ status }, 0)
  for (const code of findingCodes) for (const severity of severitiesOf[code] ?? ['warning']) findings.inc({ code, severity }, 0)

  const names = hiddenNames()
  const mail = new MailLog({ raised: finding => {
    findings.inc({ code: finding.code, severity: finding.severity })
    const { message, evidence } = reported(finding, names)
    const last = evidence.at(-1)
    // the number of a line would be counted from where the service began, and means nothing after a rotation: its time does
    log('warn', 'the mail log shows something', { code: finding.code, severity: finding.severity, message, line: last ? `${last.file} ${last.time} ${last.text}` : null })
  } })
  const top = <T>(entries: Iterable<[string, T]>, weight: (one: T) => number): [string, T][] =>
    [...entries].filter(([, one]) => weight(one) > 0).toSorted((a, b) => weight(b[1]) - weight(a[1])).slice(0, mostNames)
  const leaders = <T>(name: FamilyName, label: string, entries: () => Iterable<[string, T]>, weight: (one: T) => number, hide: (name: string) => string): void => {
    new prometheus.Gauge({
      ...options(name),
      collect() {
        this.reset()
        for (const [key, one] of top(entries(), weight)) this.inc({ [label]: hide(key) }, weight(one)) // Joe and joe are one
      },
    })
  }
  leaders('mailcheck_log_account_auth_failures', 'account', () => mail.logins.accounts.entries(), one => one.failures, names.account)
  leaders('mailcheck_log_source_auth_failures', 'source', () => mail.logins.sources.entries(), one => one.failures, names.address)
  leaders('mailcheck_log_account_recipients', 'account', () => mail.sending.accounts.entries(), one => one.recipients, names.account)
  new prometheus.Gauge({
    ...options('mailcheck_log_last_line_timestamp_seconds'),
    collect() {
      this.reset()
      if (!Number.isNaN(mail.last)) this.set(mail.last / 1000)
    },
  })

  const add = (entry: LogEntry): void => {
    const { program, event, failures: failed, delivered } = mail.add(entry)
    lines.inc({ program, known: event ? 'yes' : 'no' })
    switch (event?.kind) {
      case 'login':
        logins.inc({ service: event.service })
        break
      case 'login-failed':
        failures.inc({ service: event.service }, failed)
        break
      case 'accepted':
        accepted.inc()
        if (event.account !== null && event.address !== null) logins.inc({ service: 'smtp' })
        break
      case 'refused':
        refused.inc({ reason: event.reason, temporary: event.temporary ? 'yes' : 'no' })
        break
      case 'delivery':
        if (!delivered) break
        deliveries.inc({ status: event.status })
        if (event.reason !== null) notDelivered.inc({ status: event.status, reason: event.reason })
        if (delivered.delay !== null) delay.observe(delivered.delay)
        if (delivered.tls) tls.inc({ version: versionOf(delivered.tls.version) })
        break
      default:
    }
  }

  const followers = new Map<string, Follower>()
  return {
    watch: files => {
      for (const [file, follower] of followers) {
        if (files.includes(file)) continue
        followers.delete(file)
        readable.remove({ file })
        void follower.close()
      }
      for (const file of files) {
        if (followers.has(file)) continue
        const follower = new Follower(file, {
          from: 'end',
          entries: entries => entries.forEach(add),
          strange: what => (what === 'headless' ? lines.inc({ program: 'other', known: 'no' }) : undefined),
          problem: why => {
            if (followers.get(file) !== follower) return // it says goodbye
            readable.set({ file }, why === null ? 1 : 0)
            if (why === null) log('info', 'a mail log is read again', { file })
            else log('error', 'a mail log cannot be read; waiting for it', { file, problem: why })
          },
        })
        readable.set({ file }, 1)
        followers.set(file, follower)
        follower.start()
      }
    },
    // without a log to follow there is nothing to say, not even that nothing happens
    text: () => {
      if (followers.size === 0) return Promise.resolve('')
      mail.look()
      return registry.metrics()
    },
    close: async () => {
      await Promise.all([...followers.values()].map(follower => follower.close()))
    },
  }
}

function versionOf(version: string | null | undefined): string {
  return version === undefined ? 'unknown' : version === null ? 'none' : tlsVersions.has(version) ? version : 'other'
}
