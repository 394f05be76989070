/** What stands beside a report: the waivers of the configuration, and the earlier reports of `--baseline` and `--since`. */
import { readFileSync } from 'node:fs'
import { checks as registry } from '../checks/index.ts'
import { selectChecks } from '../checks/select.ts'
import type { Config } from '../config.ts'
import type { Report } from '../report/report.ts'
import type { SavedReport } from '../report/saved.ts'
import { readSavedReports } from '../report/saved.ts'
import { acceptBaseline, compareSince } from '../report/since.ts'
import { waive, waiverLine, type Waiver, type WaiverUse } from '../report/waivers.ts'
import { fileError } from './file-error.ts'
import { tell } from './output.ts'
import { UsageError } from './usage-error.ts'

interface CompareFlags {
  readonly baseline?: string | undefined
  readonly since?: string | undefined
  readonly quiet: boolean
}

export interface Compared {
  /** The same report, with what is waived, known and changed. */
  readonly mark: (report: Report) => Report
  /** After the last report: which waivers to look at. `shown`: the reports said already what has expired. */
  readonly tellWaivers: (shown: boolean) => void
}

/** Throws `UsageError`, before anything is asked. */
export function comparedWith({ baseline, since, quiet }: CompareFlags, config: Config | null): Compared {
  const waivers = waiversOf(config)
  const known = baseline === undefined ? undefined : savedReports(baseline, '--baseline')
  const before = since === undefined ? undefined : savedReports(since, '--since')
  const context = { registry, otherDomains: [...config?.domains.keys() ?? []] }
  const uses: WaiverUse[][] = []
  return {
    mark: report => {
      const waived = waive(report, waivers, context)
      if (waived.waivers) uses.push([...waived.waivers])
      const accepted = known ? beside(waived, known, baseline ?? '', quiet, acceptBaseline) : waived
      return before ? beside(accepted, before, since ?? '', quiet, compareSince) : accepted
    },
    tellWaivers: shown => {
      for (const [i] of waivers.entries()) {
        const own = uses.flatMap(list => list[i] ?? [])
        const [first] = own
        if (!first) continue
        const findings = own.reduce((sum, use) => sum + use.findings, 0)
        if (first.state === 'expired' ? !(shown && findings > 0) : own.every(({ state }) => state === 'unused')) tell(waiverLine({ ...first, findings }))
      }
    },
  }
}

/** Throws `UsageError`. */
export function waiversOf(config: Config | null): Waiver[] {
  return (config?.waivers ?? []).map(({ check, subject, reason, owner, until }, i): Waiver => {
    const [wrong] = selectChecks(registry, [check], []).unmatched
    if (wrong) {
      throw new UsageError(`${config?.at('waivers', i, 'check') ?? ''}: no check is called "${check}"${wrong.nearest === undefined ? '' : `; did you mean "${wrong.nearest}"?`}`)
    }
    return { check, subject: subject ?? '*', reason, owner: owner ?? null, until: until ?? null, at: config?.at('waivers', i) ?? '' }
  })
}

function savedReports(file: string, flag: string): ReadonlyMap<string, SavedReport> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${flag}: ${file} cannot be read: ${fileError(error)}`)
  }
  const saved = readSavedReports(text)
  if ('error' in saved) throw new UsageError(`${flag}: ${file}: ${saved.error}`)
  return new Map(saved.reports.map(report => [report.domain, report]))
}

function beside(report: Report, saved: ReadonlyMap<string, SavedReport>, file: string, quiet: boolean, compare: (report: Report, earlier: SavedReport) => Report): Report {
  const earlier = saved.get(report.domain)
  if (earlier) return compare(report, earlier)
  if (!quiet) tell(`${file} has no report on ${report.domain}`)
  return report
}
