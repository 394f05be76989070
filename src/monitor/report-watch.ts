/**
 * The module of the service that takes in what others report: it looks at a folder now and then, reads what is new there, and keeps
 * it in the state directory. The files are left as they are: somebody else brings them and takes them away.
 */
import { Turns } from '../network/turns.ts'
import { endOf, isOfTheFuture, type ReceivedReport } from '../syntax/received-report.ts'
import { atOnce, withPauses } from '../syntax/steps.ts'
import type { Clock } from './clock.ts'
import { StateError } from './journal.ts'
import type { Log } from './log.ts'
import type { Sample } from './metrics.ts'
import { fileSteps, reportsIn, type ReportFile, type Unusable } from './report-files.ts'
import type { Add, ReportLedger } from './report-ledger.ts'
import { ReportsByDomain } from './reports-by-domain.ts'

export interface ReportWatchOptions {
  readonly ledger: ReportLedger
  readonly clock: Clock
  readonly log: Log
  /** Those that runs of checks take: a large report is read between them. */
  readonly turns?: Turns
}

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
  readonly #turns: Turns
  #path: string | null = null
  /** How each file was when it was read. */
  #read = new Map<string, string>()
  #known: ReportsByDomain
  /** Paths that could not be looked at, and why. */
  #told = new Map<string, string>()
  #setAside = 0
  #readAt: Date | null = null
  #looking: Promise<void> | null = null
  #stopped = false
  #cancel = (): void => undefined

  constructor({ ledger, clock, log, turns = new Turns() }: ReportWatchOptions) {
    this.#ledger = ledger
    this.#clock = clock
    this.#log = log
    this.#turns = turns
    this.#known = new ReportsByDomain(ledger)
    atOnce(this.#known.update(ledger))
  }

  /** Looks at this folder from now on; null: at none. Settles when it has looked for the first time. */
  async watch(path: string | null): Promise<void> {
    if (path !== this.#path) {
      this.#read = new Map()
      this.#readAt = null
    }
    this.#path = path
    this.#cancel()
    await this.look()
  }

  /** When all that was there had been read; null: not yet. */
  get readAt(): Date | null {
    return this.#readAt
  }

  /** What there is on a domain, and on those above it: the same domain’s mail may stand in their reports. */
  reportsOn(domain: string): readonly ReceivedReport[] {
    const labels = domain.split('.')
    const names = labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'))
    const oldest = (this.#clock.now().getTime() - longestMemory) / 1000
    return names.flatMap(name => {
      const reports = this.#known.reportsOn(name)
      const late = reports.filter(report => (endOf(report) ?? Infinity) >= oldest)
      if (late.some(({ kind }) => kind === 'dmarc')) return late
      // Where none has come for so long, the last one says since when.
      const last = reports.reduce<ReceivedReport | null>((last, report) => report.kind === 'dmarc' && (last?.kind !== 'dmarc' || report.end > last.end) ? report : last, null)
      return last ? [last, ...late] : late
    })
  }

  samples(domains: readonly string[]): Sample[] {
    if (this.#path === null && this.#known.size === 0) return []
    return [
      ...domains.flatMap(domain => this.#known.samples(domain)),
      { family: 'mailcheck_received_set_aside_total', labels: {}, value: this.#setAside },
      ...this.#readAt === null ? [] : [{ family: 'mailcheck_received_last_read_timestamp_seconds', labels: {}, value: this.#readAt.getTime() / 1000 } as const],
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
      const { files, unusable } = await withPauses(fileSteps([this.#path]), this.#pause)
      const fresh = files.filter(file => this.#read.get(file.path) !== stampOf(file))
      const there = new Set(files.map(({ path }) => path))
      this.#read = new Map([...this.#read].filter(([path]) => there.has(path)))
      this.#tellNew(unusable)
      if (fresh.length > 0) await this.#ledger.write(add => this.#take(fresh, add), () => this.#turns.take())
      const lookedAt = this.#clock.now()
      await this.#count()
      if (!unusable.some(({ path }) => path === this.#path)) this.#readAt = lookedAt
    } catch (error) {
      if (error instanceof Stopped) return
      // Somebody else keeps reports there just now, or the disk is full: the next look may go better.
      if (!(error instanceof StateError)) this.#log('error', 'reading reports failed by a bug in mailcheck', { error: error instanceof Error ? error.stack ?? error.message : String(error) })
      else this.#log('warn', 'reports cannot be kept; they are read again later', { problem: error.message })
    }
  }

  /** Scrapes come first. What was told to stop rejects. */
  readonly #pause = async (): Promise<void> => {
    if (this.#stopped) throw new Stopped()
    await this.#turns.take()
  }

  async #take(files: readonly ReportFile[], add: Add): Promise<void> {
    let [taken, aside] = [0, 0]
    const forgotten = this.#ledger.forgotten
    const tell = (where: string, line: number | null, reason: string): void => {
      aside++
      if (aside <= mostTold) this.#log('warn', 'a report is set aside', { where, line, reason })
    }
    for (const file of files) {
      for await (const { reports, setAside } of reportsIn(file, this.#pause)) {
        for (const report of reports) {
          if (isOfTheFuture(report, this.#clock.now())) tell(file.path, null, `it is about days to come: until ${new Date((endOf(report) ?? 0) * 1000).toISOString()}`)
          else if (await add(report)) taken++
        }
        for (const { where, line, reason } of setAside) tell(where, line, reason)
      }
      this.#read.set(file.path, stampOf(file))
      await this.#pause()
    }
    this.#setAside += aside
    const gone = this.#ledger.forgotten - forgotten
    if (gone > 0) this.#log('info', 'the oldest reports made room for others: they count as before, and checks no longer see them', { reports: gone })
    if (aside > mostTold) this.#log('warn', 'more reports are set aside', { count: aside - mostTold })
    if (taken > 0) this.#log('info', 'reports were read', { reports: taken, files: files.length })
  }

  #tellNew(unusable: readonly Unusable[]): void {
    const fresh = unusable.filter(one => this.#told.get(one.path) !== one.reason)
    this.#setAside += fresh.length
    for (const { path, reason } of fresh.slice(0, mostTold)) this.#log('warn', 'a report is set aside', { where: path, reason })
    if (fresh.length > mostTold) this.#log('warn', 'more reports are set aside', { count: fresh.length - mostTold })
    this.#told = new Map(unusable.map(({ path, reason }) => [path, reason]))
  }

  /** Adds up what the ledger has and was not added up yet; all of it anew, and then in place of what was, where it forgot some. */
  async #count(): Promise<void> {
    const known = this.#known.generation === this.#ledger.generation ? this.#known : new ReportsByDomain(this.#ledger)
    await withPauses(known.update(this.#ledger), this.#pause)
    this.#known = known
  }
}

/** Told to end while it was at work. */
class Stopped extends Error {}

function stampOf({ size, changedAt }: ReportFile): string {
  return `${size} ${changedAt}`
}
