/** What becomes of messages: those that are sent as a test, those that others report of, and those in the mail log. */
import { series } from './alert-rule.ts'
import { blue, domainChoice, green, noneOr, orange, red, toDomain, yellow } from './dashboard-words.ts'
import type { FamilyName } from './families.ts'
import type { Dashboard } from './panel.ts'

const route = (name: FamilyName): string => series(name, { route: '~$route' })
const of = (name: FamilyName, labels: Readonly<Record<string, string>> = {}): string => series(name, { domain: '~$domain', ...labels })
/** As services share the files of reports, one may count what another has counted: the highest is the whole. */
const counted = (labels: string, selected: string): string => `sum by (${labels}) (max without (job, instance) (${selected}))`
const total = (name: FamilyName, labels?: Readonly<Record<string, string>>): string => `sum(max without (job, instance) (${of(name, labels)}))`
const inLog = (name: FamilyName | `${FamilyName}_bucket`, labels: string, range = '$__rate_interval'): string => `sum by (${labels}) (rate(${name}[${range}]))`

export const mail: Dashboard = {
  uid: 'mailcheck-mail',
  title: 'mailcheck: messages and reports',
  description: 'Test messages along the routes, what receivers and senders report, and the mail log, each where the service is told to read it.',
  variables: [
    { ...domainChoice, several: true },
    { name: 'route', label: 'Route', several: true, values: { series: series('mailcheck_delivery_timestamp_seconds'), label: 'route' } },
  ],
  panels: [
    'Test messages',
    {
      type: 'table', title: 'Route by route', width: 12, height: 8, joinBy: 'route', sortBy: { title: 'last message', ascending: true },
      targets: [
        { expr: `min by (route) (${route('mailcheck_delivery_success')})` },
        { expr: `max by (route) (${route('mailcheck_delivery_unknown')})` },
        { expr: `max by (route) (${route('mailcheck_delivery_seconds')})` },
        { expr: `max by (route) (${route('mailcheck_delivery_timestamp_seconds')}) * 1000` },
      ],
      columns: [
        { field: 'route', title: 'route' },
        { field: 'Value #A', title: 'last message', words: { 0: { text: 'did not get through', colour: red }, 1: { text: 'came', colour: green } } },
        { field: 'Value #B', title: 'fate', words: { 0: { text: 'known', colour: green }, 1: { text: 'could not be told', colour: blue } } },
        { field: 'Value #C', title: 'took', unit: 's' },
        { field: 'Value #D', title: 'when', unit: 'dateTimeFromNow' },
      ],
    },
    {
      type: 'timeseries', title: 'From handing in until each stage', width: 12, height: 8, min: 0, unit: 's',
      targets: [{ expr: `max by (route, stage) (${route('mailcheck_delivery_seconds')})`, legend: '{{route}} {{stage}}' }],
    },
    'What others report',
    {
      type: 'stat', title: 'Messages under these names', width: 6, height: 4, description: 'That receivers report, since the state began.',
      targets: [{ expr: total('mailcheck_dmarc_messages_total') }],
    },
    {
      type: 'stat', title: 'Of them with DMARC in order', width: 6, height: 4, unit: 'percentunit', max: 1, thresholds: [red, [0.9, yellow], [0.98, green]],
      description: 'What fails is either forged, which is as it should be, or a sender of your own that signs nothing.',
      targets: [{ expr: `${total('mailcheck_dmarc_messages_total', { aligned: 'true' })} / ${total('mailcheck_dmarc_messages_total')}` }],
    },
    {
      type: 'stat', title: 'Sessions that senders report', width: 6, height: 4,
      targets: [{ expr: total('mailcheck_tls_sessions_total') }],
    },
    {
      type: 'stat', title: 'Of them without TLS as it should be', width: 6, height: 4, thresholds: noneOr(orange),
      targets: [{ expr: `${total('mailcheck_tls_sessions_total', { result: '!success' })} or vector(0)` }],
    },
    {
      type: 'table', title: 'Reports, domain by domain', width: 12, height: 8, joinBy: 'domain', sortBy: { title: 'fail DMARC' },
      targets: [
        { expr: counted('domain', of('mailcheck_dmarc_messages_total')) },
        { expr: counted('domain', of('mailcheck_dmarc_messages_total', { aligned: 'false' })) },
        { expr: counted('domain', of('mailcheck_tls_sessions_total', { result: '!success' })) },
        { expr: `max by (domain) (${of('mailcheck_received_report_timestamp_seconds')}) * 1000` },
      ],
      columns: [
        { field: 'domain', title: 'domain', link: toDomain },
        { field: 'Value #A', title: 'messages' },
        { field: 'Value #B', title: 'fail DMARC', thresholds: noneOr(orange) },
        { field: 'Value #C', title: 'sessions that fail', thresholds: noneOr(orange) },
        { field: 'Value #D', title: 'reported until', unit: 'dateTimeFromNow' },
      ],
    },
    {
      type: 'bargauge', title: 'Why sessions fail', width: 6, height: 8, min: 0,
      targets: [{ expr: counted('result', of('mailcheck_tls_sessions_total', { result: '!success' })), legend: '{{result}}' }],
    },
    {
      type: 'bargauge', title: 'What receivers did with messages', width: 6, height: 8, min: 0,
      targets: [{ expr: counted('disposition', of('mailcheck_dmarc_messages_total')), legend: '{{disposition}}' }],
    },
    'Mail log',
    {
      type: 'timeseries', title: 'Deliveries a second', width: 12, height: 8, min: 0,
      targets: [{ expr: inLog('mailcheck_log_deliveries_total', 'status'), legend: '{{status}}' }],
    },
    {
      type: 'timeseries', title: 'Not delivered, by reason', width: 12, height: 8, min: 0,
      targets: [{ expr: inLog('mailcheck_log_delivery_failures_total', 'status, reason'), legend: '{{status}} {{reason}}' }],
    },
    {
      type: 'timeseries', title: 'Clients refused a second, by reason', width: 12, height: 8, min: 0,
      targets: [{ expr: inLog('mailcheck_log_refused_total', 'reason'), legend: '{{reason}}' }],
    },
    {
      type: 'timeseries', title: 'Logins a second', width: 12, height: 8, min: 0,
      targets: [
        { expr: inLog('mailcheck_log_logins_total', 'service'), legend: '{{service}}' },
        { expr: inLog('mailcheck_log_auth_failures_total', 'service'), legend: '{{service}} failed' },
      ],
    },
    {
      type: 'timeseries', title: 'Delay of delivery', width: 12, height: 8, min: 0, unit: 's',
      targets: [0.5, 0.95].map(share => ({ expr: `histogram_quantile(${share}, ${inLog('mailcheck_log_delivery_delay_seconds_bucket', 'le')})`, legend: `${share * 100} % take less than` })),
    },
    {
      type: 'timeseries', title: 'Deliveries to other hosts, by TLS version', width: 12, height: 8, min: 0,
      targets: [{ expr: inLog('mailcheck_log_delivery_tls_total', 'version'), legend: '{{version}}' }],
    },
    {
      type: 'table', title: 'Found in the last day', width: 12, height: 8, sortBy: { title: 'times' },
      description: 'The log of the service names the line, and "mailcheck logs FILE --show-names" on that host who it is.',
      targets: [{ expr: `round(sum by (code, severity) (increase(${series('mailcheck_log_findings_total')}[1d])))` }],
      columns: [{ field: 'code', title: 'found' }, { field: 'severity', title: 'severity' }, { field: 'Value', title: 'times', thresholds: noneOr(orange) }],
    },
    {
      type: 'bargauge', title: 'Addresses with the most failed logins', width: 12, height: 8, min: 0,
      description: 'Hidden by a salt of the process.',
      targets: [{ expr: `topk(10, sum by (source) (${series('mailcheck_log_source_auth_failures')}))`, legend: '{{source}}' }],
    },
  ],
}
