/** What received reports come to as counters. They only grow: every report counts once, and the state keeps them over restarts. */
import { endOf, type ReceivedReport } from '../syntax/received-report.ts'
import { tlsResultTypes } from '../syntax/tls-report.ts'
import type { FamilyName } from './families.ts'
import type { Sample } from './metrics.ts'

const resultTypes: ReadonlySet<string> = new Set(tlsResultTypes)

/** Sums of one domain. Their labels are words of our lists: at most 55 series. */
export class ReportCounters {
  readonly #counts = new Map<string, { readonly family: FamilyName; readonly labels: Readonly<Record<string, string>>; value: number }>()

  add(report: ReceivedReport, domain: string): void {
    this.#count('mailcheck_received_reports_total', { domain, kind: report.kind }, 1)
    const end = endOf(report)
    if (end !== null) this.#latest('mailcheck_received_report_timestamp_seconds', { domain, kind: report.kind }, end)
    if (report.kind === 'dmarc') {
      const passed = (results: readonly { readonly result: string }[], aligned: string): string => aligned === 'pass' || results.some(({ result }) => result === 'pass') ? 'pass' : 'fail'
      const counts = new Map<string, number>()
      for (const { count, disposition, dkim, spf, signatures, senders } of report.rows) {
        const key = `${disposition} ${passed(senders, spf)} ${passed(signatures, dkim)} ${dkim === 'pass' || spf === 'pass'}`
        counts.set(key, (counts.get(key) ?? 0) + count)
      }
      for (const [key, count] of counts) {
        const [disposition = '', spf = '', dkim = '', aligned = ''] = key.split(' ')
        this.#count('mailcheck_dmarc_messages_total', { domain, disposition, spf, dkim, aligned }, count)
      }
    } else if (report.kind === 'tls') {
      for (const { success, failure, failures } of report.policies.filter(policy => policy.domain === domain)) {
        this.#count('mailcheck_tls_sessions_total', { domain, result: 'success' }, success)
        let told = 0
        for (const { type, count } of failures) {
          told += count
          this.#count('mailcheck_tls_sessions_total', { domain, result: resultTypes.has(type) ? type : 'other' }, count)
        }
        if (failure > told) this.#count('mailcheck_tls_sessions_total', { domain, result: 'other' }, failure - told)
      }
    }
  }

  /** How many reports are in them. */
  get reports(): number {
    return [...this.#counts.values()].reduce((sum, { family, value }) => family === 'mailcheck_received_reports_total' ? sum + value : sum, 0)
  }

  /** Goes on from what `samples` said. */
  restore(samples: readonly Sample[]): void {
    for (const { family, labels, value } of samples) this.#series(family, labels).value = value
  }

  samples(): Sample[] {
    return [...this.#counts.values()].map(({ family, labels, value }) => ({ family, labels, value }))
  }

  #count(family: FamilyName, labels: Readonly<Record<string, string>>, more: number): void {
    this.#series(family, labels).value += more
  }

  #latest(family: FamilyName, labels: Readonly<Record<string, string>>, time: number): void {
    const series = this.#series(family, labels)
    series.value = Math.max(series.value, time)
  }

  #series(family: FamilyName, labels: Readonly<Record<string, string>>): { value: number } {
    const key = `${family} ${JSON.stringify(labels)}`
    const known = this.#counts.get(key) ?? { family, labels, value: 0 }
    this.#counts.set(key, known)
    return known
  }
}
