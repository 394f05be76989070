/**
 * Alerts about the monitoring itself. What keeps many domains from being looked at is one alert, and while it is raised those
 * of the single domains are not: the expressions exclude each other by `job`, so that it holds without any configuration of
 * Alertmanager. Services that look from different places therefore want different job names.
 */
import { duration, lateness, series, type AlertRule } from './alert-rule.ts'
import { reasonsOf } from './reason-kinds.ts'

export interface ServiceAlertOptions {
  /** Seconds from one run to the next, of the most and of the least frequent module that is not for block lists and the like. */
  readonly shortest: number
  readonly usual: number
}

const job = 'by (job)'
/** Two domains may have the same trouble by chance; more than two, and most of all, have it from here. */
const most = (affected: string): string => `(count ${job} (${affected}) > 2 and count ${job} (${affected}) > 0.5 * count ${job} (${anyDomain}))`
const anyDomain = `count by (job, domain) (${series('mailcheck_run_timestamp_seconds')})`
const domainsWith = (reason: string): string => `sum by (job, domain) (${series('mailcheck_unknown', { reason: `~${reason}` })}) > 0`

const blocked = `(count ${job} (${domainsWith(reasonsOf('here'))}) or ${most(domainsWith('connect-timeout'))})`
const unresolved = most(domainsWith(reasonsOf('resolver')))
const overdue = `time() - max by (job, domain, module) (${series('mailcheck_run_timestamp_seconds')}) `
  + `> 3 * max by (job, domain, module) (${series('mailcheck_run_interval_seconds')})`
const stalled = most(`count by (job, domain) (${overdue})`)
const down = `up == 0 and on (job, instance) last_over_time(${series('mailcheck_build_info')}[7d])`

