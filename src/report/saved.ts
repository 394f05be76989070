/** Reports that were written before: what `--baseline` and `--since` read. Any output of ours for programs will do. */
import type { ReportedFinding } from './report.ts'

/** As much of a report as a comparison needs. */
export interface SavedReport {
  readonly domain: string
  readonly startedAt: string
  readonly mailcheck: string
  readonly findings: readonly SavedFinding[]
}
export type SavedFinding = Pick<ReportedFinding, 'domain' | 'check' | 'subject' | 'verdict' | 'severity' | 'code' | 'message'>

/** A document of `--json`, of `--format jsonl`, or of `plan --json`, of which the report after the change counts. */
export function readSavedReports(text: string): { readonly reports: readonly SavedReport[] } | { readonly error: string } {
  const documents = parse(text)
  if (documents === null) return { error: 'it is neither JSON nor a line of JSON for each report' }
  const reports = documents.flatMap(reportsIn)
  if (reports.length === 0) return { error: 'it holds no report of mailcheck (write one with --json)' }
  const wrong = reports.find(report => !isReport(report))
  if (wrong !== undefined) return { error: 'it holds a report without domain or findings' }
  return { reports: reports as SavedReport[] }
}

function parse(text: string): unknown[] | null {
  try {
    return [JSON.parse(text) as unknown]
  } catch {
    try {
      return text.split('\n').filter(line => line.trim() !== '').map(line => JSON.parse(line) as unknown)
    } catch {
      return null
    }
  }
}

function reportsIn(document: unknown): unknown[] {
  if (!isObject(document)) return []
  if (Array.isArray(document['reports'])) return document['reports'] as unknown[]
  if (Array.isArray(document['plans'])) return document['plans'].flatMap(reportsIn)
  if (isObject(document['after'])) return [document['after']]
  return 'findings' in document ? [document] : []
}

function isReport(value: unknown): value is SavedReport {
  return isObject(value) && typeof value['domain'] === 'string' && typeof value['startedAt'] === 'string'
    && Array.isArray(value['findings']) && value['findings'].every(isFinding)
}

function isFinding(value: unknown): boolean {
  return isObject(value) && ['domain', 'check', 'subject', 'verdict', 'severity', 'message'].every(name => typeof value[name] === 'string')
    && (value['code'] === null || typeof value['code'] === 'string')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
