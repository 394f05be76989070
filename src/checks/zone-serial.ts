/**
 * Since when do name servers hold different versions of a zone? Its SOA serial counts versions; many write the date into it
 * (RFC 1912 §2.2: YYYYMMDDnn) or the time in seconds, and then it tells when the newest version was made.
 */
import type { RecordData } from '../syntax/record.ts'

export type Serial = Pick<RecordData['SOA'], 'serial' | 'refresh'>

const day = 86_400

/**
 * Has every server the newest version? `settled`: all have one version, or had the time to fetch it (the refresh interval, and a day where only a date is known).
 * `changing`: the newest version is younger than that. `unknown`: the serial does not tell.
 */
export function transferState(serials: readonly Serial[], now: Date): 'settled' | 'changing' | 'unknown' {
  if (new Set(serials.map(({ serial }) => serial)).size <= 1) return 'settled'
  const newest = serials.reduce((latest, one) => isLater(one.serial, latest.serial) ? one : latest)
  const made = timeOf(newest.serial)
  const seconds = now.getTime() / 1000
  if (made === null || made.at > seconds + day) return 'unknown'
  return seconds - made.at > newest.refresh + made.within ? 'settled' : 'changing'
}

/** RFC 1982 §3.2. */
function isLater(a: number, b: number): boolean {
  return a !== b && ((a - b) >>> 0) < 2 ** 31
}

/** Seconds since 1970, and within how many. */
function timeOf(serial: number): { readonly at: number; readonly within: number } | null {
  const [, year, month, date] = /^((?:19|20)\d\d)(\d\d)(\d\d)\d\d$/.exec(String(serial)) ?? []
  if (year !== undefined) {
    const at = Date.parse(`${year}-${month ?? ''}-${date ?? ''}T00:00:00Z`) / 1000
    if (!Number.isNaN(at)) return { at: at - day / 2, within: 2 * day } // in whatever time zone, at whatever hour
  }
  return serial > 1_000_000_000 && serial < 1_990_000_000 ? { at: serial, within: 0 } : null
}
