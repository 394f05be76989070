/** Reports for the tables of these checks; days are counted back from the world's now. */
import type { Scope } from '../../../src/scope.ts'
import { readReports, type ReceivedReport } from '../../../src/syntax/received-report.ts'
import { aggregate, day, tls, type Row, type TlsFailing } from '../../syntax/report-samples.ts'
import { usualNow } from '../../world.ts'

/** Seconds: midnight so many days before now. */
export const midnight = (daysAgo: number): number => Math.floor(Date.parse(usualNow) / 1000 / day) * day - daysAgo * day
export const dateOf = (daysAgo: number): string => new Date(midnight(daysAgo) * 1000).toISOString().slice(0, 10)

let number = 0
export const mails = (daysAgo: number, ...rows: Row[]): ReceivedReport[] =>
  read(aggregate({ id: `r${number++}`, begin: midnight(daysAgo), rows: rows.length === 0 ? [{}] : rows }))
export const sessions = (daysAgo: number, ...failures: TlsFailing[]): ReceivedReport[] => read(tls({ id: `t${number++}`, begin: midnight(daysAgo), failures }))

function read(text: string): ReceivedReport[] {
  const { reports, setAside } = readReports(Buffer.from(text), 'test')
  if (setAside.length > 0) throw new Error(JSON.stringify(setAside))
  return [...reports]
}

export function given(...reports: readonly ReceivedReport[][]): { scope: Partial<Scope> } {
  return { scope: { permissions: new Set(['reports', 'state'] as const), reports: reports.flat() } }
}

/** Days that each have one report. */
export const daily = (from: number, until: number, ...rows: Row[]): ReceivedReport[] =>
  Array.from({ length: from - until + 1 }, (_, i) => mails(from - i, ...rows)).flat()
