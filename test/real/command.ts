import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { checks } from '../../src/checks/index.ts'
import type { Finding } from '../../src/run.ts'
import type { Report } from '../../src/report/report.ts'

const bin = join(import.meta.dirname, '../../bin/mailcheck.js')
const ca = process.env['MAILCHECK_REAL_CA'] ?? ''

export interface Ran { readonly status: number | string | null; readonly report: Report; readonly stdout: string; readonly stderr: string }

/** The command as a person runs it: the resolver comes from /etc/resolv.conf, the ports are the true ones. */
export function mailcheck(...args: string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [bin, ...args, '--json', '--ca', ca], { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      try {
        const { reports } = JSON.parse(stdout) as { reports: Report[] }
        const [report] = reports
        if (!report) throw new Error('no report')
        resolve({ status: error ? error.code ?? null : 0, report, stdout, stderr })
      } catch (cause) {
        reject(new Error(`no report: ${stderr}${stdout}`, { cause }))
      }
    })
  })
}

export const show = ({ check, subject, verdict, code, detail }: Finding): string => `${check} ${subject} ${verdict} ${code ?? ''} ${detail ?? ''}`
export const fails = (report: Report): string[] =>
  report.findings.filter(({ verdict }) => verdict === 'fail').map(({ check, subject, code }) => `${check} ${subject} ${code ?? ''}`)
export const graveFails = (report: Report): string[] =>
  report.findings.filter(({ verdict, severity }) => verdict === 'fail' && severity !== 'notice').map(show)
/** The verdicts of one check, by subject. */
export const verdictsOf = (report: Report, id: string): Record<string, string> => Object.fromEntries(
  report.findings.filter(({ check }) => check === id).map(({ subject, verdict, code }) => [subject, verdict === 'pass' ? verdict : `${verdict} ${code ?? ''}`]))
/** Is there a check of this name? What there is no check for, there is nothing to hold it to. */
export const knows = (id: string): boolean => checks.some(check => check.id === id)
