/** The answer to one probe: a registry of its own, as the blackbox exporter has it, so that nothing of another probe is in it. */
import prometheus from 'prom-client'
import { visible } from '../report/visible.ts'
import { families, type FamilyName } from './families.ts'
import type { Samples } from './metrics.ts'

export interface ProbeOutcome {
  readonly success: boolean
  /** Of the run whose result this is. */
  readonly seconds: number
}

export function probeText(samples: Samples, { success, seconds }: ProbeOutcome): Promise<string> {
  const registry = new prometheus.Registry()
  const gauges = new Map<FamilyName, prometheus.Gauge>()
  const gauge = (name: FamilyName): prometheus.Gauge => {
    const known = gauges.get(name)
    if (known) return known
    const family = families.find(candidate => candidate.name === name)
    const made = new prometheus.Gauge({ name, help: family?.help ?? name, labelNames: [...family?.labels ?? []], registers: [registry] })
    gauges.set(name, made)
    return made
  }
  gauge('mailcheck_probe_success').set(success ? 1 : 0)
  gauge('mailcheck_probe_duration_seconds').set(seconds)
  for (const { family, labels, value } of samples) {
    gauge(family).set(Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, visible(text.slice(0, 400))])), value)
  }
  return registry.metrics()
}
