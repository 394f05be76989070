/** A log file from its beginning to its end, unpacked where it was packed by `logrotate`, in batches of entries. */
import { createReadStream, statSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { EntryReader, type Strange } from './entry-reader.ts'
import type { LogEntry } from './finding.ts'

/** Why a log cannot be read, or not to its end, in words. */
export class LogError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'LogError'
  }
}

type Octets = AsyncIterable<Buffer>

export interface ReadOptions {
  readonly strange: Strange
  /** In place of the time at which the file was last written to; of octets as they come, in place of the clock. */
  readonly now?: Date | undefined
}

/** Throws `LogError` for what cannot be read; what was read before that has been handed out. */
export async function * readLog(file: string, { strange, now }: ReadOptions): AsyncGenerator<LogEntry[]> {
  let written: Date
  try {
    written = statSync(file).mtime
  } catch (error) {
    throw asLogError(error)
  }
  yield * readOctets(file, createReadStream(file, { highWaterMark: 1 << 17 }) as Octets, { strange, now: now ?? written })
}

/** The same of octets that are there already, such as those of stdin. */
export async function * readOctets(name: string, octets: Octets, { strange, now }: ReadOptions): AsyncGenerator<LogEntry[]> {
  const reader = new EntryReader(name, () => now ?? new Date(), strange)
  try {
    for await (const piece of unpacked(octets)) {
      const entries = reader.push(piece)
      if (entries.length > 0) yield entries
    }
  } catch (error) {
    yield reader.end()
    throw asLogError(error)
  }
  yield reader.end()
}

/** What is not read, and what it is. */
const packed: readonly (readonly [magic: string, why: string])[] = [
  ['\xfd7zXZ', 'it is packed by xz: unpack it ("xz -dc FILE | mailcheck logs -")'], ['BZh', 'it is packed by bzip2: unpack it ("bzip2 -dc FILE | mailcheck logs -")'],
  ['\x28\xb5\x2f\xfd', 'it is packed by zstd: unpack it ("zstd -dc FILE | mailcheck logs -")'], ['PK\x03\x04', 'it is a zip archive: unpack it'],
  ['LPKSHHRH', 'it is a file of the journal: "journalctl -o export | mailcheck logs -" reads it'],
]

async function * unpacked(octets: Octets): Octets {
  const pieces = octets[Symbol.asyncIterator]()
  const first = await pieces.next()
  if (first.done === true) return
  const rest = async function * (): Octets {
    try {
      for (let piece: IteratorResult<Buffer> = first; piece.done !== true; piece = await pieces.next()) yield piece.value
    } finally {
      await pieces.return?.()
    }
  }
  const head = first.value.toString('latin1', 0, 8)
  const [, why] = packed.find(([magic]) => head.startsWith(magic)) ?? []
  if (why !== undefined) {
    await pieces.return?.()
    throw new LogError(why)
  }
  if (!head.startsWith('\x1f\x8b')) {
    yield * rest()
    return
  }
  const gunzip = createGunzip()
  const fed = (async () => {
    try {
      for await (const piece of rest()) if (!gunzip.write(piece)) await new Promise(resolve => gunzip.once('drain', resolve).once('close', resolve))
      gunzip.end()
    } catch (error) {
      gunzip.destroy(error as Error)
    }
  })()
  try {
    for await (const piece of gunzip) yield piece as Buffer
  } finally {
    gunzip.destroy()
    await fed
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory', EACCES: 'permission denied', EPERM: 'permission denied', EISDIR: 'it is a directory', ENOTDIR: 'a part of its path is no directory',
  Z_BUF_ERROR: 'the packed file is cut off', Z_DATA_ERROR: 'the packed file is damaged',
}

export function asLogError(error: unknown): LogError {
  if (error instanceof LogError) return error
  const { code, message } = error as NodeJS.ErrnoException
  return new LogError(words[code ?? ''] ?? message)
}
