/**
 * What must outlive a restart, in one file of a directory: every run that ends appends a line at once, so that a process
 * which dies at any moment loses at most the run that was under way. Now and then the file is written anew, with one line a
 * domain: beside the old one, and put in its place when it is whole.
 */
import { closeSync, createReadStream, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { noHistory, type HistoryFacts } from '../probes/history.ts'
import type { Change, DomainRecord } from './domain-record.ts'
import { applyLine, domainLine, header, isHeader, runLine } from './journal-lines.ts'
import type { Log } from './log.ts'
import { historyFacts } from './observations.ts'
import type { Memory } from './service.ts'
import { StateLock } from './state-lock.ts'

export interface JournalOptions {
  readonly log: Log
  readonly onDamaged: (lines: number) => void
  readonly onWriteError: () => void
  /** Octets from which on the file is written anew, when it has grown to several times of what it must hold. */
  readonly compactFrom?: number
}

/** Why the state directory cannot be used, in words. */
export class StateError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'StateError'
  }
}

const fileName = 'state.jsonl'
const growth = 4
/** Milliseconds: a quarter of a year. */
const longestAbsence = 92 * 86_400_000
const longestLine = 16 * 1024 * 1024

/** Rejects with `StateError`. */
export async function openJournal(directory: string, options: JournalOptions): Promise<Journal> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StateError(`the state directory ${directory} cannot be made: ${(error as Error).message}`)
  }
  let lock: ReturnType<typeof StateLock.take>
  try {
    lock = StateLock.take(directory)
  } catch (error) {
    throw new StateError(`the state directory ${directory} cannot be written: ${(error as Error).message}`)
  }
  if (!(lock instanceof StateLock)) throw new StateError(`the state directory ${directory} is in use by process ${lock.heldBy}`)
  try {
    return await Journal.read(directory, lock, options)
  } catch (error) {
    lock.release()
    throw error instanceof StateError ? error : new StateError(`the state in ${directory} cannot be read: ${(error as Error).message}`)
  }
}

/** What the state says of a domain, for who only reads it: nothing is locked or written. Rejects with `StateError`. */
export async function readHistory(directory: string, domain: string): Promise<HistoryFacts> {
  const file = join(directory, fileName)
  const records = new Map<string, DomainRecord>()
  try {
    if (existsSync(file)) await readLines(file, records, { log: () => undefined, onDamaged: () => undefined })
  } catch (error) {
    throw error instanceof StateError ? error : new StateError(`the state in ${directory} cannot be read: ${(error as Error).message}`)
  }
  const record = records.get(domain)
  return record ? historyFacts(record.histories, record.since) : noHistory
}

export class Journal implements Memory {
  readonly #file: string
  readonly #lock: StateLock
  readonly #options: JournalOptions
  readonly #records: Map<string, DomainRecord>
  #descriptor: number
  /** Octets in the file, and right after it was last written anew. */
  #size: number
  #compactSize: number
  /** The last line was not written whole: the next one must not be glued to it. */
  #broken = false
  #compaction: Compaction | null = null
  #closed = false

