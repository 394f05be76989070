/**
 * The reports that were read, so that each counts once however often it is read: in a file of the state directory to which lines
 * are appended for each. Several may use it in turn: who writes takes its lock for as long as that takes, and reads first what
 * others have appended. When there are more than may be, the oldest make room, and the file is written anew.
 */
import { closeSync, createReadStream, existsSync, fsyncSync, openSync, readSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DmarcReport, DmarcRow } from '../syntax/dmarc-report.ts'
import { endOf, isOfTheFuture, reportKey, type ReceivedReport } from '../syntax/received-report.ts'
import { ForgottenReports } from './forgotten-reports.ts'
import { StateError } from './journal.ts'
import { makeFolder } from './make-folder.ts'
import type { Pause } from './report-files.ts'
import { headerLine, headerShape, jsonOf, linesOf, lineShape, rowsOf, type Line } from './report-lines.ts'
import { StateLock } from './state-lock.ts'

const folderName = 'reports'
const fileName = 'reports.jsonl'
const longestHeader = 200
const longestLine = 256 * 1024 * 1024
/** A gigabyte of memory: whoever may send reports could send one after another until there is none left. */
const mostRows = 3_000_000
/** Of the rows that may be, those that stay when the oldest make room. */
const kept = 0.75

export interface LedgerOptions {
  /** Rows that are kept, of all reports. */
  readonly most?: number
  readonly now?: () => Date
}

/** Tells of a report; false when it is known already. */
export type Add = (report: ReceivedReport) => Promise<boolean>

const atOnce: Pause = () => Promise.resolve()

/** Every report once, in memory alone or in a directory. */
export class ReportLedger {
  readonly #file: string | null
  readonly #folder: string | null
  readonly #most: number
  readonly #now: () => Date
  #reports = new Map<string, ReceivedReport>()
  #forgotten = new ForgottenReports()
  #rows = 0
  #generation = 0
  #damaged = 0
  /** The first line of the file, how often it was written anew, and up to where it was read. */
  #header = ''
  #written = 0
  #offset = 0
  /** Reports made room, and the file has them still. */
  #isOutdated = false
  /** Of which not all lines were read yet. */
  #begun: (Omit<DmarcReport, 'rows'> & { readonly rows: DmarcRow[] }) | null = null

  /** Of nothing; it remembers what it is told until the process ends. */
  constructor(directory: string | null = null, { most = mostRows, now = () => new Date() }: LedgerOptions = {}) {
    this.#folder = directory === null ? null : join(directory, folderName)
    this.#file = this.#folder === null ? null : join(this.#folder, fileName)
    this.#most = most
    this.#now = now
  }

  /** What the directory holds. Nothing is locked or written. Rejects with `StateError`. */
  static async read(directory: string, options: LedgerOptions = {}): Promise<ReportLedger> {
    const ledger = new ReportLedger(directory, options)
    await ledger.#catchUp(atOnce)
    return ledger
  }

  get size(): number {
    return this.#reports.size
  }

  /** Reports that made room for others: they are known, and nothing more. */
  get forgotten(): number {
    return this.#forgotten.size
  }

  /** What the counters have of those. */
  sums(): ReturnType<ForgottenReports['sums']> {
    return this.#forgotten.sums()
  }

  /** Another one: reports are gone since. */
  get generation(): number {
    return this.#generation
  }

  /** Lines of the file that were passed over. */
  get damaged(): number {
    return this.#damaged
  }

  has(report: ReceivedReport): boolean {
    return this.#knows(reportKey(report))
  }

  all(): Iterable<ReceivedReport> {
    return this.#reports.values()
  }

