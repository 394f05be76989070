/** Reports for programs. Public API: `mailcheck schema` prints the schema of what stands here. */
import { boundedFacts } from './bounded-facts.ts'
import type { Report } from './report.ts'

export const reportsSchema = 'mailcheck.reports/1'

/** `{"schema":"mailcheck.reports/1","reports":[…]}`, for reading by people as well. */
export function renderJson(reports: readonly Report[]): string {
  return jsonEnvelope.open + reports.map((report, i) => jsonEnvelope.item(report, i)).join('') + jsonEnvelope.close(reports.length)
}

/** The same document piece by piece, so that a report need not be kept until the last one is there. */
export const jsonEnvelope = {
  open: `{\n  "schema": "${reportsSchema}",\n  "reports": [`,
  item: (report: Report, index: number): string =>
    `${index === 0 ? '' : ','}\n    ${stringify(bounded(report), 2).replaceAll('\n', '\n    ')}`,
  close: (count: number): string => (count === 0 ? ']\n}\n' : '\n  ]\n}\n'),
} as const

/** One report, one line. */
export function renderJsonLine(report: Report): string {
  return `${stringify(bounded(report))}\n`
}

function bounded(report: Report): Report {
  return { ...report, facts: boundedFacts(report.facts) }
}

/** JSON that is safe to show on a terminal: what JSON leaves as it is and a terminal would obey is escaped as well. */
export function stringify(value: unknown, indent?: number): string {
  return JSON.stringify(value, plain, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Facts hold maps and sets; programs read objects and lists. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), item as unknown]))
  if (value instanceof Set) return [...value]
  return typeof value === 'bigint' ? String(value) : value
}
