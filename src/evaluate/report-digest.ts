/**
 * What the reports of others come to for one domain (RFC 9990, RFC 8460): who sends in its name, how much of that is authenticated and
 * aligned, what a stricter policy would do to the rest, which selectors sign, and how TLS to its servers fails. Sums only: what
 * is good or bad about it is for others to say.
 */
import type { DmarcReport, DmarcRow, PublishedPolicy } from '../syntax/dmarc-report.ts'
import type { FailureReport } from '../syntax/failure-report.ts'
import type { ReceivedReport } from '../syntax/received-report.ts'
import { atOnce, type Steps } from '../syntax/steps.ts'
import type { TlsReport } from '../syntax/tls-report.ts'

/** Messages. */
export interface MessageCounts {
  readonly total: number
  /** SPF or DKIM passed and is aligned; the rest fails DMARC. */
  readonly pass: number
  readonly fail: number
  readonly spf: number
  readonly dkim: number
  /** What became of them. */
  readonly delivered: number
  readonly quarantined: number
  readonly rejected: number
}

export interface ReportedSource extends MessageCounts {
  readonly address: string
  /** Of those that fail: the receiver says that they were forwarded, or came by a mailing list it knows. */
  readonly forwarded: number
  /** The first and last day that reports have it, UTC: `2026-11-20`. */
  readonly first: string
  readonly last: string
  /** No earlier run knew of it; null when there was none. */
  readonly isNew: boolean | null
  /** Names that it uses in From, in MAIL FROM (passing SPF), and in signatures that held. */
  readonly from: readonly string[]
  readonly mailFrom: readonly string[]
  readonly signers: readonly string[]
  /** On the last days: failing messages that were not forwarded. */
  readonly failing: readonly { readonly day: string; readonly count: number }[]
}

export interface ReportedSelector {
  /** That of d=. */
  readonly domain: string
  readonly selector: string
  readonly messages: number
  /** The last day of a report that has it. */
  readonly last: string
}

export interface TlsFailures {
  /** The MX host, or the domain where none had a part in it. */
  readonly host: string
  readonly type: string
  /** Sessions. */
  readonly count: number
  readonly policies: readonly string[]
  readonly receivers: readonly string[]
  readonly days: readonly { readonly day: string; readonly count: number }[]
  /** What a sender adds; anything may stand in it. */
  readonly reason: string | null
}

export interface ReportDigest {
  readonly domain: string
  readonly aggregate: {
    readonly reports: number
    readonly receivers: readonly string[]
    /** RFC 3339: when the first report begins, and the last ends. */
    readonly from: string | null
    readonly to: string | null
    /** Every day that a report is about, with its messages; oldest first. */
    readonly days: readonly { readonly day: string; readonly messages: number }[]
  }
  /** By the latest report. */
  readonly policy: PublishedPolicy | null
  readonly messages: MessageCounts
  /** Messages that p=quarantine and p=reject would newly put aside or refuse; of those, the ones that were forwarded. */
  readonly stricter: { readonly quarantine: number; readonly reject: number; readonly forwarded: number }
  /** Most messages first. */
  readonly sources: readonly ReportedSource[]
  readonly sourcesOmitted: number
  readonly selectors: readonly ReportedSelector[]
  readonly tls: {
    readonly reports: number
    readonly from: string | null
    readonly to: string | null
    /** Sessions. */
    readonly success: number
    readonly failure: number
    readonly failures: readonly TlsFailures[]
  }
  readonly failures: { readonly reports: number; readonly latest: readonly FailureReport[] }
}

/** Addresses whose numbers are kept, and those that are told. */
const mostSources = 50_000
const [mostTold, mostFailing] = [800, 200]
const mostNames = 20
const mostReceivers = 100
const mostSelectors = 500
const mostTlsFailures = 500
const mostFailureReports = 100
const lastDays = 31
const mostDays = 400
const stepRows = 2000

const forwarding = new Set(['forwarded', 'trusted_forwarder', 'mailing_list'])

/** The domains that reports are about. */
export function reportedDomains(report: ReceivedReport): readonly string[] {
  return report.kind === 'tls' ? [...new Set(report.policies.map(({ domain }) => domain))] : [report.domain]
}

/**
 * `known`: addresses that earlier runs knew; null when there was none. Rows count for the domain of the policy, and for the one in
 * From and those above it.
 */
export function digestReports(domain: string, reports: Iterable<ReceivedReport>, known: ReadonlySet<string> | null = null): ReportDigest {
  return atOnce(digestSteps(domain, reports, known))
}

/** The same in steps of so many rows. */
export function* digestSteps(domain: string, reports: Iterable<ReceivedReport>, known: ReadonlySet<string> | null = null): Steps<ReportDigest> {
  const tally = new Tally(domain)
  for (const report of reports) yield* tally.add(report)
  return tally.digest(known)
}

