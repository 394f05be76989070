/** The rows of the mail log in the table of the bench. */
import { Worker } from './worker.ts'
import type { ReadLogs } from './logs.ts'

export async function logRows(): Promise<[figure: string, value: string, aim: string][]> {
  const worker = await Worker.start('logs.ts')
  const { perSecond, lines, before, after, peak } = await worker.next<ReadLogs>()
  await worker.end()
  const mebibytes = (octets: number): string => `${(octets / 1024 / 1024).toFixed(0)} MiB`
  return [
    ['lines of a mail log a second of processor time', perSecond.toFixed(0), 'at least 16667 (a million a minute)'],
    [`  memory in use after ${Math.round(lines / 1e4)} thousand lines`, mebibytes(before), ''],
    ['  after ten times as many', mebibytes(after), 'the same, within 32 MiB'],
    ['  the most that the process took', mebibytes(peak), ''],
  ]
}
