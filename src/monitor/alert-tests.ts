/** Unit tests of the alert rules, for `promtool test rules`: when each is raised and when not, on time lines written by hand. */
import type { Check } from '../checks/define.ts'
import type { AlertGroup, AlertRule } from './alert-rule.ts'
import { duration, series } from './alert-rule.ts'
import { alertName } from './check-alerts.ts'
import { alertGroups, alerting, type AlertOptions } from './alerts.ts'
import type { FamilyName } from './families.ts'

export interface RuleTests {
  readonly rule_files: readonly string[]
  readonly evaluation_interval: string
  readonly tests: readonly RuleTest[]
}

interface RuleTest {
  readonly name: string
  readonly interval: string
  readonly input_series: readonly { readonly series: string; readonly values: string }[]
  readonly alert_rule_test: readonly Expectation[]
}

interface Expectation {
  readonly eval_time: string
  readonly alertname: string
  readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>>; readonly exp_annotations: Readonly<Record<string, string>> }[]
}

export function alertTests(options: AlertOptions, rulesFile: string): RuleTests {
  const bench = new Bench(alertGroups(options), options)
  return {
    rule_files: [rulesFile],
    evaluation_interval: duration(bench.step),
    tests: [everyCheck(options, bench), ...oneCheck(options, bench), ...certificates(bench), ...theService(bench)],
  }
}

/** The rules, the time between two samples, and how expectations are written. */
class Bench {
  readonly step: number
  readonly #rules: ReadonlyMap<string, AlertRule>

  constructor(groups: readonly AlertGroup[], { checks, least, intervalOf }: AlertOptions) {
    this.#rules = new Map(groups.flatMap(({ rules }) => rules).map(rule => [rule.alert, rule]))
    this.step = Math.max(1, Math.min(150, Math.floor(Math.min(...alerting(checks, least).map(intervalOf)) / 2)))
  }

  has(alert: string): boolean {
    return this.#rules.has(alert)
  }

  rule(alert: string): AlertRule {
    const rule = this.#rules.get(alert)
    if (!rule) throw new Error(`there is no rule ${alert}`)
    return rule
  }

  /** Seconds that the rule waits. */
  wait(alert: string): number {
    return seconds(this.rule(alert).for)
  }

  /** The last moment of silence and the first of the alert, when its cause is there from `start` on. */
  raised(alert: string, labels: Readonly<Record<string, string>>, words: Readonly<Record<string, string>> = {}, start = 0): Expectation[] {
    const at = start + this.wait(alert)
    return [this.silent(alert, at - 2 * this.step), this.alerts(alert, at + this.step, labels, words)]
  }

  silent(alert: string, at: number): Expectation {
    this.rule(alert)
    return { eval_time: duration(at), alertname: alert, exp_alerts: [] }
  }

  alerts(alert: string, at: number, labels: Readonly<Record<string, string>>, words: Readonly<Record<string, string>> = {}): Expectation {
    const rule = this.rule(alert)
    const annotations = Object.fromEntries(Object.entries(rule.annotations).map(([name, text]) => [name, spoken(text, labels, words)]))
    return { eval_time: duration(at), alertname: alert, exp_alerts: [{ exp_labels: { ...labels, ...rule.labels }, exp_annotations: annotations }] }
  }

  test(name: string, input: readonly { readonly series: string; readonly values: string }[], expected: readonly Expectation[]): RuleTest {
    return { name, interval: duration(this.step), input_series: input, alert_rule_test: expected }
  }

  /** How many samples there are in so many seconds. */
  samples(length: number): number {
    return Math.ceil(length / this.step)
  }
}