  static async read(directory: string, lock: StateLock, options: JournalOptions): Promise<Journal> {
    const file = join(directory, fileName)
    rmSync(`${file}.new`, { force: true }) // of a process that died while it wrote
    const records = new Map<string, DomainRecord>()
    const complete = existsSync(file) ? await readLines(file, records, options) : true
    const descriptor = openSync(file, 'a', 0o600)
    const journal = new Journal(file, lock, options, records, descriptor)
    if (journal.#size === 0) journal.#append(`${JSON.stringify(header)}\n`)
    else if (!complete) journal.#broken = true
    return journal
  }

  private constructor(file: string, lock: StateLock, options: JournalOptions, records: Map<string, DomainRecord>, descriptor: number) {
    this.#file = file
    this.#lock = lock
    this.#options = options
    this.#records = records
    this.#descriptor = descriptor
    this.#size = statSync(file).size
    this.#compactSize = 0
  }

  recall(domain: string): DomainRecord | undefined {
    return this.#records.get(domain)
  }

  remember(domain: string, change: Change, record: DomainRecord): void {
    if (this.#closed) return
    this.#records.set(domain, record)
    const line = runLine(domain, change)
    this.#append(line)
    this.#compaction?.add(domain, line)
    const { compactFrom = 1_000_000 } = this.#options
    if (!this.#compaction && this.#size > Math.max(compactFrom, growth * this.#compactSize)) void this.compact()
  }

  /** Writes the file anew. What is appended meanwhile is in it. */
  async compact(): Promise<void> {
    let compaction: Compaction | null = null
    try {
      compaction = this.#compaction = new Compaction(`${this.#file}.new`)
      this.#forget()
      for (const domain of this.#records.keys()) {
        const record = this.#records.get(domain)
        if (record) compaction.put(domain, domainLine(domain, record))
        if (compaction.domains % 20 === 0) await new Promise(resolve => setImmediate(resolve)) // scrapes come first
        if (this.#closed) break
      }
      if (this.#closed) {
        compaction.abandon()
        return
      }
      const { descriptor, size } = compaction.finish(this.#file)
      closeSync(this.#descriptor)
      this.#descriptor = descriptor
      this.#size = this.#compactSize = size
      this.#broken = false
    } catch (error) {
      compaction?.abandon()
      this.#compactSize = this.#size // not again at the next line
      this.#failed(error)
    } finally {
      this.#compaction = null
    }
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true
      try {
        fsyncSync(this.#descriptor)
      } catch (error) {
        this.#failed(error)
      }
      closeSync(this.#descriptor)
      this.#lock.release()
    }
    return Promise.resolve()
  }

  /** Domains that nobody has checked for a long time. */
  #forget(): void {
    const lastRun = ({ runs }: DomainRecord): number => Math.max(0, ...[...runs.values()].map(({ endedAt }) => endedAt))
    const latest = Math.max(0, ...[...this.#records.values()].map(lastRun))
    for (const [domain, record] of this.#records) if (lastRun(record) < latest - longestAbsence) this.#records.delete(domain)
  }

  #append(line: string): void {
    try {
      const octets = Buffer.from(this.#broken ? `\n${line}` : line)
      const written = writeSync(this.#descriptor, octets)
      this.#size += written
      this.#broken = written < octets.length
      if (this.#broken) throw new Error('a line could be written in part only')
    } catch (error) {
      this.#broken = true
      this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    this.#options.onWriteError()
    this.#options.log('error', 'the state cannot be written', { file: this.#file, problem: (error as Error).message })
  }
}

/** The new file while it is written. */
class Compaction {
  readonly #file: string
  readonly #descriptor: number
  readonly #done = new Set<string>()
  #size = 0

  constructor(file: string) {
    this.#file = file
    this.#descriptor = openSync(file, 'w', 0o600)
    this.#write(`${JSON.stringify(header)}\n`)
  }

  get domains(): number {
    return this.#done.size
  }

  put(domain: string, line: string): void {
    this.#done.add(domain)
    this.#write(line)
  }

  /** A run that ended meanwhile: of a domain whose line is not written yet, that line will say it. */
  add(domain: string, line: string): void {
    if (this.#done.has(domain)) this.#write(line)
  }

  finish(file: string): { descriptor: number; size: number } {
    fsyncSync(this.#descriptor)
    renameSync(this.#file, file)
    return { descriptor: this.#descriptor, size: this.#size }
  }

  abandon(): void {
    closeSync(this.#descriptor)
    rmSync(this.#file, { force: true })
  }

  #write(text: string): void {
    const octets = Buffer.from(text)
    let from = 0
    while (from < octets.length) from += writeSync(this.#descriptor, octets, from)
    this.#size += octets.length
  }
}

/** Whether the last line is whole. A damaged line is told and passed over. */
async function readLines(file: string, records: Map<string, DomainRecord>, { log, onDamaged }: Pick<JournalOptions, 'log' | 'onDamaged'>): Promise<boolean> {
  let number = 0
  let damaged = 0
  let last = ''
  const stream = createReadStream(file, 'utf8')
  stream.on('data', piece => (last = String(piece).at(-1) ?? last))
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    number++
    if (number === 1 && line !== '' && !isHeader(line) && line.startsWith('{"kind":"mailcheck.state"')) throw new StateError(`${file} is of another version of mailcheck`)
    if (line === '' || (number === 1 && isHeader(line))) continue
    if (line.length <= longestLine && applyLine(records, line)) continue
    damaged++
    if (damaged <= 10) log('warn', 'a line of the state is damaged and is passed over', { file, line: number })
  }
  if (damaged > 10) log('warn', 'more lines of the state are damaged', { file, count: damaged - 10 })
  if (damaged > 0) onDamaged(damaged)
  return number === 0 || last === '\n'
}
