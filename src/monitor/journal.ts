/**
 * What must outlive a restart, in one file of a directory: every run appends a line before it is over, so that a process
 * which dies at any moment loses at most the run that was under way. Lines that come while the disk is busy are written
 * together; nothing waits for the disk itself, so that a failure of the power may cost some seconds more. Now and then the file
 * is written anew, with one line a domain: beside the old one, and put in its place when it is whole and on the disk.
 */
import { createReadStream, existsSync, rmSync } from 'node:fs'
import { open, rename, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { noHistory, type HistoryFacts } from '../probes/history.ts'
import type { Change, DomainRecord } from './domain-record.ts'
import { applyLine, domainLine, header, isHeader, runLine } from './journal-lines.ts'
import type { Log } from './log.ts'
import { makeFolder } from './make-folder.ts'
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
    makeFolder(directory, 0o700)
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

/** What the state says of each domain, for who only reads it: nothing is locked or written. Rejects with `StateError`. */
export async function readHistory(directory: string): Promise<(domain: string) => HistoryFacts> {
  const file = join(directory, fileName)
  const records = new Map<string, DomainRecord>()
  try {
    if (existsSync(file)) await readLines(file, records, { log: () => undefined, onDamaged: () => undefined })
  } catch (error) {
    throw error instanceof StateError ? error : new StateError(`the state in ${directory} cannot be read: ${(error as Error).message}`)
  }
  return domain => {
    const record = records.get(domain)
    return record ? historyFacts(record.histories, record.since) : noHistory
  }
}

interface Queued {
  readonly line: string
  readonly settle: () => void
}

export class Journal implements Memory {
  readonly #file: string
  readonly #lock: StateLock
  readonly #options: JournalOptions
  readonly #records: Map<string, DomainRecord>
  #handle: FileHandle
  /** Octets in the file, and right after it was last written anew. */
  #size: number
  #compactSize = 0
  /** The last line was not written whole: the next one must not be glued to it. */
  #broken: boolean
  /** What is to be written; what ends while the disk is busy goes together. */
  #queue: Queued[] = []
  /** Settles when everything that was begun has been written. */
  #writing: Promise<void> | null = null
  #compaction: Compaction | null = null
  #compacted: Promise<void> | null = null
  #closed: Promise<void> | null = null

  static async read(directory: string, lock: StateLock, options: JournalOptions): Promise<Journal> {
    const file = join(directory, fileName)
    rmSync(`${file}.new`, { force: true }) // of a process that died while it wrote
    const records = new Map<string, DomainRecord>()
    const complete = existsSync(file) ? await readLines(file, records, options) : true
    const handle = await open(file, 'a', 0o600)
    const journal = new Journal(file, lock, options, records, handle, { size: (await handle.stat()).size, broken: !complete })
    if (journal.#size === 0) await journal.#append(`${JSON.stringify(header)}\n`)
    return journal
  }

  private constructor(
    file: string, lock: StateLock, options: JournalOptions, records: Map<string, DomainRecord>, handle: FileHandle, { size, broken }: { size: number; broken: boolean },
  ) {
    this.#file = file
    this.#lock = lock
    this.#options = options
    this.#records = records
    this.#handle = handle
    this.#size = size
    this.#broken = broken
  }

  recall(domain: string): DomainRecord | undefined {
    return this.#records.get(domain)
  }

  /** Settles when it has been handed to the system: from then on the end of this process cannot lose it. */
  remember(domain: string, change: Change, record: DomainRecord): Promise<void> {
    if (this.#closed) return Promise.resolve()
    this.#records.set(domain, record)
    const line = runLine(domain, change)
    this.#compaction?.add(domain, line)
    return this.#append(line)
  }

  /** Writes the file anew. What is appended meanwhile is in it. */
  compact(): Promise<void> {
    this.#compacted ??= this.#compact().finally(() => (this.#compacted = null))
    return this.#compacted
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.#compacted
      while (this.#writing) await this.#writing
      try {
        await this.#handle.sync()
        await this.#handle.close()
      } catch (error) {
        this.#failed(error)
      }
      this.#lock.release()
    })()
    return this.#closed
  }

  async #compact(): Promise<void> {
    let compaction: Compaction | null = null
    try {
      compaction = this.#compaction = await Compaction.begin(`${this.#file}.new`)
      this.#forget()
      for (const domain of this.#records.keys()) {
        const record = this.#records.get(domain)
        if (record) compaction.put(domain, domainLine(domain, record))
        if (compaction.pending > 100_000) await compaction.flush() // scrapes come first
        if (this.#closed) break
      }
      if (this.#closed) await compaction.abandon()
      else await this.#replaceBy(compaction)
    } catch (error) {
      await compaction?.abandon()
      this.#compactSize = this.#size // not again at the next line
      this.#failed(error)
    } finally {
      this.#compaction = null
    }
  }

  /** Between two writes: nothing is appended to the old file while the new one takes its place. */
  async #replaceBy(compaction: Compaction): Promise<void> {
    while (this.#writing) await this.#writing
    let settle: () => void = () => undefined
    this.#writing = new Promise(resolve => (settle = resolve))
    // what waits to be written is in the new file, of domains that came last as well; what comes from now on is not
    for (const [domain, record] of this.#records) if (!compaction.has(domain)) compaction.put(domain, domainLine(domain, record))
    this.#compaction = null
    const waiting = this.#queue.splice(0)
    try {
      const { handle, size } = await compaction.finish(this.#file)
      const old = this.#handle
      this.#handle = handle
      this.#size = this.#compactSize = size
      this.#broken = false
      for (const { settle } of waiting) settle()
      await old.close().catch(() => undefined)
    } catch (error) {
      this.#queue.unshift(...waiting)
      throw error
    } finally {
      this.#writing = null
      settle()
      this.#write()
    }
  }

  /** Domains that nobody has checked for a long time. */
  #forget(): void {
    const lastRun = ({ runs }: DomainRecord): number => Math.max(0, ...[...runs.values()].map(({ endedAt }) => endedAt))
    const latest = Math.max(0, ...[...this.#records.values()].map(lastRun))
    for (const [domain, record] of this.#records) if (lastRun(record) < latest - longestAbsence) this.#records.delete(domain)
  }

  #append(line: string): Promise<void> {
    const written = new Promise<void>(settle => this.#queue.push({ line, settle }))
    this.#write()
    return written
  }

  #write(): void {
    if (this.#writing || this.#queue.length === 0) return
    this.#writing = this.#writeQueue().finally(() => {
      this.#writing = null
      this.#write()
      const { compactFrom = 1_000_000 } = this.#options
      if (!this.#closed && this.#size > Math.max(compactFrom, growth * this.#compactSize)) void this.compact()
    })
  }

  async #writeQueue(): Promise<void> {
    const batch = this.#queue.splice(0)
    try {
      const octets = Buffer.from(`${this.#broken ? '\n' : ''}${batch.map(({ line }) => line).join('')}`)
      const { bytesWritten } = await this.#handle.write(octets)
      this.#size += bytesWritten
      this.#broken = bytesWritten < octets.length
      if (this.#broken) throw new Error('a line could be written in part only')
    } catch (error) {
      this.#broken = true
      this.#failed(error)
    }
    for (const { settle } of batch) settle()
  }

  #failed(error: unknown): void {
    this.#options.onWriteError()
    this.#options.log('error', 'the state cannot be written', { file: this.#file, problem: (error as Error).message })
  }
}

/** The new file while it is written. */
class Compaction {
  readonly #file: string
  readonly #handle: FileHandle
  readonly #done = new Set<string>()
  #lines: string[] = [`${JSON.stringify(header)}\n`]
  #size = 0
  /** Characters that are not written yet. */
  pending = 0

  static async begin(file: string): Promise<Compaction> {
    return new Compaction(file, await open(file, 'w', 0o600))
  }

  private constructor(file: string, handle: FileHandle) {
    this.#file = file
    this.#handle = handle
  }

  has(domain: string): boolean {
    return this.#done.has(domain)
  }

  put(domain: string, line: string): void {
    this.#done.add(domain)
    this.#keep(line)
  }

  /** A run that ended meanwhile: of a domain whose line is not written yet, that line will say it. */
  add(domain: string, line: string): void {
    if (this.#done.has(domain)) this.#keep(line)
  }

  async flush(): Promise<void> {
    const octets = Buffer.from(this.#lines.join(''))
    this.#lines = []
    this.pending = 0
    for (let from = 0; from < octets.length;) from += (await this.#handle.write(octets, from)).bytesWritten
    this.#size += octets.length
  }

  /** First on the disk, then in its place: after a failure of the power there is the old file or the new one. */
  async finish(file: string): Promise<{ handle: FileHandle; size: number }> {
    while (this.#lines.length > 0) await this.flush()
    await this.#handle.sync()
    await rename(this.#file, file)
    return { handle: this.#handle, size: this.#size }
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    rmSync(this.#file, { force: true })
  }

  #keep(line: string): void {
    this.#lines.push(line)
    this.pending += line.length
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