/** What the template language makes of an annotation, as far as ours use it; `words` stands for values and queries. */
function spoken(text: string, labels: Readonly<Record<string, string>>, words: Readonly<Record<string, string>>): string {
  const range = words['range'] ?? ''
  return text
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '')
    .replace(/\{\{ with .*?(\S* )\{\{ range \. .*?\{\{ end \}\}(.*?)\{\{ end \}\}/g, (_, before: string, after: string) => (range === '' ? '' : `Seen ${before}${range}${after}`))
    .replace(/\{\{ range .*?\{\{ end \}\}/g, range)
    .replace(/\{\{ \$value(?: \| (\w+))? \}\}/g, (_, how?: string) => words[how ?? 'value'] ?? '')
    .replaceAll('{{ "{{" }}', '{{')
}

function seconds(text: string): number {
  return [...text.matchAll(/(\d+)([dhms])/g)].reduce((sum, [, amount = '0', unit = 's']) => sum + Number(amount) * { d: 86_400, h: 3600, m: 60, s: 1 }[unit as 'd'], 0)
}

const where = { job: 'mailcheck', instance: 'localhost:9725' }
const at = (name: FamilyName, labels: Readonly<Record<string, string>> = {}): string => series(name, { ...labels, ...where })

function failing({ id, severity }: Pick<Check, 'id' | 'severity'>, domain: string): string {
  return at('mailcheck_check_state', { domain, check: id, subject: `mx.${domain}[192.0.2.1]:25`, severity, state: 'fail' })
}

/** All at once, each at a domain of its own: silent until it has waited, told afterwards, over when it is mended. */
function everyCheck({ checks, least }: AlertOptions, bench: Bench): RuleTest {
  const told = alerting(checks, least).map(check => ({ check, domain: `${check.id.replace('/', '.')}.example`, alert: alertName(check.id) }))
  return bench.test('every check: a failure that lasts is told, one that is mended is over',
    told.map(({ check, domain, alert }) => ({ series: failing(check, domain), values: `1x${bench.samples(bench.wait(alert)) + 2} stale` })),
    told.flatMap(({ domain, alert }) => [
      ...bench.raised(alert, { domain }, { range: `mx.${domain}[192.0.2.1]:25 ` }),
      bench.silent(alert, bench.wait(alert) + seconds(bench.rule(alert).keep_firing_for) + 6 * bench.step),
    ]))
}

function oneCheck({ checks, least, intervalOf }: AlertOptions, bench: Bench): RuleTest[] {
  const check = alerting(checks, least).find(({ severity, requires }) => severity === 'critical' && requires === undefined)
  if (!check) return []
  const alert = alertName(check.id)
  const domain = 'example.com'
  const state = failing(check, domain)
  const range = `mx.${domain}[192.0.2.1]:25 `
  const run = intervalOf(check)
  const wait = bench.wait(alert)
  const long = bench.samples(wait) + 20
  const unknown = at('mailcheck_check_unknown', { domain, check: check.id, subject: `mx.${domain}[192.0.2.1]:25`, severity: check.severity })
  return [
    bench.test('a failure that only one run saw wakes nobody',
      [{ series: state, values: `1x${bench.samples(run)} stale` }],
      [bench.silent(alert, run), bench.silent(alert, wait + bench.step), bench.silent(alert, wait + 4 * bench.step)]),
    bench.test('a server that fails and then cannot be tested any more has not been mended',
      [{ series: state, values: `1x${long}` }, { series: unknown, values: `_x${bench.samples(run)} 1x${long}` }],
      [bench.alerts(alert, wait + 10 * bench.step, { domain }, { range })]),
    bench.test('what could never be tested does not fail',
      [{ series: unknown, values: `1x${long}` }],
      [bench.silent(alert, wait + 10 * bench.step)]),
    bench.test('two services that watch the same domain tell of it once',
      [{ series: state, values: `1x${long}` }, { series: state.replace(where.instance, 'other:9725'), values: `1x${long}` }],
      [bench.alerts(alert, wait + 10 * bench.step, { domain }, { range })]),
  ]
}

/** Certificates of ninety days and of six, that nobody renews, on the day on which each limit is passed. */
function certificates(bench: Bench): RuleTest[] {
  const names = ['tls/certificate-not-expiring-soon', 'tls/certificate-renewal-on-time', 'tls/certificate-not-about-to-expire', 'tls/certificate-in-date'].map(alertName)
  if (!names.every(name => bench.has(name))) return []
  const [soon = '', late = '', imminent = '', ended = ''] = names
  const domain = 'example.com'
  const longest = Math.max(...names.map(name => bench.wait(name)))
  const day = 86_400
  const test = (name: string, service: string, lifetime: number, left: number, expected: readonly string[]): RuleTest => {
    const labels = { domain, host: `mail.${domain}`, address: '192.0.2.1', service }
    return bench.test(name, [
      { series: at('mailcheck_certificate_not_after_timestamp_seconds', labels), values: `${left}x${bench.samples(longest) + 20}` },
      { series: at('mailcheck_certificate_not_before_timestamp_seconds', labels), values: `${left - lifetime}x${bench.samples(longest) + 20}` },
    ], names.map(alert => (expected.includes(alert)
      ? bench.alerts(alert, longest + 10 * bench.step, { domain }, { range: '' }) : bench.silent(alert, longest + 10 * bench.step))))
  }
  return [
    test('ninety days, thirty left: in order', 'imaps', 90 * day, 30 * day, []),
    test('ninety days, a fifth left', 'imaps', 90 * day, 18 * day, [soon]),
    test('ninety days, eight left', 'imaps', 90 * day, 8 * day, [late]),
    test('ninety days, two left', 'imaps', 90 * day, 2 * day, [imminent]),
    test('six days, two left: in order', 'imaps', 6 * day, 2 * day, []),
    test('a year, sixty days left: in order', 'submission', 365 * day, 60 * day, []),
    test('a year, twenty-nine days left', 'submission', 365 * day, 29 * day, [soon]),
    test('ended a day ago', 'pop3s', 90 * day, -day, [ended]),
    test('ended on port 25, where nobody looks at dates', 'smtp', 90 * day, -day, []),
  ]
}

const domains = ['one', 'two', 'three', 'four', 'five'].map(name => `${name}.example`)

function theService(bench: Bench): RuleTest[] {
  const longest = Math.max(...['Untested', 'RunFails', 'EgressBlocked'].map(name => bench.wait(`Mailcheck${name}`)))
  const long = bench.samples(longest) + 60
  const { job } = where
  const build = { series: at('mailcheck_build_info', { version: '1.0.0', node: '20' }), values: `1x${long}` }
  const up = { series: `up{job="${job}",instance="${where.instance}"}`, values: `1x${long}` }
  const ran = domains.map(domain => ({ series: at('mailcheck_run_timestamp_seconds', { domain, module: 'dns' }), values: `0+${bench.step}x${long}` }))
  const interval = domains.map(domain => ({ series: at('mailcheck_run_interval_seconds', { domain, module: 'dns' }), values: `${5 * bench.step}x${long}` }))
  const unknown = (domain: string, reason: string) => ({ series: at('mailcheck_unknown', { domain, reason }), values: `3x${long}` })
  const untested = (domain: string, reason: string) => bench.alerts('MailcheckUntested', longest + 10 * bench.step, { domain }, { value: '3', range: `${reason} (3) ` })
  const late = longest + 10 * bench.step
  const overdue = (count: number) => domains.map((domain, i) => ({
    series: at('mailcheck_run_timestamp_seconds', { domain, module: 'dns' }), values: i < count ? `0x${long}` : `0+${bench.step}x${long}`,
  }))
  const gauge = (name: FamilyName, values: string) => ({ series: at(name), values })
  return [
    bench.test('all is well', [build, up, ...ran, ...interval],
      ['Down', 'Absent', 'EgressBlocked', 'ResolverFails', 'ScheduleStalls', 'NotChecked', 'Untested', 'RunFails'].map(name => bench.silent(`Mailcheck${name}`, late))),
    bench.test('the service is down: it is told for days', [
      { ...build, values: `1x5 stale` }, { ...up, values: `1x5 0x${long}` },
    ], [bench.alerts('MailcheckDown', late, where), bench.silent('MailcheckAbsent', late)]),
    bench.test('there is no service', [{ series: 'up{job="prometheus",instance="localhost:9090"}', values: `1x${long}` }],
      [...bench.raised('MailcheckAbsent', {}), bench.silent('MailcheckDown', late)]),
    bench.test('a blocked port is one alert, however many domains cannot be tested',
      [build, up, ...ran, ...domains.flatMap(domain => [unknown(domain, 'local-egress-blocked'), unknown(domain, 'connect-timeout')])],
      [...bench.raised('MailcheckEgressBlocked', { job }, { value: '5' }), bench.silent('MailcheckUntested', late)]),
    bench.test('when all connections time out, it is this place that does not let them out',
      [build, up, ...ran, ...domains.map(domain => unknown(domain, 'connect-timeout'))],
      [...bench.raised('MailcheckEgressBlocked', { job }, { value: '5' }), bench.silent('MailcheckUntested', late)]),
    bench.test('when connections to one domain time out, it is that domain',
      [build, up, ...ran, unknown('one.example', 'connect-timeout')],
      [bench.silent('MailcheckEgressBlocked', late), untested('one.example', 'connect-timeout')]),
    bench.test('a resolver that fails is one alert',
      [build, up, ...ran, ...domains.slice(0, 4).map(domain => unknown(domain, 'dns-timeout'))],
      [...bench.raised('MailcheckResolverFails', { job }, { value: '4' }), bench.silent('MailcheckUntested', late)]),
    bench.test('name servers of one domain that fail are that domain’s',
      [build, up, ...ran, unknown('one.example', 'dns-servfail')],
      [bench.silent('MailcheckResolverFails', late), untested('one.example', 'dns-servfail')]),
    bench.test('what this place or this configuration cannot do is no alert',
      [build, up, ...ran, unknown('one.example', 'no-ipv6-here'), unknown('two.example', 'selector-unknown')],
      [bench.silent('MailcheckUntested', late), bench.silent('MailcheckEgressBlocked', late)]),
    bench.test('one domain that is not checked', [build, up, ...overdue(1), ...interval],
      [bench.alerts('MailcheckNotChecked', late, { job, domain: 'one.example', module: 'dns' }, { humanizeDuration: humanized(late) }), bench.silent('MailcheckScheduleStalls', late)]),
    bench.test('a service that gets round to nothing', [build, up, ...overdue(4), ...interval],
      [bench.alerts('MailcheckScheduleStalls', late, { job }, { value: '4' }), bench.silent('MailcheckNotChecked', late)]),
    bench.test('runs that do not come to their end', [{ series: at('mailcheck_run_success', { domain: 'one.example' }), values: `0x${long}` }],
      bench.raised('MailcheckRunFails', { domain: 'one.example' })),
    bench.test('a file that cannot be read', [
      gauge('mailcheck_config_last_reload_successful', `0x${long}`), gauge('mailcheck_target_files_unreadable', `2x${long}`),
    ], [...bench.raised('MailcheckConfigurationRefused', where), ...bench.raised('MailcheckTargetFilesUnreadable', where, { value: '2' })]),
    bench.test('test messages that do not come', [
      { series: at('mailcheck_delivery_success', { route: 'there-and-back' }), values: `0x${long}` }, { series: at('mailcheck_delivery_success', { route: 'fine' }), values: `1x${long}` },
    ], bench.raised('MailcheckDeliveryFails', { route: 'there-and-back' })),
    bench.test('test messages of which nothing can be told', [
      { series: at('mailcheck_delivery_unknown', { route: 'there-and-back' }), values: `1x${long}` }, { series: at('mailcheck_delivery_unknown', { route: 'fine' }), values: `0x${long}` },
      { series: at('mailcheck_delivery_success', { route: 'there-and-back' }), values: `1x${long}` },
    ], bench.raised('MailcheckDeliveryUntested', { route: 'there-and-back' })),
    bench.test('a state that cannot be kept', [
      gauge('mailcheck_state_write_errors_total', `0+1x${long}`), gauge('mailcheck_state_damaged_lines_total', `0+1x${long}`),
    ], [bench.alerts('MailcheckStateNotWritten', late, where), bench.alerts('MailcheckStateDamaged', late, where)]),
    ...mailLog(bench),
  ]
}

/** What is found in the mail log is told once, soon, and for an hour. */
function mailLog(bench: Bench): RuleTest[] {
  const long = bench.samples(7200) + 20
  const found = (code: string, severity: string, values: string) => ({ series: at('mailcheck_log_findings_total', { code, severity }), values })
  const told = 8 * bench.step
  return [
    bench.test('a mail log in which nothing is found', [found('password-guessed', 'critical', `0x${long}`), found('sudden-sending', 'error', `3x${long}`), found('brute-force', 'warning', `0+1x${long}`)],
      [bench.silent('MailcheckPasswordGuessed', told), bench.silent('MailcheckLoginAfterFailures', told), bench.silent('MailcheckSuddenSending', told)]),
    bench.test('a password that was guessed', [found('password-guessed', 'critical', `0x4 1x${long}`), found('sudden-sending', 'error', `0x${long}`)],
      [bench.silent('MailcheckPasswordGuessed', 2 * bench.step), bench.alerts('MailcheckPasswordGuessed', told, where), bench.silent('MailcheckLoginAfterFailures', told), bench.silent('MailcheckSuddenSending', told)]),
    bench.test('an owner with a new device, perhaps', [found('password-guessed', 'error', `0x4 1x${long}`)],
      [bench.alerts('MailcheckLoginAfterFailures', told, where), bench.silent('MailcheckPasswordGuessed', told)]),
    bench.test('an account that sends all at once', [found('sudden-sending', 'warning', `0x4 1x${long}`)], [bench.alerts('MailcheckSuddenSending', told, where)]),
    bench.test('a mail log that cannot be read', [{ series: at('mailcheck_log_readable', { file: '/var/log/mail.log' }), values: `0x${long}` }],
      bench.raised('MailcheckMailLogUnreadable', { ...where, file: '/var/log/mail.log' })),
  ]
}

/** As the template language writes durations. */
function humanized(total: number): string {
  const [days, hours, minutes] = [Math.floor(total / 86_400), Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60]
  const rest = `${Math.floor(total % 60)}s`
  if (days > 0) return `${days}d ${hours}h ${minutes}m ${rest}`
  if (hours > 0) return `${hours}h ${minutes}m ${rest}`
  return minutes > 0 ? `${minutes}m ${rest}` : rest
}
