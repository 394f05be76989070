/**
 * The reports that were read, so that each counts once however often it is read: in a file of the state directory to which a line
 * is appended for each. Several may use it in turn: who writes takes its lock for as long as that takes, and reads first what
 * others have appended.
 */
import { closeSync, createReadStream, existsSync, fsyncSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { reportKey, type ReceivedReport } from '../syntax/received-report.ts'
import { StateError } from './journal.ts'
import { StateLock } from './state-lock.ts'

const folderName = 'reports'
const fileName = 'reports.jsonl'
const header = { kind: 'mailcheck.reports', version: 1 } as const
const longestLine = 256 * 1024 * 1024

const name = z.string().max(1000)
const time = z.number().int().min(0).max(8.64e12)
const number = z.number().int().min(0)
const passed = z.enum(['pass', 'fail'])
const report: z.ZodType<ReceivedReport> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('dmarc'), form: z.enum(['RFC 7489', 'RFC 9990']), org: name, id: name, begin: time, end: time, domain: name,
    policy: z.object({ p: name.nullable(), sp: name.nullable(), np: name.nullable(), pct: number.nullable(), testing: z.boolean() }),
    rows: z.array(z.object({
      source: name, count: number, disposition: z.enum(['none', 'pass', 'quarantine', 'reject']), dkim: passed, spf: passed, reasons: z.array(name), headerFrom: name, envelopeFrom: name.nullable(),
      signatures: z.array(z.object({ domain: name, selector: name.nullable(), result: name })), senders: z.array(z.object({ domain: name, result: name })),
    })),
  }),
  z.object({
    kind: z.literal('tls'), org: name, id: name, begin: time, end: time, policies: z.array(z.object({
      type: name, domain: name, success: number, failure: number,
      failures: z.array(z.object({ type: name, host: name.nullable(), address: name.nullable(), count: number, reason: name.nullable() })),
    })),
  }),
  z.object({
    kind: z.literal('failure'), org: name, id: name, at: time.nullable(), domain: name, type: name, failure: name.nullable(), source: name.nullable(), result: name.nullable(),
    signature: z.object({ domain: name, selector: name.nullable() }).nullable(), count: number,
  }),
])

/** Every report once, in memory alone or in a directory. */
export class ReportLedger {
  readonly #reports = new Map<string, ReceivedReport>()
  readonly #file: string | null
  readonly #folder: string | null
  #rows = 0
  #offset = 0
  #damaged = 0

  /** Of nothing; it remembers what it is told until the process ends. */
  constructor(directory: string | null = null) {
    this.#folder = directory === null ? null : join(directory, folderName)
    this.#file = this.#folder === null ? null : join(this.#folder, fileName)
  }

  /** What the directory holds. Nothing is locked or written. Rejects with `StateError`. */
  static async read(directory: string): Promise<ReportLedger> {
    const ledger = new ReportLedger(directory)
    await ledger.#catchUp()
    return ledger
  }

  get size(): number {
    return this.#reports.size
  }

  /** Of all reports: what they take in memory goes by it, some 300 octets each. */
  get rows(): number {
    return this.#rows
  }

  /** Lines of the file that were passed over. */
  get damaged(): number {
    return this.#damaged
  }

  has(report: ReceivedReport): boolean {
    return this.#reports.has(reportKey(report))
  }

  all(): Iterable<ReceivedReport> {
    return this.#reports.values()
  }

  /**
   * Keeps those that are new, and says which: the others are known already. `keep` is called once, with what is known by then.
   * Rejects with `StateError` when somebody else is writing, or when it cannot be written.
   */
  async write<T>(keep: (add: (report: ReceivedReport) => boolean) => Promise<T>): Promise<T> {
    if (this.#folder === null || this.#file === null) return keep(report => this.#add(report))
    const lock = this.#lock(this.#folder)
    try {
      await this.#catchUp()
      const descriptor = openSync(this.#file, 'a', 0o600)
      try {
        if (this.#offset === 0) this.#append(descriptor, `${JSON.stringify(header)}\n`)
        else if (!this.#endsInLine()) this.#append(descriptor, '\n')
        const result = await keep(report => {
          if (!this.#add(report)) return false
          this.#append(descriptor, `${JSON.stringify(report)}\n`)
          return true
        })
        fsyncSync(descriptor)
        return result
      } finally {
        closeSync(descriptor)
      }
    } catch (error) {
      if (error instanceof StateError || (error as NodeJS.ErrnoException).syscall === undefined) throw error
      throw new StateError(`the reports in ${this.#file} cannot be kept: ${(error as Error).message}`)
    } finally {
      lock.release()
    }
  }

  #lock(folder: string): StateLock {
    let lock: ReturnType<typeof StateLock.take>
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      lock = StateLock.take(folder)
    } catch (error) {
      throw new StateError(`the state directory ${folder} cannot be written: ${(error as Error).message}`)
    }
    if (!(lock instanceof StateLock)) throw new StateError(`the state directory ${folder} is in use by process ${lock.heldBy}`)
    return lock
  }

  #add(report: ReceivedReport): boolean {
    const key = reportKey(report)
    if (this.#reports.has(key)) return false
    this.#reports.set(key, report)
    this.#rows += rowsOf(report)
    return true
  }

  #append(descriptor: number, text: string): void {
    const octets = Buffer.from(text)
    for (let from = 0; from < octets.length;) from += writeSync(descriptor, octets, from)
    this.#offset += octets.length
  }

  #endsInLine(): boolean {
    const descriptor = openSync(this.#file ?? '', 'r')
    try {
      const last = Buffer.alloc(1)
      return readSync(descriptor, last, 0, 1, this.#offset - 1) === 1 && last[0] === 0x0a
    } finally {
      closeSync(descriptor)
    }
  }

  /** Reads what has been appended since. */
  async #catchUp(): Promise<void> {
    if (this.#file === null || !existsSync(this.#file)) return
    try {
      const { size } = statSync(this.#file)
      if (size <= this.#offset) return
      let first = this.#offset === 0
      for await (const line of createInterface({ input: createReadStream(this.#file, { encoding: 'utf8', start: this.#offset, end: size - 1 }), crlfDelay: Infinity })) {
        if (first && line.startsWith('{"kind":"mailcheck.reports"') && line !== JSON.stringify(header)) throw new StateError(`${this.#file} is of another version of mailcheck`)
        if (line !== '' && !(first && line === JSON.stringify(header)) && !this.#take(line)) this.#damaged++
        first = false
      }
      this.#offset = size
    } catch (error) {
      throw error instanceof StateError ? error : new StateError(`the reports in ${this.#file} cannot be read: ${(error as Error).message}`)
    }
  }

  #take(line: string): boolean {
    if (line.length > longestLine) return false
    try {
      this.#add(report.parse(JSON.parse(line)))
      return true
    } catch {
      return false
    }
  }
}

function rowsOf(report: ReceivedReport): number {
  if (report.kind === 'dmarc') return report.rows.reduce((sum, { signatures, senders }) => sum + 1 + signatures.length + senders.length, 1)
  return report.kind === 'tls' ? report.policies.reduce((sum, { failures }) => sum + 1 + failures.length, 1) : 1
}
