/** How often each check is run: what an alert has to wait for follows from it. */
import type { Check } from '../checks/define.ts'
import { moduleOf, type Module } from './modules.ts'

/** Seconds. A check in several modules has the verdicts of them all; one in none, what would be usual for it. */
export function intervalsOf(modules: readonly Module[]): (check: Check) => number {
  return check => {
    const own = modules.filter(({ checks }) => checks.some(({ id }) => id === check.id)).map(({ interval }) => interval)
    return own.length > 0 ? Math.max(...own) : moduleOf('usual', {}, [check], new Set(check.requires === undefined ? [] : [check.requires])).interval
  }
}
