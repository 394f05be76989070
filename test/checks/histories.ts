/** Histories of a domain, for the tables of checks that hold a run against earlier ones. */
import type { HistoryFacts, Observation, ObservedCertificate } from '../../src/probes/history.ts'
import { usualNow } from '../world.ts'

const dayLong = 86_400_000

/** RFC 3339: so many days before the world's now. */
export function ago(days: number): string {
  return new Date(Date.parse(usualNow) - days * dayLong).toISOString()
}

/** A value that was seen from so many days before now until so many. */
export function seen(value: string | null, from: number, until: number): Observation {
  return { value, firstSeen: ago(from), lastSeen: ago(until) }
}

/** `since`: so many days ago it was looked at for the first time. */
export function history(records: HistoryFacts['records'], since = 1000): HistoryFacts {
  return { since: ago(since), records }
}

/** `--state` of a domain that nobody looked at before. */
export const noRuns: HistoryFacts = { since: null, records: {} }

/** A leaf as it is remembered; `ends` in days from now. */
export function certificate(name: string, { ends = 60, lives = 90, key = name }: { ends?: number; lives?: number; key?: string } = {}): string {
  const leaf: ObservedCertificate = { sha256: name, spkiSha256: key, notBefore: ago(lives - ends), notAfter: ago(-ends) }
  return JSON.stringify(leaf)
}
