/** Lines of a mail log a second on one core, and what a log of any length takes of memory. In a process of its own. */
import { EntryReader } from '../../src/logs/entry-reader.ts'
import { MailLog } from '../../src/logs/mail-log.ts'
import { dayOfLog } from './log-lines.ts'

const [first = 200_000, more = 2_000_000] = process.argv.slice(2).map(Number)

export interface ReadLogs {
  readonly perSecond: number
  readonly lines: number
  /** Octets of memory in use after the first lines, and after ten times as many; and the most that the process took. */
  readonly before: number
  readonly after: number
  readonly peak: number
  readonly findings: number
}

const log = new MailLog()
const reader = new EntryReader('mail.log', () => new Date(), () => log.addHeadless())
let [round, spent] = [0, 0]
const readUntil = (lines: number): number => {
  while (log.total < lines) {
    const octets = dayOfLog(round++)
    const began = process.cpuUsage()
    for (let at = 0; at < octets.length; at += 1 << 16) for (const entry of reader.push(octets.subarray(at, at + (1 << 16)))) log.add(entry)
    const { user, system } = process.cpuUsage(began)
    spent += user + system
  }
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
const before = readUntil(first)
const [began, counted] = [spent, log.total]
const after = readUntil(more)
const measured: ReadLogs = { perSecond: (log.total - counted) * 1e6 / (spent - began), lines: log.total, before, after, peak: process.resourceUsage().maxRSS * 1024, findings: log.findings().length }
process.stdout.write(`${JSON.stringify(measured)}\n`)
