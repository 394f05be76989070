/** What earlier runs saw, for checks that hold this run against it. */
import type { HistoryFacts, Observation, ObservedCertificate } from '../probes/history.ts'
import { parseData } from '../syntax/record.ts'
import { unknown, type Unknown } from './define.ts'

export const day = 86_400_000

/** Nobody looked before: what this run sees says nothing about how it came to be. */
export const nothingRemembered = unknown('history-too-short', 'no earlier run is remembered; mailcheck serve with --state DIR keeps what it sees')

/** The observations of a record, oldest first and never empty; unknown when there is none. */
export function observationsOf({ since, records }: HistoryFacts, record: string): readonly Observation[] | Unknown {
  if (since === null) return nothingRemembered
  const observations = Object.hasOwn(records, record) ? records[record] : undefined
  if (observations && observations.length > 0) return observations
  return unknown('history-too-short', `it was not seen in an earlier run (the first was on ${dateOf(since)})`)
}

/** `2026-11-22` */
export function dateOf(time: string | number): string {
  return (typeof time === 'number' ? new Date(time).toISOString() : time).slice(0, 10)
}

/** Since when it is as it is now: the first of the observations at the end that all are alike; null when the last is not. */
export function sinceWhen(observations: readonly Observation[], isAlike: (value: string | null) => boolean): Observation | null {
  return observations.slice(observations.findLastIndex(({ value }) => !isAlike(value)) + 1)[0] ?? null
}

/** The strings of each TXT record of an observation, joined; what is cut off or damaged is left out. */
export function observedTexts(value: string | null): string[] {
  return (value ?? '').split('\n').flatMap(line => {
    try {
      return line === '' ? [] : [parseData('TXT', line).strings.join('')]
    } catch {
      return []
    }
  })
}

/** Null for what is no certificate. */
export function observedCertificate(value: string | null): ObservedCertificate | null {
  try {
    const { sha256, spkiSha256, notBefore, notAfter } = JSON.parse(value ?? '') as Partial<Record<keyof ObservedCertificate, unknown>>
    if (typeof sha256 !== 'string' || typeof spkiSha256 !== 'string' || typeof notBefore !== 'string' || typeof notAfter !== 'string') return null
    return Number.isNaN(Date.parse(notBefore) + Date.parse(notAfter)) ? null : { sha256, spkiSha256, notBefore, notAfter }
  } catch {
    return null
  }
}
