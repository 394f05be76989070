/**
 * The lines in which reports are kept: a header, a report each, and of a large report further lines with its rows. Any of them may
 * be cut off or damaged.
 */
import { z } from 'zod'
import type { DmarcRow } from '../syntax/dmarc-report.ts'
import type { ReceivedReport } from '../syntax/received-report.ts'

/** `written`: how often the file was written anew; who knows the one before begins from the start. */
export const headerShape = z.object({ kind: z.literal('mailcheck.reports'), version: z.literal(1), written: z.number().int().min(0).default(0) })
/** Rows of a report; a larger one goes on in further lines, so that none takes long to read or write. */
const rowsInLine = 1000
/** Rows for a report, and for each domain that it is about. */
const perDomain = 8

const name = z.string().max(1000)
const time = z.number().int().min(0).max(8.64e12)
const number = z.number().int().min(0)
const passed = z.enum(['pass', 'fail'])
const row: z.ZodType<DmarcRow> = z.object({
  source: name, count: number, disposition: z.enum(['none', 'pass', 'quarantine', 'reject']), dkim: passed, spf: passed, reasons: z.array(name), headerFrom: name, envelopeFrom: name.nullable(),
  signatures: z.array(z.object({ domain: name, selector: name.nullable(), result: name })), senders: z.array(z.object({ domain: name, result: name })),
})
/** Further lines of the report follow. */
const more = z.literal(true).optional()
export const lineShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rows'), rows: z.array(row), more }),
  z.object({
    kind: z.literal('dmarc'), form: z.enum(['RFC 7489', 'RFC 9990']), org: name, id: name, begin: time, end: time, domain: name,
    policy: z.object({ p: name.nullable(), sp: name.nullable(), np: name.nullable(), pct: number.nullable(), testing: z.boolean() }),
    rows: z.array(row), more,
  }),
  z.object({
    kind: z.literal('tls'), org: name, id: name, begin: time, end: time, policies: z.array(z.object({
      type: name, domain: name, success: number, failure: number,
      failures: z.array(z.object({ type: name, host: name.nullable(), address: name.nullable(), count: number, reason: name.nullable() })),
    })),
  }),
  z.object({
    kind: z.literal('failure'), org: name, id: name, at: time.nullable(), domain: name, type: name, failure: name.nullable(), source: name.nullable(), result: name.nullable(),
    signature: z.object({ domain: name, selector: name.nullable() }).nullable(), count: number,
  }),
])
export type Line = z.infer<typeof lineShape>

export function headerLine(written: number): string {
  return JSON.stringify({ kind: 'mailcheck.reports', version: 1, written } satisfies z.infer<typeof headerShape>)
}

export function* linesOf(report: ReceivedReport): Generator<string> {
  if (report.kind !== 'dmarc') {
    yield JSON.stringify(report)
    return
  }
  let first = true
  let rows: DmarcRow[] = []
  let weight = 0
  const line = (more: boolean): string => JSON.stringify({ ...first ? report : { kind: 'rows' }, rows, ...more ? { more } : {} })
  for (const row of report.rows) {
    if (weight >= rowsInLine) {
      yield line(true)
      first = false
      rows = []
      weight = 0
    }
    rows.push(row)
    weight += weightOf(row)
  }
  yield line(false)
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What a report takes in memory, with what the counters of its domains do: in rows, of some 300 octets each. */
export function rowsOf(report: ReceivedReport): number {
  if (report.kind === 'dmarc') return report.rows.reduce((sum, row) => sum + weightOf(row), perDomain)
  return report.kind === 'tls' ? report.policies.reduce((sum, { failures }) => sum + perDomain + failures.length, perDomain) : perDomain
}

function weightOf({ signatures, senders }: DmarcRow): number {
  return 1 + signatures.length + senders.length
}
