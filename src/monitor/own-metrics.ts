/** The service's own health, kept by prom-client: one registry, one format, for as long as the process lives. */
import prometheus from 'prom-client'
import { families, type FamilyName } from './families.ts'

type LabelsOf<N extends FamilyName> = Extract<(typeof families)[number], { readonly name: N }>['labels'][number]

/** What is read off when somebody asks. */
export interface Readings {
  readonly runsInFlight: () => number
  readonly runsWaiting: () => number
  /** Domains, by module. */
  readonly targets: () => ReadonlyMap<string, number>
  readonly unreadableTargetFiles: () => number
}

export interface OwnMetrics {
  runEnded(module: string, seconds: number, success: boolean): void
  requestAnswered(handler: string, code: number): void
  reloaded(success: boolean, at: Date): void
  stateLinesDamaged(count: number): void
  stateWriteFailed(): void
  text(): Promise<string>
}

/** Seconds; a run ends after a minute at the latest, unless the configuration gives it longer. */
const buckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60]

export function createOwnMetrics(readings: Readings): OwnMetrics {
  const registry = new prometheus.Registry()
  const options = <const N extends FamilyName>(name: N) => {
    const family = families.find(candidate => candidate.name === name)
    return { name, help: family?.help ?? name, labelNames: [...family?.labels ?? []] as LabelsOf<N>[], registers: [registry] }
  }
  prometheus.collectDefaultMetrics({ register: registry })
  // gauges that are called as counters are; each has a sibling by type that says the same
  for (const name of ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']) registry.removeSingleMetric(name)
  const runs = new prometheus.Counter(options('mailcheck_runs_total'))
  const durations = new prometheus.Histogram({ ...options('mailcheck_run_duration_seconds'), buckets })
  const requests = new prometheus.Counter(options('mailcheck_http_requests_total'))
  const reloadSuccessful = new prometheus.Gauge(options('mailcheck_config_last_reload_successful'))
  const reloadTime = new prometheus.Gauge(options('mailcheck_config_last_reload_success_timestamp_seconds'))
  const damaged = new prometheus.Counter(options('mailcheck_state_damaged_lines_total'))
  const writeErrors = new prometheus.Counter(options('mailcheck_state_write_errors_total'))
  const read = (name: 'mailcheck_runs_in_flight' | 'mailcheck_runs_waiting' | 'mailcheck_target_files_unreadable', value: () => number): void => {
    new prometheus.Gauge({ ...options(name), collect() { this.set(value()) } })
  }
  read('mailcheck_runs_in_flight', readings.runsInFlight)
  read('mailcheck_runs_waiting', readings.runsWaiting)
  read('mailcheck_target_files_unreadable', readings.unreadableTargetFiles)
  new prometheus.Gauge({
    ...options('mailcheck_targets'),
    collect() {
      this.reset()
      for (const [module, count] of readings.targets()) this.set({ module }, count)
    },
  })

  return {
    runEnded: (module, seconds, success) => {
      runs.inc({ module, outcome: success ? 'success' : 'failure' })
      durations.observe({ module }, seconds)
    },
    requestAnswered: (handler, code) => requests.inc({ handler, code: String(code) }),
    reloaded: (success, at) => {
      reloadSuccessful.set(success ? 1 : 0)
      if (success) reloadTime.set(at.getTime() / 1000)
    },
    stateLinesDamaged: count => damaged.inc(count),
    stateWriteFailed: () => writeErrors.inc(),
    text: () => registry.metrics(),
  }
}
