/** What others report, from the paths that the user names and from the state directory. */
import { StateError } from '../monitor/journal.ts'
import { filesBelow, reportsIn } from '../monitor/report-files.ts'
import { ReportLedger } from '../monitor/report-ledger.ts'
import type { ReceivedReport, SetAside } from '../syntax/received-report.ts'
import { UsageError } from './usage-error.ts'

/** The files below the paths. Throws `UsageError` for a path that is not there. */
export function reportFiles(paths: readonly string[]): ReturnType<typeof filesBelow> {
  const found = filesBelow(paths)
  const missing = found.unusable.find(({ path }) => paths.includes(path))
  if (missing) throw new UsageError(`${missing.path} cannot be read: ${missing.reason}`)
  return found
}

/** Each report of a folder and of the state once. Throws `UsageError`. */
export async function readReportFolder(path: string | undefined, state: string | undefined): Promise<{ readonly reports: readonly ReceivedReport[]; readonly setAside: readonly SetAside[] }> {
  const remembered = state === undefined ? new ReportLedger() : await asUsage(ReportLedger.read(state))
  const others = new ReportLedger()
  const setAside: SetAside[] = []
  await others.write(async add => {
    if (path === undefined) return
    const { files, unusable } = reportFiles([path])
    setAside.push(...unusable.map(({ path: where, reason }) => ({ where, line: null, reason })))
    for (const file of files) {
      for await (const read of reportsIn(file)) {
        for (const report of read.reports) if (!remembered.has(report)) await add(report)
        setAside.push(...read.setAside)
      }
    }
  })
  if (others.forgotten > 0) setAside.push({ where: path ?? '', line: null, reason: oldestLeftOut(others.forgotten) })
  return { reports: [...remembered.all(), ...others.all()], setAside }
}

/** Reports that made room for later ones. */
export function oldestLeftOut(count: number): string {
  return `there is more than can be kept: the ${count === 1 ? 'oldest report is' : `${count} oldest reports are`} left out`
}

/** What stands in the way of the state is for the user to mend. */
export async function asUsage<T>(promise: Promise<T>): Promise<T> {
  return promise.catch((error: unknown) => {
    throw error instanceof StateError ? new UsageError(`--state: ${error.message}`) : error
  })
}
