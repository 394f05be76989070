/**
 * The module of the service that takes in what others report: it looks at a folder now and then, reads what is new there, and keeps
 * it in the state directory. The files are left as they are: somebody else brings them and takes them away.
 */
import { reportedDomains } from '../evaluate/report-digest.ts'
import { reportKey, type ReceivedReport } from '../syntax/received-report.ts'
import type { Clock } from './clock.ts'
import { StateError } from './journal.ts'
import type { Log } from './log.ts'
import type { Sample } from './metrics.ts'
import { filesBelow, reportsIn, type ReportFile, type Unusable } from './report-files.ts'
import type { ReportLedger } from './report-ledger.ts'
import { ReportCounters } from './report-samples.ts'

export interface ReportWatchOptions {
  readonly ledger: ReportLedger
  readonly clock: Clock
  readonly log: Log
  /** Rows of reports that are kept. */
  readonly most?: number
}

/** A gigabyte of memory: whoever may send reports could send one after another until there is none left, after every start again. */
const mostRows = 3_000_000
/** Milliseconds from the end of one look at the folder to the next. */
const interval = 60_000
/** Things that are set aside, told one by one, at each look. */
const mostTold = 20
/** Milliseconds: what checks see of the past. */
const longestMemory = 92 * 86_400_000

export class ReportWatch {
  readonly #ledger: ReportLedger
  readonly #clock: Clock
  readonly #log: Log
  readonly #most: number
  #path: string | null = null
  /** How each file was when it was read. */
  #read = new Map<string, string>()
  readonly #byDomain = new Map<string, { readonly reports: ReceivedReport[]; readonly counters: ReportCounters }>()
  readonly #counted = new Set<string>()
  /** Paths that could not be looked at, and why. */
  #told = new Map<string, string>()
  #setAside = 0
  #lastRead: number | null = null
  #looking: Promise<void> | null = null
  #stopped = false
  #cancel = (): void => undefined

  constructor({ ledger, clock, log, most = mostRows }: ReportWatchOptions) {
    this.#ledger = ledger
    this.#clock = clock
    this.#log = log
    this.#most = most
    this.#count()
  }

  /** Looks at this folder from now on; null: at none. Settles when it has looked for the first time. */
  async watch(path: string | null): Promise<void> {
    if (path !== this.#path) this.#read = new Map()
    this.#path = path
    this.#cancel()
    await this.look()
  }

  /** What there is on a domain, and on those above it: the same domain’s mail may stand in their reports. */
  reportsOn(domain: string): readonly ReceivedReport[] {
    const labels = domain.split('.')
    const names = labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'))
    const oldest = (this.#clock.now().getTime() - longestMemory) / 1000
    return names.flatMap(name => this.#byDomain.get(name)?.reports ?? []).filter(report => (report.kind === 'failure' ? report.at ?? Infinity : report.end) >= oldest)
  }

  samples(domains: readonly string[]): Sample[] {
    if (this.#path === null && this.#counted.size === 0) return []
    return [
      ...domains.flatMap(domain => this.#byDomain.get(domain)?.counters.samples() ?? []),
      { family: 'mailcheck_received_set_aside_total', labels: {}, value: this.#setAside },
      ...this.#lastRead === null ? [] : [{ family: 'mailcheck_received_last_read_timestamp_seconds', labels: {}, value: this.#lastRead / 1000 } as const],
    ]
  }

  /** Reads what is new. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null
      this.#cancel()
      if (!this.#stopped && this.#path !== null) this.#cancel = this.#clock.after(interval, () => void this.look())
    })
    return this.#looking
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#looking
  }

  async #look(): Promise<void> {
    if (this.#path === null || this.#stopped) return
    try {
      const { files, unusable } = filesBelow([this.#path])
      const fresh = files.filter(file => this.#read.get(file.path) !== stampOf(file))
      const whole = new Map(files.map(file => [file.path, stampOf(file)]))
      this.#read = new Map([...this.#read].filter(([path]) => whole.has(path)))
      this.#tellNew(unusable)
      if (fresh.length > 0) await this.#ledger.write(add => this.#take(fresh, add))
      this.#lastRead = this.#clock.now().getTime()
      this.#count()
    } catch (error) {
      // Somebody else keeps reports there just now, or the disk is full: the next look may go better.
      if (!(error instanceof StateError)) this.#log('error', 'reading reports failed by a bug in mailcheck', { error: error instanceof Error ? error.stack ?? error.message : String(error) })
      else this.#log('warn', 'reports cannot be kept; they are read again later', { problem: error.message })
    }
  }

  async #take(files: readonly ReportFile[], add: (report: ReceivedReport) => boolean): Promise<void> {
    let [taken, aside, beyond] = [0, 0, 0]
    for (const file of files) {
      if (this.#stopped) break
      for await (const { reports, setAside } of reportsIn(file)) {
        for (const report of reports) {
          if (this.#ledger.rows >= this.#most && !this.#ledger.has(report)) beyond++
          else if (add(report)) taken++
        }
        for (const { where, line, reason } of setAside) {
          aside++
          if (aside <= mostTold) this.#log('warn', 'a report is set aside', { where, line, reason })
        }
      }
      this.#read.set(file.path, stampOf(file))
      await new Promise(resolve => setImmediate(resolve)) // scrapes come first
    }
    this.#setAside += aside + beyond
    if (beyond > 0) this.#log('warn', 'reports are not kept: the state holds as much as it may; move its file of reports away to begin anew', { reports: beyond, rows: this.#ledger.rows })
    if (aside > mostTold) this.#log('warn', 'more reports are set aside', { count: aside - mostTold })
    if (taken > 0) this.#log('info', 'reports were read', { reports: taken, files: files.length })
  }

  #tellNew(unusable: readonly Unusable[]): void {
    for (const { path, reason } of unusable.filter(one => this.#told.get(one.path) !== one.reason)) {
      this.#setAside++
      this.#log('warn', 'a report is set aside', { where: path, reason })
    }
    this.#told = new Map(unusable.map(({ path, reason }) => [path, reason]))
  }

  /** Adds up what the ledger has and was not added up yet. */
  #count(): void {
    if (this.#ledger.size === this.#counted.size) return
    for (const report of this.#ledger.all()) {
      const key = reportKey(report)
      if (this.#counted.has(key)) continue
      this.#counted.add(key)
      for (const domain of reportedDomains(report)) {
        const of = this.#byDomain.get(domain) ?? { reports: [], counters: new ReportCounters() }
        this.#byDomain.set(domain, of)
        of.reports.push(report)
        of.counters.add(report, domain)
      }
    }
  }
}

function stampOf({ size, changedAt }: ReportFile): string {
  return `${size} ${changedAt}`
}
