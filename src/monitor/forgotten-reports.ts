/**
 * What stays of reports that made room for later ones: their keys, so that none counts again, and the sums that the counters go
 * on from. Both are bounded: of keys the latest stay, of domains those with most reports.
 */
import { z } from 'zod'
import { reportedDomains } from '../evaluate/report-digest.ts'
import type { ReceivedReport } from '../syntax/received-report.ts'
import { families, type FamilyName } from './families.ts'
import type { Sample } from './metrics.ts'
import { ReportCounters } from './report-samples.ts'

const mostKeys = 500_000
const mostDomains = 1000
const keysInLine = 1000

const names: ReadonlySet<unknown> = new Set(families.filter(({ of }) => of === 'reports').map(({ name }) => name))
const shape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('forgotten'), keys: z.array(z.string().max(40)).max(keysInLine) }),
  z.object({
    kind: z.literal('sums'), domain: z.string().max(1000),
    samples: z.array(z.object({ family: z.custom<FamilyName>(name => names.has(name)), labels: z.record(z.string(), z.string()), value: z.number().min(0) })).max(100),
  }),
])

export class ForgottenReports {
  readonly #keys = new Set<string>()
  readonly #sums = new Map<string, ReportCounters>()

  get size(): number {
    return this.#keys.size
  }

  has(key: string): boolean {
    return this.#keys.has(key)
  }

  add(key: string, report: ReceivedReport): void {
    this.#addKey(key)
    for (const domain of reportedDomains(report)) this.#sumsOf(domain).add(report, domain)
    if (this.#sums.size > 2 * mostDomains) {
      for (const [domain] of [...this.#sums].toSorted(([, a], [, b]) => b.reports - a.reports).slice(mostDomains)) this.#sums.delete(domain)
    }
  }

  /** By domain. */
  sums(): Iterable<readonly [string, readonly Sample[]]> {
    return [...this.#sums].map(([domain, counters]) => [domain, counters.samples()] as const)
  }

  /** What `take` reads again. */
  * lines(): Generator<string> {
    const keys = [...this.#keys]
    for (let at = 0; at < keys.length; at += keysInLine) yield JSON.stringify({ kind: 'forgotten', keys: keys.slice(at, at + keysInLine) })
    for (const [domain, samples] of this.sums()) yield JSON.stringify({ kind: 'sums', domain, samples })
  }

  /** False for a line that is none of these. */
  take(line: unknown): boolean {
    const { success, data } = shape.safeParse(line)
    if (!success) return false
    if (data.kind === 'forgotten') for (const key of data.keys) this.#addKey(key)
    else this.#sumsOf(data.domain).restore(data.samples)
    return true
  }

  #addKey(key: string): void {
    this.#keys.add(key)
    const [first] = this.#keys
    if (this.#keys.size > mostKeys && first !== undefined) this.#keys.delete(first)
  }

  #sumsOf(domain: string): ReportCounters {
    const sums = this.#sums.get(domain) ?? new ReportCounters()
    this.#sums.set(domain, sums)
    return sums
  }
}
