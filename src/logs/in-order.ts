/**
 * The entries of several logs in the order of time: rotated parts one after the other, logs of several servers side by side.
 * Within a file the order stays as it is. Of each file no more than a batch is held.
 */
import type { LogEntry } from './finding.ts'

interface Cursor {
  readonly batches: AsyncGenerator<LogEntry[]>
  batch: LogEntry[]
  at: number
}

/** `failed` is told of a log that cannot be read, or not to its end; the others go on. */
export async function * inOrder(logs: readonly AsyncGenerator<LogEntry[]>[], failed: (index: number, error: unknown) => void): AsyncGenerator<LogEntry[]> {
  const cursors: Cursor[] = []
  const next = async (index: number, cursor: Cursor): Promise<boolean> => {
    try {
      for (let read = await cursor.batches.next(); read.done !== true; read = await cursor.batches.next()) {
        if (read.value.length === 0) continue
        cursor.batch = read.value
        cursor.at = 0
        return true
      }
    } catch (error) {
      failed(index, error)
    }
    return false
  }
  const indices = new Map<Cursor, number>()
  for (const [index, batches] of logs.entries()) {
    const cursor: Cursor = { batches, batch: [], at: 0 }
    if (!await next(index, cursor)) continue
    cursors.push(cursor)
    indices.set(cursor, index)
  }
  while (cursors.length > 0) {
    const cursor = earliest(cursors)
    if (!cursor) return
    const until = Math.min(...cursors.filter(one => one !== cursor).map(timeOf))
    const from = cursor.at
    while (cursor.at < cursor.batch.length && (cursor.at === from || timeOf(cursor) <= until)) cursor.at++
    yield from === 0 && cursor.at === cursor.batch.length ? cursor.batch : cursor.batch.slice(from, cursor.at)
    if (cursor.at === cursor.batch.length && !await next(indices.get(cursor) ?? 0, cursor)) cursors.splice(cursors.indexOf(cursor), 1)
  }
}

function timeOf({ batch, at }: Cursor): number {
  return batch[at]?.time ?? Infinity
}

function earliest(cursors: readonly Cursor[]): Cursor | undefined {
  let [found] = cursors
  for (const cursor of cursors) if (found && timeOf(cursor) < timeOf(found)) found = cursor
  return found
}
