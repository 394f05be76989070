/**
 * A log that is being written, as it grows. It may be renamed and begun anew (the rest of the old one is read first), or
 * emptied in place; it may not be there yet. The system says when something happened in its folder, and every other second
 * two questions about the file make sure of it.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync, watch, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'
import { EntryReader, type Strange } from './entry-reader.ts'
import type { LogEntry } from './finding.ts'
import { asLogError, LogError } from './read-log.ts'

export interface FollowOptions {
  /** From the beginning of what is there, or from its end. */
  readonly from: 'start' | 'end'
  /** Nothing more is read until what it returns has settled. */
  readonly entries: (entries: LogEntry[]) => void | Promise<void>
  readonly strange: Strange
  /** Why the file cannot be read, told once; null when it can be again. */
  readonly problem?: (why: string | null) => void
}

const pieceSize = 1 << 17
/** Octets that are read before somebody else has their turn. */
const turn = 1 << 19
/** Milliseconds between two looks when nothing is heard. */
const interval = 2000
/** So many of them a file that was renamed is still read: its writer may not have noticed yet. */
const farewell = 3

interface Opened {
  readonly descriptor: number
  readonly identity: string
  reader: EntryReader
  position: number
}

export class Follower {
  readonly #file: string
  readonly #options: FollowOptions
  readonly #piece = Buffer.alloc(pieceSize)
  #open: Opened | null = null
  #leaving: (Opened & { intervals: number }) | null = null
  #first = true
  #told: string | null = null
  #watcher: FSWatcher | null = null
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> | null = null
  #again = false
  #closed = false

  constructor(file: string, options: FollowOptions) {
    this.#file = file
    this.#options = options
  }

  /** Looks by itself from now on. */
  start(): void {
    try {
      const name = basename(this.#file)
      this.#watcher = watch(dirname(this.#file), (_, changed) => {
        if (changed === null || changed === name) void this.look()
      })
      this.#watcher.on('error', () => this.#watcher?.close())
    } catch {
      // no folder yet, or none that can be watched: the timer sees it
    }
    this.#timer = setInterval(() => {
      if (this.#leaving) this.#leaving.intervals++
      void this.look()
    }, interval)
    void this.look()
  }

  /** Reads what is there by now. */
  look(): Promise<void> {
    if (this.#looking) {
      this.#again = true
      return this.#looking
    }
    this.#looking = this.#lookOnce().finally(() => {
      this.#looking = null
      const again = this.#again
      this.#again = false
      if (again && !this.#closed) void this.look()
    })
    return this.#looking
  }

  async close(): Promise<void> {
    this.#watcher?.close()
    if (this.#timer) clearInterval(this.#timer)
    await this.look()
    this.#closed = true
    while (this.#looking) await this.#looking // one that was asked for meanwhile has begun
    const left = [this.#open, this.#leaving]
    this.#open = this.#leaving = null
    for (const opened of left) if (opened) await this.#end(opened)
  }

  async #lookOnce(): Promise<void> {
    if (this.#closed) return
    try {
      if (this.#leaving) await this.#leave(this.#leaving)
      const identity = identityOf(this.#file)
      if (this.#open && identity !== null && identity !== this.#open.identity) {
        await this.#read(this.#open)
        if (this.#leaving) await this.#end(this.#leaving)
        this.#leaving = { ...this.#open, intervals: 0 }
        this.#open = null
      }
      if (identity !== null) this.#open ??= this.#begin()
      if (this.#open) await this.#read(this.#open)
      this.#first = false
      this.#tell(identity === null && !this.#open ? 'there is no such file' : null)
    } catch (error) {
      this.#tell(asLogError(error).message)
    }
  }

  #begin(): Opened {
    // a pipe would have us wait for its writer, and nobody else would have their turn
    const descriptor = openSync(this.#file, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = fstatSync(descriptor)
    const { dev, ino, size } = stats
    if (!stats.isFile()) {
      closeSync(descriptor)
      throw new LogError(stats.isDirectory() ? 'it is a directory' : 'it is no file that could be followed: hand it over as "mailcheck logs - < FILE"')
    }
    const position = this.#first && this.#options.from === 'end' ? size : 0
    return { descriptor, identity: `${dev} ${ino}`, position, reader: this.#reader() }
  }

  #reader(): EntryReader {
    return new EntryReader(this.#file, () => new Date(), this.#options.strange)
  }

  async #leave(leaving: Opened & { readonly intervals: number }): Promise<void> {
    await this.#read(leaving)
    if (leaving.intervals < farewell) return
    await this.#end(leaving)
    this.#leaving = null
  }

  async #end({ reader, descriptor }: Opened): Promise<void> {
    await this.#hand(reader.end())
    closeSync(descriptor)
  }

  async #read(opened: Opened): Promise<void> {
    const { size } = fstatSync(opened.descriptor)
    if (size < opened.position) { // emptied in place: another log, whose lines are counted from its beginning
      await this.#hand(opened.reader.end())
      opened.reader = this.#reader()
      opened.position = 0
    }
    let read = 0
    for (let since = 0; (read = readSync(opened.descriptor, this.#piece, 0, pieceSize, opened.position)) > 0;) {
      opened.position += read
      await this.#hand(opened.reader.push(this.#piece.subarray(0, read)))
      since += read
      if (since < turn) continue
      since = 0
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  async #hand(entries: LogEntry[]): Promise<void> {
    if (entries.length > 0) await this.#options.entries(entries)
  }

  #tell(why: string | null): void {
    if (why === this.#told) return
    this.#told = why
    this.#options.problem?.(why)
  }
}

/** Null when there is none. Throws when it cannot be said. */
function identityOf(file: string): string | null {
  const found = statSync(file, { throwIfNoEntry: false })
  return found ? `${found.dev} ${found.ino}` : null
}
