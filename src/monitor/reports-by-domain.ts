/** What a ledger has, by domain, and added up. */
import { reportedDomains } from '../evaluate/report-digest.ts'
import { reportKey, type ReceivedReport } from '../syntax/received-report.ts'
import type { Steps } from '../syntax/steps.ts'
import type { Sample } from './metrics.ts'
import type { ReportLedger } from './report-ledger.ts'
import { ReportCounters } from './report-samples.ts'

export class ReportsByDomain {
  readonly #domains = new Map<string, { readonly reports: ReceivedReport[]; readonly counters: ReportCounters }>()
  readonly #counted = new Set<string>()
  readonly generation: number

  /** As the ledger is: what it forgets begins another. */
  constructor(ledger: ReportLedger) {
    this.generation = ledger.generation
    for (const [domain, samples] of ledger.sums()) this.#of(domain).counters.restore(samples)
  }

  get size(): number {
    return this.#counted.size
  }

  /** Adds those that the ledger has meanwhile. */
  * update(ledger: ReportLedger): Steps<void> {
    if (ledger.size === this.#counted.size) return
    for (const report of ledger.all()) {
      const key = reportKey(report)
      if (this.#counted.has(key)) continue
      this.#counted.add(key)
      for (const domain of reportedDomains(report)) {
        const of = this.#of(domain)
        of.reports.push(report)
        of.counters.add(report, domain)
      }
      yield
    }
  }

  reportsOn(domain: string): readonly ReceivedReport[] {
    return this.#domains.get(domain)?.reports ?? []
  }

  samples(domain: string): readonly Sample[] {
    return this.#domains.get(domain)?.counters.samples() ?? []
  }

  #of(domain: string): { readonly reports: ReceivedReport[]; readonly counters: ReportCounters } {
    const known = this.#domains.get(domain) ?? { reports: [], counters: new ReportCounters() }
    this.#domains.set(domain, known)
    return known
  }
}
