/** One domain: what fails and since when, what could not be tested, its endpoints, records and protection. */
import { severities, type Severity } from '../checks/define.ts'
import { series } from './alert-rule.ts'
import { blue, domainChoice, green, noneOr, ranked, red, severityColours, severityRanks, titles, upOrDown, yellow } from './dashboard-words.ts'
import type { FamilyName } from './families.ts'
import type { Dashboard, Panel } from './panel.ts'

const of = (name: FamilyName, labels: Readonly<Record<string, string>> = {}): string => series(name, { domain: '$domain', ...labels })
const small = { width: 3, height: 4 } as const

const severityTitles: Readonly<Record<Severity, string>> = { critical: 'Critical', error: 'Errors', warning: 'Warnings', notice: 'Notices' }

function found(severity: Severity): Panel {
  return {
    type: 'stat', title: severityTitles[severity], ...small, thresholds: noneOr(severityColours[severity]),
    targets: [{ expr: `max(${of('mailcheck_findings', { severity })}) or vector(0)` }],
  }
}

export const domain: Dashboard = {
  uid: 'mailcheck-domain',
  title: 'mailcheck: one domain',
  description: 'What fails, what could not be tested, and how it came about.',
  variables: [domainChoice],
  panels: [
    ...severities.map(found),
    { type: 'stat', title: 'Passed', ...small, targets: [{ expr: `sum(max by (topic) (${of('mailcheck_checks_passed')})) or vector(0)` }] },
    {
      type: 'stat', title: 'Not tested', ...small, thresholds: noneOr(blue), description: 'Neither good nor bad.',
      targets: [{ expr: `sum(max by (reason) (${of('mailcheck_unknown')})) or vector(0)` }],
    },
    {
      type: 'stat', title: 'SPF lookups', ...small, min: 0, max: 10, thresholds: [green, [9, yellow], [11, red]], description: 'RFC 7208 allows ten.',
      targets: [{ expr: `max(${of('mailcheck_spf_lookups')})` }],
    },
    {
      type: 'stat', title: 'Last run', ...small, unit: 'dateTimeFromNow',
      targets: [{ expr: `max(${of('mailcheck_run_timestamp_seconds')}) * 1000` }],
    },
    {
      type: 'table', title: 'What fails', width: 16, height: 9, sortBy: { title: 'severity', ascending: true },
      description: 'The last decided verdicts. "mailcheck explain CHECK" says why it matters; the report of the domain, what to do.',
      targets: [{ expr: `(${ranked(severity => `max by (check, subject) (${of('mailcheck_check_state', { state: 'fail', severity })})`)}) * ${titles}` }],
      columns: [
        { field: 'Value', title: 'severity', words: severityRanks }, { field: 'title', title: 'does not hold' }, { field: 'subject', title: 'seen at' }, { field: 'check', title: 'check' },
      ],
    },
    {
      type: 'timeseries', title: 'Findings', width: 8, height: 9, min: 0,
      targets: [{ expr: `max by (severity) (${of('mailcheck_findings')})`, legend: '{{severity}}' }],
    },
    {
      type: 'table', title: 'What could not be tested', width: 16, height: 8, sortBy: { title: 'severity', ascending: true },
      targets: [{ expr: ranked(severity => `max by (check, subject) (${of('mailcheck_check_unknown', { severity })})`) }],
      columns: [{ field: 'Value', title: 'severity', words: severityRanks }, { field: 'check', title: 'check' }, { field: 'subject', title: 'of' }],
    },
    {
      type: 'timeseries', title: 'Not tested, by reason', width: 8, height: 8, min: 0,
      targets: [{ expr: `max by (reason) (${of('mailcheck_unknown')})`, legend: '{{reason}}' }],
    },
    {
      type: 'bargauge', title: 'Passed, by topic', width: 8, height: 9, min: 0,
      targets: [{ expr: `sort_desc(max by (topic) (${of('mailcheck_checks_passed')}))`, legend: '{{topic}}' }],
    },
    {
      type: 'state-timeline', title: 'Endpoints', width: 16, height: 9, words: upOrDown, min: 0, max: 1,
      targets: [{ expr: `max by (service, host, address) (${of('mailcheck_endpoint_up')})`, legend: '{{service}} {{host}} [{{address}}]' }],
    },
    'Records and protection',
    {
      type: 'table', title: 'DMARC', width: 6, height: 6,
      targets: [{ expr: `max by (policy, subdomain_policy) (${of('mailcheck_dmarc_policy_info')})` }],
      columns: [{ field: 'policy', title: 'policy' }, { field: 'subdomain_policy', title: 'of subdomains' }],
    },
    {
      type: 'table', title: 'MTA-STS', width: 6, height: 6,
      targets: [{ expr: `max by (mode) (${of('mailcheck_mta_sts_policy_info')}) * on () group_left () max(${of('mailcheck_mta_sts_max_age_seconds')})` }],
      columns: [{ field: 'mode', title: 'mode' }, { field: 'Value', title: 'senders keep it', unit: 's' }],
    },
    {
      type: 'table', title: 'Records, by when they were first seen as they are', width: 12, height: 6, sortBy: { title: 'since' },
      targets: [{ expr: `min by (record) (${of('mailcheck_record_changed_timestamp_seconds')}) * 1000` }],
      columns: [{ field: 'record', title: 'record' }, { field: 'Value', title: 'since', unit: 'dateTimeAsIso' }],
    },
    {
      type: 'table', title: 'DNSSEC', width: 12, height: 6, sortBy: { title: 'signed until', ascending: true },
      targets: [{ expr: `min by (zone) (${of('mailcheck_dnssec_signature_expiry_timestamp_seconds')}) * 1000` }],
      columns: [{ field: 'zone', title: 'zone' }, { field: 'Value', title: 'signed until', unit: 'dateTimeAsIso' }],
    },
    {
      type: 'table', title: 'Block lists', width: 12, height: 6, sortBy: { title: 'listed' }, description: 'Empty unless the service may ask them.',
      targets: [{ expr: `max by (list, address) (${of('mailcheck_dnsbl_listed')})` }],
      columns: [
        { field: 'list', title: 'list' }, { field: 'address', title: 'address' },
        { field: 'Value', title: 'listed', words: { 0: { text: 'no', colour: green }, 1: { text: 'yes', colour: red } } },
      ],
    },
    'Runs',
    {
      type: 'timeseries', title: 'Sessions, the slowest of each step', width: 12, height: 8, min: 0, unit: 's',
      targets: [{ expr: `max by (service, phase) (${of('mailcheck_probe_phase_duration_seconds')})`, legend: '{{service}}: {{phase}}' }],
    },
    {
      type: 'table', title: 'Modules', width: 8, height: 8, joinBy: 'module',
      targets: [
        { expr: `max by (module) (${of('mailcheck_run_timestamp_seconds')}) * 1000` }, { expr: `max by (module) (${of('mailcheck_run_interval_seconds')})` },
      ],
      columns: [{ field: 'module', title: 'module' }, { field: 'Value #A', title: 'last run', unit: 'dateTimeFromNow' }, { field: 'Value #B', title: 'every', unit: 's' }],
    },
    {
      type: 'stat', title: 'Left out', width: 4, height: 8, thresholds: noneOr(yellow), description: 'Subjects and series that are not shown, because the domain has too many.',
      targets: [
        { expr: `max(${of('mailcheck_subjects_omitted')}) or vector(0)`, legend: 'subjects' }, { expr: `max(${of('mailcheck_series_omitted')}) or vector(0)`, legend: 'series' },
      ],
    },
  ],
}
