/** All samples of a domain, from what is remembered of it and from what its last runs measured; never more than agreed. */
import type { IsWaived } from '../report/waivers.ts'
import type { DomainRecord } from './domain-record.ts'
import type { FamilyName } from './families.ts'
import type { Sample, Samples } from './metrics.ts'
import { standingSamples } from './standing-samples.ts'
import type { Standing } from './verdicts.ts'

/** Series that a domain has in /metrics at most. */
export const mostSeries = 200
const mostRecords = 15

export interface DomainInput {
  readonly domain: string
  readonly record: DomainRecord
  /** What the last run of each module measured. */
  readonly measured: ReadonlyMap<string, Samples>
  /** Seconds, by module. */
  readonly intervals: ReadonlyMap<string, number>
  readonly isWaived?: IsWaived
}

/** What /metrics has of a domain. */
export function domainSamples(input: DomainInput): Samples {
  return within(mostSeries, input.domain, samplesIn(input, [...input.intervals.keys()], standingSamples(input.domain, input.record.standings, { isWaived: waivedAt(input) })))
}

/** What a probe of one module hands out: everything, the passes one by one. */
export function targetSamples(input: DomainInput, module: string): Samples {
  const own = new Map([...input.record.standings].filter(([, standing]) => standing.module === module))
  return samplesIn(input, [module], standingSamples(input.domain, own, { passes: true, isWaived: waivedAt(input) }))
}

/** On the day of the last run: after the last day of a waiver, what it covered counts from the next one on. */
function waivedAt({ record, isWaived }: DomainInput): (standing: Standing) => boolean {
  if (!isWaived) return () => false
  const day = new Date(Math.max(0, ...[...record.runs.values()].map(({ endedAt }) => endedAt))).toISOString().slice(0, 10)
  return standing => isWaived(standing, day)
}

function samplesIn({ domain, record, measured, intervals }: DomainInput, modules: readonly string[], standings: Samples): Samples {
  const finished = modules.flatMap(module => {
    const run = record.runs.get(module)
    return run ? [{ module, ...run }] : []
  })
  // where two modules measured the same, the later one is right
  const byTime = finished.toSorted((a, b) => b.endedAt - a.endedAt).flatMap(({ module }) => measured.get(module) ?? [])
  const taken = new Set<string>()
  const fresh = byTime.filter(sample => {
    const key = seriesKey(sample)
    return !taken.has(key) && Boolean(taken.add(key))
  })
  const watched = [...record.histories].filter(([name]) => !/^(?:certificate|spf-lookups) /.test(name)).slice(0, mostRecords)
  return [
    ...finished.map(({ module, endedAt }): Sample => ({ family: 'mailcheck_run_timestamp_seconds', labels: { domain, module }, value: endedAt / 1000 })),
    ...(finished.length === 0 ? [] : [{ family: 'mailcheck_run_success', labels: { domain }, value: finished.every(({ success }) => success) ? 1 : 0 } as const]),
    ...modules.map((module): Sample => ({ family: 'mailcheck_run_interval_seconds', labels: { domain, module }, value: intervals.get(module) ?? 0 })),
    ...(finished.length === 0 ? [] : standings),
    ...fresh,
    ...watched.map(([name, spans]): Sample => ({
      family: 'mailcheck_record_changed_timestamp_seconds', labels: { domain, record: name }, value: (spans.at(-1)?.first ?? 0) / 1000,
    })),
  ]
}

/** What identifies a series. An info family has one series for each set of the labels that it does not inform about. */
function seriesKey({ family, labels }: Sample): string {
  const identity = informing.has(family) ? Object.entries(labels).filter(([name]) => !informing.get(family)?.includes(name)) : Object.entries(labels)
  return `${family} ${JSON.stringify(identity)}`
}

const informing: ReadonlyMap<FamilyName, readonly string[]> = new Map<FamilyName, readonly string[]>([
  ['mailcheck_tls_version_info', ['version']], ['mailcheck_dmarc_policy_info', ['policy', 'subdomain_policy']], ['mailcheck_mta_sts_policy_info', ['mode']],
])

/** What goes first where there are too many: the least that somebody would be woken for. */
const dispensable: readonly FamilyName[] = [
  'mailcheck_probe_phase_duration_seconds', 'mailcheck_record_changed_timestamp_seconds', 'mailcheck_tls_version_info', 'mailcheck_check_unknown',
  'mailcheck_certificate_not_before_timestamp_seconds', 'mailcheck_check_decided_timestamp_seconds', 'mailcheck_certificate_lifetime_remaining_ratio',
  'mailcheck_certificate_not_after_timestamp_seconds', 'mailcheck_dnsbl_listed', 'mailcheck_endpoint_up', 'mailcheck_check_state',
]

/** Keeps to the number, and says how many are left out. The order within a family is kept: the gravest findings stand first. */
function within(most: number, domain: string, samples: Samples): Samples {
  const room = most - 1
  const rank = (sample: Sample): number => dispensable.length - dispensable.indexOf(sample.family) - (dispensable.includes(sample.family) ? 0 : 2 * dispensable.length)
  const kept = samples.length <= room ? samples : samples.toSorted((a, b) => rank(a) - rank(b)).slice(0, room)
  return [...kept, { family: 'mailcheck_series_omitted', labels: { domain }, value: samples.length - kept.length }]
}
