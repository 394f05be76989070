/**
 * The lines of the state file: one JSON object each. A `run` line says what one run changed, a `domain` line all that is
 * remembered of a domain (compaction writes those). Reading trusts nothing: a line may be cut off, or be somebody's edit.
 */
import { z } from 'zod'
import { severities } from '../checks/define.ts'
import { reasons, type Reason } from '../reasons.ts'
import { parseDomain } from '../syntax/domain.ts'
import { emptyRecord, applyChange, type Change, type DomainRecord } from './domain-record.ts'
import { keyOf, type Standing } from './verdicts.ts'

const time = z.number().int().min(0).max(8.64e15)
const name = z.string().min(1).max(1000)
const value = z.string().max(10_000).nullable()
const reason = z.enum(Object.keys(reasons) as [Reason, ...Reason[]])

const standing = z.object({
  check: name, subject: name, severity: z.enum(severities), module: name, state: z.enum(['pass', 'fail']).nullable(),
  decidedAt: time.nullable(), unknown: reason.nullable(), recent: z.string().regex(/^[PF]{0,3}$/).exactOptional(),
})
const run = z.object({ endedAt: time, seconds: z.number().min(0), success: z.boolean() })

const lines = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'), domain: name, module: name, run, judged: z.boolean(), set: z.array(standing), gone: z.array(name),
    changed: z.record(name, value), same: z.array(name),
  }),
  z.object({
    kind: z.literal('domain'), domain: name, since: time.nullable(), runs: z.record(name, run), standings: z.array(standing),
    histories: z.record(name, z.array(z.object({ value, first: time, last: time })).min(1)),
  }),
])

/** The first line of the file: what follows is of this form. */
export const header = { kind: 'mailcheck.state', version: 1 } as const

export function isHeader(line: string): boolean {
  try {
    const parsed = JSON.parse(line) as Partial<typeof header> | null
    return parsed?.kind === header.kind && parsed.version === header.version
  } catch {
    return false
  }
}

export function runLine(domain: string, { module, run: ended, judged, set, gone, changed, same }: Change): string {
  return `${JSON.stringify({ kind: 'run', domain, module, run: ended, judged, set, gone, changed: Object.fromEntries(changed), same })}\n`
}

export function domainLine(domain: string, { since, runs, standings, histories }: DomainRecord): string {
  return `${JSON.stringify({
    kind: 'domain', domain, since, runs: Object.fromEntries(runs), standings: [...standings.values()], histories: Object.fromEntries(histories),
  })}\n`
}

/** Applies a line to what is remembered; false for a damaged one, which changes nothing. */
export function applyLine(records: Map<string, DomainRecord>, line: string): boolean {
  let parsed: z.infer<typeof lines>
  try {
    parsed = lines.parse(JSON.parse(line))
  } catch {
    return false
  }
  const named = parseDomain(parsed.domain)
  if ('error' in named || named.domain !== parsed.domain) return false
  if (parsed.kind === 'run') {
    const { domain, module, run: ended, judged, set, gone, changed, same } = parsed
    records.set(domain, applyChange(records.get(domain) ?? emptyRecord, { module, run: ended, judged, set, gone, same, changed: new Map(Object.entries(changed)) }))
  } else {
    const { domain, since, runs, standings, histories } = parsed
    records.set(domain, {
      since, runs: new Map(Object.entries(runs)), histories: new Map(Object.entries(histories)),
      standings: new Map(standings.map((one: Standing) => [keyOf(one), one])),
    })
  }
  return true
}
