/**
 * All that is remembered of a domain from run to run: the last verdicts, the last run of each module, the history of its
 * records. It changes only by runs that end, and what a run changes is a value of its own (`Change`), small enough to be a
 * line of the state file; applying the lines again gives the same record.
 */
import type { Report } from '../report/report.ts'
import type { FinishedRun } from './metrics.ts'
import { afterSeeing, seenIn, type Histories, type Seen } from './observations.ts'
import { afterRun, keyOf, standingOf, type Standing, type Standings } from './verdicts.ts'

export interface LastRun {
  /** Milliseconds since 1970. */
  readonly endedAt: number
  readonly seconds: number
  readonly success: boolean
}

export interface DomainRecord {
  readonly standings: Standings
  /** By module. */
  readonly runs: ReadonlyMap<string, LastRun>
  readonly histories: Histories
  /** Milliseconds since 1970: the end of the first run. */
  readonly since: number | null
}

export const emptyRecord: DomainRecord = { standings: new Map(), runs: new Map(), histories: new Map(), since: null }

export interface Change {
  readonly module: string
  readonly run: LastRun
  /** Did it judge anything? A run that broke leaves all verdicts as they were. */
  readonly judged: boolean
  /** What is new or otherwise than before. */
  readonly set: readonly Standing[]
  /** Keys of what is gone. */
  readonly gone: readonly string[]
  /** Records with a value that they did not have before. */
  readonly changed: Seen
  /** Records that are as they were. */
  readonly same: readonly string[]
}

/** What a finished run changes. */
export function changeOf(before: DomainRecord, report: Report | null, { module, endedAt, seconds, success }: FinishedRun): Change {
  const run: LastRun = { endedAt: endedAt.getTime(), seconds, success }
  if (!report) return { module, run, judged: false, set: [], gone: [], changed: new Map(), same: [] }
  const after = afterRun(before.standings, { module, endedAt: run.endedAt, findings: report.findings })
  const seen = seenIn(report)
  const isSame = ([record, value]: [string, string | null]): boolean => {
    const spans = before.histories.get(record)
    return spans ? spans.at(-1)?.value === value : value === null
  }
  return {
    module, run, judged: true,
    set: [...after].filter(([key, standing]) => !isAsBefore(before.standings.get(key), standing, module)).map(([, standing]) => standing),
    gone: [...before.standings.keys()].filter(key => !after.has(key)),
    changed: new Map([...seen].filter(entry => !isSame(entry))),
    same: [...seen].filter(isSame).flatMap(([record]) => before.histories.has(record) ? [record] : []),
  }
}

/** But for the time of its decision, which follows from the time of the run. */
function isAsBefore(before: Standing | undefined, after: Standing, module: string): boolean {
  if (before?.state !== after.state || before.unknown !== after.unknown || before.severity !== after.severity) return false
  return before.module === after.module && before.recent === after.recent && (after.unknown === null || after.module !== module || before.decidedAt === after.decidedAt)
}

export function applyChange(before: DomainRecord, { module, run, judged, set, gone, changed, same }: Change): DomainRecord {
  const runs = new Map(before.runs).set(module, run)
  const since = before.since ?? run.endedAt
  if (!judged) return { ...before, runs, since }
  const standings = new Map(before.standings)
  for (const key of gone) standings.delete(key)
  for (const standing of set) standings.set(keyOf(standing), standing)
  for (const [key, standing] of standings) {
    if (standing.module === module && standing.unknown === null) standings.set(key, standingOf({ ...standing, decidedAt: run.endedAt }))
  }
  const seen = new Map(changed)
  for (const record of same) seen.set(record, before.histories.get(record)?.at(-1)?.value ?? null)
  return { standings, runs, since, histories: afterSeeing(before.histories, seen, run.endedAt) }
}

/** Without the modules that are not run any more. */
export function withoutModules(record: DomainRecord, modules: ReadonlySet<string>): DomainRecord {
  if ([...record.runs.keys()].every(module => modules.has(module))) return record
  return {
    ...record,
    standings: new Map([...record.standings].filter(([, { module }]) => modules.has(module))),
    runs: new Map([...record.runs].filter(([module]) => modules.has(module))),
  }
}
