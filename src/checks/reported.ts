/** What the checks of received reports have in common. */
import type { Evidence } from './define.ts'

/** Milliseconds. */
const day = 86_400_000

/** A line of what a report says; `from` names the report. */
export function reportSeen(from: string, line: string): Evidence {
  return { from: 'session', endpoint: from, line }
}

/** The first day of those that still count: so many days up to the last that a report is about. RFC 3339 in, a date out. */
export function since(last: string, days: number): string {
  return new Date(Date.parse(last) - (days - 1) * day).toISOString().slice(0, 10)
}