export function serviceAlerts({ shortest, usual }: ServiceAlertOptions): readonly AlertRule[] {
  const soon = duration(shortest + lateness(shortest))
  const twoRuns = duration(usual + lateness(usual))
  const eightRuns = duration(8 * usual)
  const keep = duration(2 * lateness(usual))
  const rule = (alert: string, severity: string, expr: string, wait: string, summary: string, description: string, runbook: string): AlertRule => ({
    alert: `Mailcheck${alert}`, expr, for: wait, keep_firing_for: keep, labels: { severity }, annotations: { summary, description, runbook },
  })
  return [
    rule('Down', 'critical', down, soon,
      'mailcheck on {{ $labels.instance }} does not answer Prometheus',
      'The service cannot be scraped. The other alerts speak of what was known before, and end although nothing was mended.',
      'Look whether the process runs ("systemctl status mailcheck", its log on stderr), and whether Prometheus may reach its address. '
      + '/-/healthy answers without a password when the process is alive.'),
    rule('Absent', 'critical', `absent(${series('mailcheck_build_info')}) unless on () (${down})`, soon,
      'Prometheus knows no mailcheck',
      'No series of mailcheck is there: nothing watches the mail domains.',
      'Look at the targets page of Prometheus: the scrape job of mailcheck is missing, or its name, address or password is wrong.'),
    rule('EgressBlocked', 'error', blocked, twoRuns,
      'mailcheck (job {{ $labels.job }}) cannot connect to mail servers from where it is',
      'Connections to mail servers are blocked or intercepted here: {{ $value }} domains cannot be tested. This says nothing of them. '
      + 'Alerts about single domains that cannot be tested are held back while this lasts.',
      'Port 25 is closed to many hosts by default: ask the provider to open it, look at the firewall ("nc -v HOST 25" from the host of '
      + 'mailcheck), or run mailcheck elsewhere. The "vantage" hosts of the configuration show whether a port can be reached at all.'),
    rule('ResolverFails', 'error', unresolved, soon,
      'mailcheck (job {{ $labels.job }}) gets no answers from its resolver',
      '{{ $value }} domains, most of all, have DNS questions without an answer: the resolver that mailcheck asks, or its network, fails. '
      + 'Alerts about single domains that cannot be tested are held back while this lasts.',
      'Ask the same resolver by hand ("dig @ADDRESS example.com MX"). "defaults: { resolvers: [...] }" of the configuration names others.'),
    rule('ScheduleStalls', 'critical', stalled, soon,
      'mailcheck (job {{ $labels.job }}) does not get round to its domains',
      '{{ $value }} domains, most of all, were not checked for three intervals: what other alerts say of them is old.',
      'mailcheck_runs_waiting grows when there is more to do than fits into the intervals: lengthen them, share the domains '
      + 'between processes (--shard), or look in the log for what fails.'),
    rule('NotChecked', 'error', `(${overdue}) unless on (job) ${stalled}`, soon,
      '{{ $labels.domain }}: {{ $labels.module }} was not checked for three intervals',
      'The last run of {{ $labels.module }} ended {{ $value | humanizeDuration }} ago. What other alerts say of {{ $labels.domain }} is that old.',
      'Look at the status page for the next run of the domain, and in the log for its last one.'),
    rule('RunFails', 'error', `min by (domain) (${series('mailcheck_run_success')}) == 0`, duration(3 * usual),
      '{{ $labels.domain }}: runs do not come to their end',
      'Run after run ends by an error or by its deadline, so that the verdicts are not complete.',
      'The log names the error of each run. "mailcheck {{ $labels.domain }} --trace" on the same host shows where the time goes.'),
    rule('Untested', 'warning',
      `sum by (domain) (${series('mailcheck_unknown', { reason: `~${reasonsOf('resolver', 'passing')}` })}\n`
      + `  unless on (job) ${blocked}\n  unless on (job) ${unresolved}) > 0`,
      eightRuns,
      '{{ $labels.domain }}: {{ $value }} claims could not be tested for a long time',
      'Run after run could not decide them: {{ range printf "sum by (reason) (mailcheck_unknown{domain=\'%s\'}) > 0" $labels.domain | query }}'
      + '{{ .Labels.reason }} ({{ .Value }}) {{ end }}. What was decided before stands; it may no longer be true.',
      'The report of the domain says for each reason which claims it hides. A server that defers or throttles mailcheck wants it on '
      + 'its list of known clients, or a longer interval.'),
    rule('ConfigurationRefused', 'warning', `min by (job, instance) (${series('mailcheck_config_last_reload_successful')}) == 0`, soon,
      'mailcheck on {{ $labels.instance }} runs with an old configuration',
      'The configuration was changed and could not be read: the one before it is in force.',
      'The log names file, line and column. POST /-/reload tries again.'),
    rule('TargetFilesUnreadable', 'warning', `max by (job, instance) (${series('mailcheck_target_files_unreadable')}) > 0`, soon,
      'mailcheck on {{ $labels.instance }} cannot read {{ $value }} of its target files',
      'The domains that they held before are still checked, new ones are not.',
      'The log names the files and what is wrong with them.'),
    rule('DeliveryFails', 'error', `min by (route) (${series('mailcheck_delivery_success')}) == 0`, soon,
      '{{ $labels.route }}: test messages do not get through',
      'The last test message along this route was refused, came back, was lost, or came with something wrong with it.',
      'The log of mailcheck names the reason. "mailcheck deliver" with the accounts of the route shows where a message gets to; '
      + 'one that was lost has its id in the logs of the servers on its way.'),
    rule('DeliveryUntested', 'warning', `min by (route) (${series('mailcheck_delivery_unknown')}) == 1`, eightRuns,
      '{{ $labels.route }}: what becomes of test messages cannot be told',
      'Again and again a test message could not be handed in, or nobody could look whether it came. Whether this route works is not known.',
      'The log of mailcheck names the reason of each: a password that is not there, a server that does not answer or puts us off, a mailbox that cannot be opened. '
      + '"mailcheck deliver" with the accounts of the route shows it at once.'),
    rule('StateNotWritten', 'warning', `sum by (job, instance) (increase(${series('mailcheck_state_write_errors_total')}[1h])) > 0`, soon,
      'mailcheck on {{ $labels.instance }} cannot write its state',
      'After a restart the last decided verdicts and the history of records would be lost.',
      'Look at the free space and the owner of the directory of --state.'),
    rule('StateDamaged', 'warning', `sum by (job, instance) (increase(${series('mailcheck_state_damaged_lines_total')}[1h])) > 0`, soon,
      'mailcheck on {{ $labels.instance }} skipped damaged lines of its state',
      'What they held is lost: verdicts and histories begin anew for what they spoke of.',
      'One line after a power failure is usual. More of them speak of a disk that fails, or of somebody who edits the file.'),
    rule('PasswordGuessed', 'critical', `sum by (job, instance) (increase(${series('mailcheck_log_findings_total', { code: 'password-guessed', severity: 'critical' })}[1h])) > 0`, duration(1),
      'Somebody logged in after guessing passwords, says the mail log that mailcheck on {{ $labels.instance }} follows',
      'Logins at many accounts failed from one address, and then one succeeded.',
      'The log of mailcheck names the line. "mailcheck logs FILE --show-names" on that host names account and address: change the password, end the sessions.'),
    rule('LoginAfterFailures', 'error', `sum by (job, instance) (increase(${series('mailcheck_log_findings_total', { code: 'password-guessed', severity: 'error' })}[1h])) > 0`, duration(1),
      'A login succeeded after many that failed, says the mail log that mailcheck on {{ $labels.instance }} follows',
      'Logins at one account failed again and again from an address that never got in before, and then one succeeded: the password was guessed, or its owner got a device to work.',
      'The log of mailcheck names the line. "mailcheck logs FILE --show-names" on that host names account and address: ask the owner of the account, or change its password and end its sessions.'),
    rule('SuddenSending', 'error', `sum by (job, instance) (increase(${series('mailcheck_log_findings_total', { code: 'sudden-sending' })}[1h])) > 0`, duration(1),
      'An account sends far more than it ever did, says the mail log that mailcheck on {{ $labels.instance }} follows',
      'What one account wrote within the last hour is many times of the most that it sent before.',
      'The log of mailcheck names the line. "mailcheck logs FILE --show-names" on that host names the account: ask its owner, or lock it.'),
    rule('MailLogUnreadable', 'warning', `min by (job, instance, file) (${series('mailcheck_log_readable')}) == 0`, soon,
      'mailcheck on {{ $labels.instance }} cannot read the mail log {{ $labels.file }}',
      'What happens there is not seen.',
      'The log of mailcheck says why. Its user must be in the group that may read it (adm on Debian).'),
  ]
}
