/** Who answers, and how long each step of a session takes. */
import { series } from './alert-rule.ts'
import { domainChoice, noneOr, red, toDomain, upOrDown } from './dashboard-words.ts'
import type { FamilyName } from './families.ts'
import type { Dashboard } from './panel.ts'

const of = (name: FamilyName): string => series(name, { domain: '~$domain', service: '~$service' })
const up = of('mailcheck_endpoint_up')
const phase = of('mailcheck_probe_phase_duration_seconds')

export const sessions: Dashboard = {
  uid: 'mailcheck-sessions',
  title: 'mailcheck: sessions',
  description: 'Who answers, and how long each step of a session takes. Endpoints of which it cannot be told from here are absent.',
  variables: [
    { ...domainChoice, several: true },
    { name: 'service', label: 'Service', several: true, values: { series: series('mailcheck_endpoint_up'), label: 'service' } },
  ],
  panels: [
    { type: 'stat', title: 'Endpoints', width: 6, height: 4, targets: [{ expr: `count(max by (host, address, service) (${up}))` }] },
    { type: 'stat', title: 'Do not answer', width: 6, height: 4, thresholds: noneOr(red), targets: [{ expr: `count(max by (host, address, service) (${up}) == 0) or vector(0)` }] },
    {
      type: 'stat', title: 'Slowest greeting', width: 6, height: 4, unit: 's',
      targets: [{ expr: `max(${series('mailcheck_probe_phase_duration_seconds', { domain: '~$domain', service: '~$service', phase: 'greeting' })})` }],
    },
    {
      type: 'stat', title: 'Slowest handshake', width: 6, height: 4, unit: 's',
      targets: [{ expr: `max(${series('mailcheck_probe_phase_duration_seconds', { domain: '~$domain', service: '~$service', phase: 'handshake' })})` }],
    },
    {
      type: 'timeseries', title: 'Endpoints that answer, by service', width: 12, height: 8, min: 0,
      targets: [{ expr: `sum by (service) (max by (host, address, service) (${up}))`, legend: '{{service}}' }],
    },
    {
      type: 'table', title: 'Endpoint by endpoint', width: 12, height: 8, sortBy: { title: 'session', ascending: true },
      targets: [{ expr: `max by (domain, service, host, address) (${up})` }],
      columns: [
        { field: 'domain', title: 'domain', link: toDomain }, { field: 'service', title: 'service' }, { field: 'host', title: 'host' }, { field: 'address', title: 'address' },
        { field: 'Value', title: 'session', words: upOrDown },
      ],
    },
    {
      type: 'timeseries', title: 'Steps, on average', width: 12, height: 9, min: 0, unit: 's',
      targets: [{ expr: `avg by (phase) (${phase})`, legend: '{{phase}}' }],
    },
    {
      type: 'timeseries', title: 'Steps, the slowest', width: 12, height: 9, min: 0, unit: 's',
      targets: [{ expr: `max by (phase) (${phase})`, legend: '{{phase}}' }],
    },
    {
      type: 'bargauge', title: 'The ten slowest hosts, all steps together', width: 24, height: 9, min: 0, unit: 's',
      targets: [{ expr: `topk(10, sum by (host, service) (max by (host, service, phase) (${phase})))`, legend: '{{service}} {{host}}' }],
    },
  ],
}
