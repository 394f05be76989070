/**
 * Files that list domains, in the form of Prometheus `file_sd`: written by somebody else, at any moment, and read again when
 * they change. A file that cannot be read, or is half written, changes nothing: what it said before stays in force.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { matchesGlob } from '../syntax/glob.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Discovery } from './service.ts'
import type { NamedDomain } from './settings.ts'
import { parseTargets } from './target-list.ts'

/** Milliseconds from one look at the files to the next. */
const interval = 5000
const mostFiles = 1000
const longestFile = 32 * 1024 * 1024

interface ReadFile {
  /** What tells one state of the file from another. */
  readonly stamp: string
  readonly domains: readonly NamedDomain[]
  readonly readable: boolean
}

export function watchTargetFiles(clock: Clock, log: Log): (onChange: () => void) => Discovery {
  return onChange => {
    let files = new Map<string, ReadFile>()
    let patterns: readonly string[] = []
    let cancel = (): void => undefined

    /** True when the domains may be others than before. */
    const look = (): boolean => {
      const names = [...new Set(patterns.flatMap(pattern => filesOf(pattern)))].slice(0, mostFiles)
      const now = new Map(names.map(name => [name, read(name, files.get(name), log)]))
      const changed = now.size !== files.size || [...now].some(([name, file]) => files.get(name)?.domains !== file.domains)
      files = now
      return changed
    }
    const rest = (): void => {
      cancel()
      if (patterns.length === 0) return
      cancel = clock.after(interval, () => {
        if (look()) onChange()
        rest()
      })
    }
    return {
      domains: () => [...files.values()].flatMap(({ domains }) => domains),
      get unreadable() { return [...files.values()].filter(({ readable }) => !readable).length },
      watch: wanted => {
        patterns = wanted
        look()
        rest()
      },
      close: () => cancel(),
    }
  }
}

/** The files of a pattern: `*` stands for any characters of the last part of the path. A plain path is a file, there or not. */
function filesOf(pattern: string): string[] {
  const last = basename(pattern)
  if (!last.includes('*')) return [pattern]
  const folder = dirname(pattern)
  try {
    return readdirSync(folder).filter(name => !name.startsWith('.') && matchesGlob(last, name)).toSorted().map(name => join(folder, name))
  } catch {
    return [] // no folder yet: that is as good as an empty one
  }
}

function read(file: string, before: ReadFile | undefined, log: Log): ReadFile {
  let stamp = ''
  try {
    const { mtimeMs, size, ino } = statSync(file)
    stamp = `${mtimeMs} ${size} ${ino}`
    if (before?.stamp === stamp) return before
    if (size > longestFile) throw new Error(`it is larger than ${longestFile} octets`)
    const { domains, refused } = parseTargets(readFileSync(file, 'utf8'))
    for (const text of refused.slice(0, 10)) log('warn', 'a target is no domain and is passed over', { file, target: text })
    if (refused.length > 10) log('warn', 'more targets are no domains', { file, count: refused.length - 10 })
    return { stamp, domains, readable: true }
  } catch (error) {
    stamp ||= 'absent'
    if (before?.stamp !== stamp) {
      log('error', 'a target file cannot be read; what it said before stays in force', { file, problem: error instanceof Error ? error.message : String(error) })
    }
    return { stamp, domains: before?.domains ?? [], readable: false }
  }
}