  /**
   * Keeps those that are new, and says which: the others are known already. `keep` is called once, with what is known by then.
   * `pause` is awaited now and then. Rejects with `StateError` when somebody else is writing, or when it cannot be written.
   */
  async write<T>(keep: (add: Add) => Promise<T>, pause: Pause = atOnce): Promise<T> {
    if (this.#folder === null || this.#file === null) return keep(report => this.#tell(report, () => undefined, pause))
    const lock = this.#lock(this.#folder)
    try {
      await this.#catchUp(pause)
      const descriptor = openSync(this.#file, 'a', 0o600)
      try {
        if (this.#offset === 0) this.#header = this.#append(descriptor, headerLine(0))
        else if (!this.#endsInLine()) this.#append(descriptor, '')
        const result = await keep(report => this.#tell(report, line => this.#append(descriptor, line), pause))
        fsyncSync(descriptor)
        if (this.#isOutdated) await this.#writeAnew(this.#file, pause)
        return result
      } finally {
        closeSync(descriptor)
      }
    } catch (error) {
      this.#begun = null
      if (error instanceof StateError || (error as NodeJS.ErrnoException).syscall === undefined) throw error
      throw new StateError(`the reports in ${this.#file} cannot be kept: ${(error as Error).message}`)
    } finally {
      lock.release()
    }
  }

  /** What was parsed holds on to the text that it was cut from: kept is what can be read again. */
  async #tell(report: ReceivedReport, append: (line: string) => void, pause: Pause): Promise<boolean> {
    if (this.has(report)) return false
    for (const line of linesOf(report)) {
      append(line)
      this.#put(JSON.parse(line) as Line)
      await pause()
    }
    await this.#makeRoom(pause)
    return true
  }

  #lock(folder: string): StateLock {
    let lock: ReturnType<typeof StateLock.take>
    try {
      makeFolder(folder, 0o700)
      lock = StateLock.take(folder)
    } catch (error) {
      throw new StateError(`the state directory ${folder} cannot be written: ${(error as Error).message}`)
    }
    if (!(lock instanceof StateLock)) throw new StateError(`the state directory ${folder} is in use by process ${lock.heldBy}`)
    return lock
  }

  #knows(key: string): boolean {
    return this.#reports.has(key) || this.#forgotten.has(key)
  }

  /** False for what goes on with nothing. */
  #put(line: Line): boolean {
    const begun = this.#begun
    this.#begun = null
    if (line.kind === 'rows') {
      if (!begun) return false
      for (const row of line.rows) begun.rows.push(row)
      if (line.more) this.#begun = begun
      else this.#add(begun)
    } else if (line.kind === 'dmarc') {
      const { more, ...report } = line
      if (more) this.#begun = report
      else this.#add(report)
    } else this.#add(line)
    return begun === null || line.kind === 'rows'
  }

  #add(report: ReceivedReport): void {
    const key = reportKey(report)
    if (this.#knows(key)) return
    this.#reports.set(key, report)
    this.#rows += rowsOf(report)
  }

  /** The oldest go. What says that it is of days to come goes first: else nothing would ever rid us of it. */
  async #makeRoom(pause: Pause): Promise<void> {
    if (this.#rows <= this.#most) return
    const now = this.#now()
    const rank = (report: ReceivedReport): number => isOfTheFuture(report, now) ? 0 : endOf(report) ?? 0
    for (const [key, report] of [...this.#reports].toSorted(([, a], [, b]) => rank(a) - rank(b))) {
      if (this.#rows <= kept * this.#most) break
      this.#forgotten.add(key, report)
      this.#reports.delete(key)
      this.#rows -= rowsOf(report)
      await pause()
    }
    this.#generation++
    this.#isOutdated = true
  }

  /** Returns the line. */
  #append(descriptor: number, line: string): string {
    const octets = Buffer.from(`${line}\n`)
    for (let from = 0; from < octets.length;) from += writeSync(descriptor, octets, from)
    this.#offset += octets.length
    return line
  }

  #endsInLine(): boolean {
    return this.#octetsAt(this.#offset - 1, 1) === '\n'
  }

  #octetsAt(position: number, length: number): string {
    const descriptor = openSync(this.#file ?? '', 'r')
    try {
      const octets = Buffer.alloc(length)
      return octets.toString('latin1', 0, readSync(descriptor, octets, 0, length, position))
    } finally {
      closeSync(descriptor)
    }
  }

  /** Beside the old file, and put in its place when it is whole and on the disk. */
  async #writeAnew(file: string, pause: Pause): Promise<void> {
    const descriptor = openSync(`${file}.new`, 'w', 0o600)
    try {
      this.#offset = 0
      this.#header = this.#append(descriptor, headerLine(++this.#written))
      for (const line of this.#forgotten.lines()) this.#append(descriptor, line)
      for (const report of this.#reports.values()) {
        for (const line of linesOf(report)) {
          this.#append(descriptor, line)
          await pause()
        }
      }
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(`${file}.new`, file)
    this.#isOutdated = false
  }

  /** Reads what has been appended since; everything, when the file is another. */
  async #catchUp(pause: Pause): Promise<void> {
    if (this.#file === null) return
    if (!existsSync(this.#file)) {
      this.#beginAgain('')
      return
    }
    try {
      const { size } = statSync(this.#file)
      const [header = ''] = this.#octetsAt(0, longestHeader).split('\n')
      if (header !== this.#header || size < this.#offset) this.#beginAgain(header)
      if (size <= this.#offset) return
      for await (const line of createInterface({ input: createReadStream(this.#file, { encoding: 'utf8', start: this.#offset, end: size - 1 }), crlfDelay: Infinity })) {
        if (line !== '' && !this.#take(line)) this.#damaged++
        await this.#makeRoom(pause)
        await pause()
      }
      if (this.#begun) this.#damaged++
      this.#begun = null
      this.#offset = size
    } catch (error) {
      throw error instanceof StateError ? error : new StateError(`the reports in ${this.#file} cannot be read: ${(error as Error).message}`)
    }
  }

  #beginAgain(header: string): void {
    if (this.#header !== '') {
      this.#reports = new Map()
      this.#forgotten = new ForgottenReports()
      this.#rows = 0
      this.#isOutdated = false
      this.#generation++
    }
    this.#header = header
    this.#offset = 0
    if (!header.startsWith('{"kind":"mailcheck.reports"')) return // damaged: it is told like any other line
    const { success, data } = headerShape.safeParse(jsonOf(header))
    if (!success) throw new StateError(`${this.#file ?? ''} is of another version of mailcheck`)
    this.#written = data.written
    this.#offset = header.length + 1
  }

  #take(text: string): boolean {
    const parsed = text.length > longestLine ? null : jsonOf(text)
    const { success, data } = lineShape.safeParse(parsed)
    if (success) return this.#put(data)
    const isWhole = this.#begun === null
    this.#begun = null
    return this.#forgotten.take(parsed) && isWhole
  }
}
