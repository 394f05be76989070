/** The octets of one log, in pieces as they come, into its entries: lines of syslog, lines of JSON, or a journal export. */
import { FrameReader, type LogFrame } from '../syntax/log-frame.ts'
import { isJournalExport, JournalExport, readJournalJson } from '../syntax/log-journal.ts'
import type { LogEntry } from './finding.ts'
import { OctetLines, type Line } from './octet-lines.ts'

/** Told of what is no entry. */
export type Strange = (what: 'cut' | 'headless') => void

const enough = '__CURSOR='.length

export class EntryReader {
  readonly #file: string
  readonly #frames: FrameReader
  readonly #strange: Strange
  readonly #lines = new OctetLines()
  #journal: JournalExport | null = null
  /** Octets before it is known what they are; null when it is. */
  #start: Buffer | null = Buffer.alloc(0)
  #line = 0

  /** `reference`: when the file was last written to; lines without a year are from before. */
  constructor(file: string, reference: () => Date, strange: Strange) {
    this.#file = file
    this.#frames = new FrameReader(reference)
    this.#strange = strange
  }

  push(octets: Buffer): LogEntry[] {
    let piece = octets
    if (this.#start) {
      piece = this.#start.length === 0 ? octets : Buffer.concat([this.#start, octets])
      if (piece.length < enough && piece.indexOf(0x0a) < 0) {
        this.#start = Buffer.from(piece)
        return []
      }
      this.#begin(piece)
    }
    return this.#journal ? this.#entries(this.#journal.push(piece)) : this.#read(this.#lines.push(piece))
  }

  end(): LogEntry[] {
    const rest = this.#start && this.#start.length > 0 ? this.#start : null
    this.#start = null
    const entries = rest ? this.#read(this.#lines.push(rest)) : []
    return [...entries, ...this.#journal ? this.#entries(this.#journal.end()) : this.#read(this.#lines.end())]
  }

  #begin(piece: Buffer): void {
    this.#start = null
    if (isJournalExport(piece.toString('latin1', 0, enough))) this.#journal = new JournalExport()
  }

  #read(lines: readonly Line[]): LogEntry[] {
    const entries: LogEntry[] = []
    for (const { text, cut } of lines) {
      this.#line++
      if (text === '') continue
      if (cut) this.#strange('cut')
      const frame = text.startsWith('{') ? readJournalJson(text) : this.#frames.read(text)
      if (frame) entries.push(this.#entry(frame))
      else this.#strange('headless')
    }
    return entries
  }

  #entries(frames: readonly (LogFrame | null)[]): LogEntry[] {
    const entries: LogEntry[] = []
    for (const frame of frames) {
      this.#line++
      if (frame) entries.push(this.#entry(frame))
      else this.#strange('headless')
    }
    return entries
  }

  #entry({ time, host, program, pid, text }: LogFrame): LogEntry {
    return { time, host, program, pid, text, file: this.#file, line: this.#line }
  }
}
