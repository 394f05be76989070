/**
 * One process to a state directory. The lock is a file with the number of its process and when that began, so that the lock
 * of a process which died is no lock, even when its number was given to another.
 */
import { closeSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const fileName = 'lock'

export class StateLock {
  readonly #file: string

  private constructor(file: string) {
    this.#file = file
  }

  /** Throws when the directory cannot be written. */
  static take(directory: string): StateLock | { readonly heldBy: number } {
    const file = join(directory, fileName)
    const own = `${file}.${process.pid}`
    const descriptor = openSync(own, 'w', 0o600)
    writeSync(descriptor, `${process.pid} ${beginOf(process.pid) ?? ''}\n`)
    closeSync(descriptor)
    try {
      for (let attempt = 0; attempt < 3; attempt++) {
        try {
          linkSync(own, file) // whole or not at all, and for one process alone
          return new StateLock(file)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        }
        const holder = holderOf(file)
        if (holder !== null) return { heldBy: holder }
        rmSync(file, { force: true })
      }
      throw new Error('the lock changes hands all the time')
    } finally {
      rmSync(own, { force: true })
    }
  }

  release(): void {
    rmSync(this.#file, { force: true })
  }
}

/** The process that holds the lock; null for one that is no more. */
function holderOf(file: string): number | null {
  let text: string
  try {
    text = readFileSync(file, 'latin1')
  } catch {
    return null
  }
  const [, pid = '', begin = ''] = /^(\d{1,10}) (\d*)\n$/.exec(text) ?? []
  if (pid === '' || !isAlive(Number(pid))) return null
  const now = beginOf(Number(pid))
  return begin !== '' && now !== null && now !== begin ? null : Number(pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process began, in ticks since the machine did; null where nobody tells. */
function beginOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ')[19] ?? null
  } catch {
    return null
  }
}