/** What the reports are about in one domain: all of a report, or the rows that name it. */
function rowsOf(report: DmarcReport, domain: string): readonly DmarcRow[] {
  return report.domain === domain ? report.rows : report.rows.filter(({ headerFrom }) => headerFrom === domain || headerFrom.endsWith(`.${domain}`))
}

interface Counts { total: number; pass: number; fail: number; spf: number; dkim: number; delivered: number; quarantined: number; rejected: number }
const noCounts = (): Counts => ({ total: 0, pass: 0, fail: 0, spf: 0, dkim: 0, delivered: 0, quarantined: 0, rejected: 0 })

interface SourceTally {
  readonly counts: Counts
  forwarded: number
  first: string
  last: string
  readonly from: Set<string>
  readonly mailFrom: Set<string>
  readonly signers: Set<string>
  readonly failing: Map<string, number>
}

class Tally {
  readonly #domain: string
  readonly #sources = new Map<string, SourceTally>()
  readonly #days = new Map<string, number>()
  readonly #receivers = new Map<string, string>()
  readonly #messages = noCounts()
  readonly #stricter = { quarantine: 0, reject: 0, forwarded: 0 }
  readonly #selectors = new Map<string, { domain: string; selector: string; messages: number; last: string }>()
  readonly #tls = { reports: 0, from: Infinity, to: -Infinity, success: 0, failure: 0 }
  readonly #tlsFailures = new Map<string, { host: string; type: string; policies: Set<string>; receivers: Set<string>; days: Map<string, number>; reason: string | null }>()
  readonly #failures: FailureReport[] = []
  readonly #omitted = new Set<string>()
  #reports = 0
  #rows = 0
  #from = Infinity
  #to = -Infinity
  #policy: { readonly end: number; readonly policy: PublishedPolicy } | null = null

  constructor(domain: string) {
    this.#domain = domain
  }

