/**
 * What systemd's journal gives out: `journalctl -o export` (fields as lines `NAME=value`; a value with octets that a line
 * cannot hold has its length before it; an empty line ends an entry) and `-o json` (one object a line; such a value is a list
 * of octets). https://systemd.io/JOURNAL_EXPORT_FORMATS/
 */
import type { LogFrame } from './log-frame.ts'

const longestMessage = 16_384
const wanted = new Set(['MESSAGE', 'SYSLOG_IDENTIFIER', '_COMM', '_PID', 'SYSLOG_PID', '_HOSTNAME', '__REALTIME_TIMESTAMP'])

type Fields = Readonly<Record<string, string | undefined>>

/** An entry in JSON; null for anything else. */
export function readJournalJson(line: string): LogFrame | null {
  let entry: unknown
  try {
    entry = JSON.parse(Buffer.from(line, 'latin1').toString('utf8'))
  } catch {
    return null
  }
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return null
  const fields: Record<string, string | undefined> = {}
  for (const name of wanted) {
    if (Object.hasOwn(entry, name)) fields[name] = octetsOf((entry as Readonly<Record<string, unknown>>)[name])
  }
  return frameOf(fields)
}

/** Octets, one character each; of a field that stands several times, the first. */
function octetsOf(value: unknown): string | undefined {
  if (typeof value === 'string') return Buffer.from(value.slice(0, longestMessage)).toString('latin1')
  if (!Array.isArray(value)) return undefined
  if (typeof value[0] === 'string') return octetsOf(value[0])
  return Buffer.from(value.slice(0, longestMessage).map(octet => (typeof octet === 'number' ? octet & 0xff : 0x3f))).toString('latin1')
}

function frameOf(fields: Fields): LogFrame | null {
  const { MESSAGE: text, __REALTIME_TIMESTAMP: stamp = '' } = fields
  const time = /^\d{1,18}$/.test(stamp) ? Math.floor(Number(stamp) / 1000) : NaN
  if (text === undefined || !(time < 8.64e15)) return null
  return { time, host: fields['_HOSTNAME'] ?? '', program: fields['SYSLOG_IDENTIFIER'] ?? fields['_COMM'] ?? '', pid: fields['_PID'] ?? fields['SYSLOG_PID'] ?? '', text }
}

/** Whether the octets of a file begin an export; they all begin with the cursor. */
export function isJournalExport(octets: string): boolean {
  return octets.startsWith('__CURSOR=')
}

/** An export as it comes, in pieces cut anywhere. What is too long is cut, and what nobody wants is not kept. */
export class JournalExport {
  #fields: Record<string, string | undefined> = {}
  /** The line under way, or the value of the field whose length is known. */
  #piece = ''
  #state: 'line' | 'length' | 'value' = 'line'
  #name = ''
  /** Octets that the value still has, with the newline that ends it. */
  #left = 0
  #filled = false

  /** Entries that ended with this piece; null for one that is no message. */
  push(octets: Buffer): (LogFrame | null)[] {
    const frames: (LogFrame | null)[] = []
    let at = 0
    while (at < octets.length) {
      if (this.#state === 'line') {
        const end = octets.indexOf(0x0a, at)
        this.#keep(octets.toString('latin1', at, end < 0 ? octets.length : end))
        if (end < 0) break
        at = end + 1
        const frame = this.#line()
        if (frame !== undefined) frames.push(frame)
      } else if (this.#state === 'length') {
        const end = Math.min(octets.length, at + 8 - this.#piece.length)
        this.#piece += octets.toString('latin1', at, end)
        at = end
        if (this.#piece.length === 8) this.#begin()
      } else {
        const end = Math.min(octets.length, at + this.#left)
        this.#keep(octets.toString('latin1', at, end))
        this.#left -= end - at
        at = end
        if (this.#left === 0) this.#value()
      }
    }
    return frames
  }

  /** The entry that nothing ended. */
  end(): (LogFrame | null)[] {
    if (this.#state === 'line' && this.#piece !== '') this.#line()
    return this.#filled ? [this.#entry()] : []
  }

  #keep(text: string): void {
    const room = longestMessage + 64 - this.#piece.length
    if (room > 0) this.#piece += text.slice(0, room)
  }

  /** Undefined while the entry goes on. */
  #line(): LogFrame | null | undefined {
    const line = this.#piece
    this.#piece = ''
    if (line === '') return this.#filled ? this.#entry() : undefined
    this.#filled = true
    const equals = line.indexOf('=')
    if (equals < 0) {
      this.#name = line
      this.#state = 'length'
    } else this.#set(line.slice(0, equals), line.slice(equals + 1))
    return undefined
  }

  /** Little-endian, 64 bits. */
  #begin(): void {
    const length = Number(Buffer.from(this.#piece, 'latin1').readBigUInt64LE())
    this.#piece = ''
    this.#left = length + 1
    this.#state = 'value'
  }

  #value(): void {
    this.#set(this.#name, this.#piece.endsWith('\n') ? this.#piece.slice(0, -1) : this.#piece)
    this.#piece = ''
    this.#state = 'line'
  }

  #set(name: string, value: string): void {
    if (wanted.has(name)) this.#fields[name] ??= value.slice(0, longestMessage)
  }

  #entry(): LogFrame | null {
    const frame = frameOf(this.#fields)
    this.#fields = {}
    this.#filled = false
    return frame
  }
}
