/** All domains at a glance: who needs somebody, what fails where, how protected they are, and whether the service keeps up. */
import { severities } from '../checks/define.ts'
import { series } from './alert-rule.ts'
import { blue, green, noneOr, orange, red, severityColours, titles, toDomain, yellow } from './dashboard-words.ts'
import type { Dashboard, Panel } from './panel.ts'

const small = { width: 4, height: 4 } as const
const own = `and on (job, instance) ${series('mailcheck_build_info')}`

function domainsWith(severity: 'critical' | 'error' | 'warning', title: string): Panel {
  return {
    type: 'stat', title, ...small, thresholds: noneOr(severityColours[severity]),
    targets: [{ expr: `count(max by (domain) (${series('mailcheck_findings', { severity })}) > 0) or vector(0)` }],
  }
}

export const fleet: Dashboard = {
  uid: 'mailcheck-fleet',
  title: 'mailcheck: all domains',
  description: 'What the mail domains need, and whether the service keeps up.',
  variables: [],
  panels: [
    { type: 'stat', title: 'Domains', ...small, targets: [{ expr: `count(count by (domain) (${series('mailcheck_run_timestamp_seconds')}))` }] },
    domainsWith('critical', 'Domains with critical findings'),
    domainsWith('error', 'Domains with errors'),
    domainsWith('warning', 'Domains with warnings'),
    {
      type: 'stat', title: 'Domains not fully tested', ...small, thresholds: [green, [1, blue]],
      description: 'Something could not be decided. That is neither good nor bad.',
      targets: [{ expr: `count(sum by (domain) (${series('mailcheck_unknown')}) > 0) or vector(0)` }],
    },
    {
      type: 'stat', title: 'Most overdue', ...small, unit: 'percentunit', thresholds: [green, [1.5, yellow], [3, red]],
      description: 'The age of the oldest result as a share of its interval: up to 150 % is usual.',
      targets: [{
        expr: `max((time() - max by (domain, module) (${series('mailcheck_run_timestamp_seconds')})) / max by (domain, module) (${series('mailcheck_run_interval_seconds')}))`,
      }],
    },
    {
      type: 'table', title: 'Domain by domain', width: 24, height: 10, joinBy: 'domain', sortBy: { title: 'critical' },
      targets: [
        ...severities.map(severity => ({ expr: `max by (domain) (${series('mailcheck_findings', { severity })})` })),
        { expr: `sum by (domain) (${series('mailcheck_unknown')})` },
        { expr: `sum by (domain) (${series('mailcheck_checks_passed')})` },
        { expr: `max by (domain) (${series('mailcheck_run_timestamp_seconds')}) * 1000` },
      ],
      columns: [
        { field: 'domain', title: 'domain', link: toDomain },
        ...severities.map((severity, i) => ({ field: `Value #${'ABCD'.charAt(i)}`, title: severity, thresholds: noneOr(severityColours[severity]) })),
        { field: 'Value #E', title: 'not tested', thresholds: noneOr(blue) },
        { field: 'Value #F', title: 'passed' },
        { field: 'Value #G', title: 'last run', unit: 'dateTimeFromNow' },
      ],
    },
    {
      type: 'table', title: 'What fails, and for how many domains', width: 12, height: 9, sortBy: { title: 'domains' },
      targets: [{ expr: `count by (check, severity) (max by (domain, check, severity) (${series('mailcheck_check_state', { state: 'fail' })})) * ${titles}` }],
      columns: [
        { field: 'check', title: 'check' }, { field: 'title', title: 'does not hold' }, { field: 'severity', title: 'severity' }, { field: 'Value', title: 'domains' },
      ],
    },
    { type: 'timeseries', title: 'Findings', width: 6, height: 9, min: 0, targets: [{ expr: `sum by (severity) (${series('mailcheck_findings')})`, legend: '{{severity}}' }] },
    {
      type: 'timeseries', title: 'Not tested, by reason', width: 6, height: 9, min: 0,
      targets: [{ expr: `sum by (reason) (${series('mailcheck_unknown')})`, legend: '{{reason}}' }],
    },
    'Protection',
    { type: 'bargauge', title: 'DMARC policies', width: 6, height: 6, min: 0, targets: [{ expr: `count by (policy) (${series('mailcheck_dmarc_policy_info')})`, legend: 'p={{policy}}' }] },
    { type: 'bargauge', title: 'MTA-STS modes', width: 6, height: 6, min: 0, targets: [{ expr: `count by (mode) (${series('mailcheck_mta_sts_policy_info')})`, legend: '{{mode}}' }] },
    { type: 'bargauge', title: 'TLS versions', width: 6, height: 6, min: 0, targets: [{ expr: `count by (version) (${series('mailcheck_tls_version_info')})`, legend: '{{version}}' }] },
    {
      type: 'bargauge', title: 'Addresses on block lists', width: 6, height: 6, min: 0, thresholds: noneOr(red),
      description: 'Empty unless the service may ask block lists.',
      targets: [{ expr: `sum by (list) (max by (list, address) (${series('mailcheck_dnsbl_listed')}))`, legend: '{{list}}' }],
    },
    'The service',
    {
      type: 'timeseries', title: 'Runs', width: 6, height: 7, min: 0, unit: 'ops',
      targets: [{ expr: `sum by (module, outcome) (rate(${series('mailcheck_runs_total')}[$__rate_interval]))`, legend: '{{module}}: {{outcome}}' }],
    },
    {
      type: 'timeseries', title: 'Duration of runs (19 of 20 are shorter)', width: 6, height: 7, min: 0, unit: 's',
      targets: [{ expr: 'histogram_quantile(0.95, sum by (le, module) (rate(mailcheck_run_duration_seconds_bucket[$__rate_interval])))', legend: '{{module}}' }],
    },
    {
      type: 'timeseries', title: 'Runs under way and waiting', width: 6, height: 7, min: 0,
      targets: [
        { expr: `sum(${series('mailcheck_runs_in_flight')})`, legend: 'under way' }, { expr: `sum(${series('mailcheck_runs_waiting')})`, legend: 'waiting' },
      ],
    },
    {
      type: 'timeseries', title: 'Memory', width: 6, height: 7, min: 0, unit: 'bytes',
      targets: [{ expr: `process_resident_memory_bytes ${own}`, legend: '{{instance}}' }],
    },
    {
      type: 'timeseries', title: 'Processor', width: 6, height: 7, min: 0, unit: 'percentunit',
      targets: [{ expr: `rate(process_cpu_seconds_total[$__rate_interval]) ${own}`, legend: '{{instance}}' }],
    },
    {
      type: 'timeseries', title: 'Requests', width: 6, height: 7, min: 0, unit: 'reqps',
      targets: [{ expr: `sum by (handler, code) (rate(${series('mailcheck_http_requests_total')}[$__rate_interval]))`, legend: '{{handler}} {{code}}' }],
    },
    {
      type: 'table', title: 'Processes', width: 12, height: 7, joinBy: 'instance',
      targets: [
        { expr: series('mailcheck_build_info') },
        { expr: `sum by (instance) (${series('mailcheck_targets')})` },
        { expr: `min by (instance) (${series('mailcheck_config_last_reload_successful')})` },
        { expr: `max by (instance) (${series('mailcheck_config_last_reload_success_timestamp_seconds')}) * 1000` },
      ],
      columns: [
        { field: 'instance', title: 'process' }, { field: 'version', title: 'version' }, { field: 'Value #B', title: 'targets' },
        { field: 'Value #C', title: 'configuration', words: { 0: { text: 'refused, the old one is in force', colour: orange }, 1: { text: 'in force', colour: green } } },
        { field: 'Value #D', title: 'read', unit: 'dateTimeFromNow' },
      ],
    },
  ],
}
