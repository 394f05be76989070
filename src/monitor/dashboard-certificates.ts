/** Everything that ends on a day: certificates, by what is left of their lifetime, signatures and registrations. */
import { series } from './alert-rule.ts'
import { domainChoice, green, noneOr, red, toDomain, yellow } from './dashboard-words.ts'
import type { FamilyName } from './families.ts'
import type { Dashboard } from './panel.ts'

const of = (name: FamilyName): string => series(name, { domain: '~$domain', service: '~$service' })
const after = of('mailcheck_certificate_not_after_timestamp_seconds')
const before = of('mailcheck_certificate_not_before_timestamp_seconds')
const endpoint = 'domain, host, address, service'
const left = `min by (${endpoint}) (${after} - time())`
const ratio = `min by (${endpoint}) (clamp_min((${after} - time()) / (${after} - ${before}), 0))`
const ratioColours = [red, [0.1, yellow], [0.25, green]] as const

export const certificates: Dashboard = {
  uid: 'mailcheck-certificates',
  title: 'mailcheck: certificates',
  description: 'What is left of certificates and signatures. Shares of the lifetime compare certificates of six days with those of a year.',
  variables: [
    { ...domainChoice, several: true },
    { name: 'service', label: 'Service', several: true, values: { series: series('mailcheck_endpoint_up'), label: 'service' } },
  ],
  panels: [
    { type: 'stat', title: 'Endpoints with a certificate', width: 6, height: 4, targets: [{ expr: `count(${left})` }] },
    { type: 'stat', title: 'Ended', width: 6, height: 4, thresholds: noneOr(red), targets: [{ expr: `count(${left} < 0) or vector(0)` }] },
    {
      type: 'stat', title: 'Less than a quarter left', width: 6, height: 4, thresholds: noneOr(yellow),
      targets: [{ expr: `count(${ratio} < 0.25) or vector(0)` }],
    },
    { type: 'stat', title: 'The next one ends in', width: 6, height: 4, unit: 's', targets: [{ expr: `min(${left} > 0)` }] },
    {
      type: 'table', title: 'Certificates', width: 24, height: 12, sortBy: { title: 'left', ascending: true },
      description: 'As last seen. "Left" goes by the clock, also between two runs.',
      targets: [{ expr: ratio }],
      columns: [
        { field: 'domain', title: 'domain', link: toDomain }, { field: 'service', title: 'service' }, { field: 'host', title: 'host' }, { field: 'address', title: 'address' },
        { field: 'Value', title: 'left', unit: 'percentunit', thresholds: ratioColours },
      ],
    },
    {
      type: 'timeseries', title: 'Left of the lifetime, the lowest of each host', width: 12, height: 9, unit: 'percentunit', min: 0, max: 1,
      targets: [{ expr: `min by (host) (${of('mailcheck_certificate_lifetime_remaining_ratio')})`, legend: '{{host}}' }],
    },
    {
      type: 'timeseries', title: 'Time until the end, of the next ten', width: 12, height: 9, unit: 's',
      targets: [{ expr: `bottomk(10, min by (host) (${after} - time()))`, legend: '{{host}}' }],
    },
    { type: 'bargauge', title: 'TLS versions', width: 12, height: 7, min: 0, targets: [{ expr: `count by (version, service) (${of('mailcheck_tls_version_info')})`, legend: '{{service}}: {{version}}' }] },
    {
      type: 'table', title: 'DNSSEC signatures', width: 12, height: 7, sortBy: { title: 'signed until', ascending: true },
      targets: [{ expr: `min by (domain, zone) (${series('mailcheck_dnssec_signature_expiry_timestamp_seconds', { domain: '~$domain' })}) * 1000` }],
      columns: [{ field: 'domain', title: 'domain', link: toDomain }, { field: 'zone', title: 'zone' }, { field: 'Value', title: 'signed until', unit: 'dateTimeAsIso' }],
    },
    {
      type: 'table', title: 'Registrations', width: 24, height: 7, sortBy: { title: 'registered until', ascending: true }, description: 'Empty unless the service may ask registries.',
      targets: [{ expr: `min by (domain) (${series('mailcheck_domain_registration_expiry_timestamp_seconds', { domain: '~$domain' })}) * 1000` }],
      columns: [{ field: 'domain', title: 'domain', link: toDomain }, { field: 'Value', title: 'registered until', unit: 'dateTimeAsIso' }],
    },
  ],
}