  * add(report: ReceivedReport): Steps<void> {
    if (report.kind === 'dmarc') yield* this.#addDmarc(report)
    else if (report.kind === 'tls') this.#addTls(report)
    else if (report.domain === this.#domain) this.#failures.push(report)
  }

  digest(known: ReadonlySet<string> | null): ReportDigest {
    const days = [...this.#days].toSorted(byFirst).slice(-mostDays).map(([day, messages]) => ({ day, messages }))
    const recent = days.at(-lastDays)?.day ?? ''
    const all = [...this.#sources].toSorted(([a, one], [b, other]) => other.counts.total - one.counts.total || (a < b ? -1 : 1))
    // Those that fail are what people look for, however little they send.
    const failing = new Set(all.slice(mostTold).filter(([, { counts }]) => counts.fail > 0).toSorted(([, one], [, other]) => other.counts.fail - one.counts.fail).slice(0, mostFailing).map(([address]) => address))
    const told = all.filter(([address], i) => i < mostTold || failing.has(address))
    return {
      domain: this.#domain,
      aggregate: { reports: this.#reports, receivers: [...this.#receivers.values()].toSorted(), from: timeOf(this.#from), to: timeOf(this.#to), days },
      policy: this.#policy?.policy ?? null,
      messages: this.#messages,
      stricter: this.#stricter,
      sources: told.map(([address, { counts, forwarded, first, last, from, mailFrom, signers, failing }]) => ({
        address, ...counts, forwarded, first, last, isNew: known ? !known.has(address) : null, from: [...from].toSorted(), mailFrom: [...mailFrom].toSorted(),
        signers: [...signers].toSorted(), failing: [...failing].filter(([day]) => day >= recent).toSorted(byFirst).map(([day, count]) => ({ day, count })),
      })),
      sourcesOmitted: this.#sources.size - told.length + this.#omitted.size,
      selectors: [...this.#selectors.values()].toSorted((a, b) => b.messages - a.messages || (a.selector < b.selector ? -1 : 1)),
      tls: {
        reports: this.#tls.reports, from: timeOf(this.#tls.from), to: timeOf(this.#tls.to), success: this.#tls.success, failure: this.#tls.failure,
        failures: [...this.#tlsFailures.values()].map(({ host, type, policies, receivers, days, reason }) => ({
          host, type, count: [...days.values()].reduce((sum, count) => sum + count, 0), policies: [...policies].toSorted(), receivers: [...receivers].toSorted(),
          days: [...days].toSorted(byFirst).map(([day, count]) => ({ day, count })), reason,
        })).toSorted((a, b) => b.count - a.count || (a.host + a.type < b.host + b.type ? -1 : 1)),
      },
      failures: { reports: this.#failures.length, latest: this.#failures.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0)).slice(0, mostFailureReports) },
    }
  }

  * #addDmarc(report: DmarcReport): Steps<void> {
    const rows = rowsOf(report, this.#domain)
    if (rows.length === 0) return
    const { org, begin, end, policy } = report
    const day = dayOf((begin + end) / 2)
    this.#reports++
    this.#from = Math.min(this.#from, begin)
    this.#to = Math.max(this.#to, end)
    if (this.#receivers.size < mostReceivers && !this.#receivers.has(org.toLowerCase())) this.#receivers.set(org.toLowerCase(), org)
    if (report.domain === this.#domain && (!this.#policy || end >= this.#policy.end)) this.#policy = { end, policy }
    for (const row of rows) {
      if (++this.#rows % stepRows === 0) yield
      this.#addRow(row, day)
    }
  }

  #addRow(row: DmarcRow, day: string): void {
    const passes = row.dkim === 'pass' || row.spf === 'pass'
    const wasForwarded = row.reasons.some(reason => forwarding.has(reason))
    this.#days.set(day, (this.#days.get(day) ?? 0) + row.count)
    count(this.#messages, row, passes)
    if (!passes) {
      if (row.disposition === 'none' || row.disposition === 'pass') this.#stricter.quarantine += row.count
      if (row.disposition !== 'reject') {
        this.#stricter.reject += row.count
        if (wasForwarded) this.#stricter.forwarded += row.count
      }
    }
    for (const { domain, selector, result } of row.signatures) {
      if (result !== 'pass' || selector === null) continue
      const key = `${selector} ${domain}`
      const known = this.#selectors.get(key)
      if (known) {
        known.messages += row.count
        if (day > known.last) known.last = day
      } else if (this.#selectors.size < mostSelectors) this.#selectors.set(key, { domain, selector, messages: row.count, last: day })
    }
    const source = this.#source(row.source, day)
    if (!source) return
    count(source.counts, row, passes)
    if (!passes && wasForwarded) source.forwarded += row.count
    if (!passes && !wasForwarded) source.failing.set(day, (source.failing.get(day) ?? 0) + row.count)
    keep(source.from, row.headerFrom)
    for (const { domain, result } of row.signatures) if (result === 'pass') keep(source.signers, domain)
    for (const { domain, result } of row.senders) if (result === 'pass') keep(source.mailFrom, domain)
  }

  #source(address: string, day: string): SourceTally | undefined {
    let source = this.#sources.get(address)
    if (!source) {
      if (this.#sources.size >= mostSources) {
        if (this.#omitted.size < mostSources) this.#omitted.add(address)
        return undefined
      }
      source = { counts: noCounts(), forwarded: 0, first: day, last: day, from: new Set(), mailFrom: new Set(), signers: new Set(), failing: new Map() }
      this.#sources.set(address, source)
    }
    if (day < source.first) source.first = day
    if (day > source.last) source.last = day
    return source
  }

  #addTls(report: TlsReport): void {
    const policies = report.policies.filter(({ domain }) => domain === this.#domain)
    if (policies.length === 0) return
    const day = dayOf((report.begin + report.end) / 2)
    this.#tls.reports++
    this.#tls.from = Math.min(this.#tls.from, report.begin)
    this.#tls.to = Math.max(this.#tls.to, report.end)
    for (const { type: policy, success, failure, failures } of policies) {
      const told = failures.reduce((sum, one) => sum + one.count, 0)
      this.#tls.success += success
      this.#tls.failure += Math.max(failure, told)
      // A summary may count more than the details explain (RFC 8460 §4.4 leaves them out).
      const all = failure > told ? [...failures, { type: 'unspecified', host: null, count: failure - told, reason: null }] : failures
      for (const { type, host, count, reason } of all) if (count > 0) this.#addTlsFailure(host ?? this.#domain, type, { policy, org: report.org, day, count, reason })
    }
  }

  #addTlsFailure(host: string, type: string, { policy, org, day, count, reason }: { policy: string; org: string; day: string; count: number; reason: string | null }): void {
    const key = `${host} ${type}`
    let failures = this.#tlsFailures.get(key)
    if (!failures) {
      if (this.#tlsFailures.size >= mostTlsFailures) return
      failures = { host, type, policies: new Set(), receivers: new Set(), days: new Map(), reason }
      this.#tlsFailures.set(key, failures)
    }
    keep(failures.policies, policy)
    keep(failures.receivers, org)
    failures.reason ??= reason
    failures.days.set(day, (failures.days.get(day) ?? 0) + count)
  }
}

function count(counts: Counts, { count: messages, dkim, spf, disposition }: DmarcRow, passes: boolean): void {
  counts.total += messages
  counts[passes ? 'pass' : 'fail'] += messages
  if (spf === 'pass') counts.spf += messages
  if (dkim === 'pass') counts.dkim += messages
  counts[disposition === 'quarantine' ? 'quarantined' : disposition === 'reject' ? 'rejected' : 'delivered'] += messages
}

function keep(names: Set<string>, name: string): void {
  if (names.size < mostNames) names.add(name)
}

function byFirst([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}

function timeOf(seconds: number): string | null {
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') : null
}
