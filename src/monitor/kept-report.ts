/**
 * The last report of a target, small: nobody may ever ask for it, and there are thousands. What the status page shows of it is
 * at hand; all of it is packed, and unpacked for whoever wants to read it.
 */
import { deflateRaw, inflateRawSync } from 'node:zlib'
import { renderJsonLine } from '../report/json.ts'
import type { Report } from '../report/report.ts'
import type { Glance } from '../report/status.ts'

/** What a glance wants to know. */
export type ReportGlance = Glance & Pick<Report, 'startedAt'>

export class KeptReport {
  readonly glance: ReportGlance
  /** Until it is packed. */
  #report: Report | null
  #packed: Buffer | null = null

  constructor(report: Report) {
    const { startedAt, shownAs, questions, findings } = report
    this.glance = {
      startedAt, shownAs, questions,
      findings: findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')
        .map(({ check, subject, severity, question, verdict, message }) => ({ check, subject, severity, question, verdict, message })),
    }
    this.#report = report
    setImmediate(() => this.#pack(report))
  }

  /** As JSON has it. */
  whole(): Report {
    if (this.#report) return this.#report
    return JSON.parse(inflateRawSync(this.#packed ?? Buffer.alloc(0)).toString()) as Report
  }

  #pack(report: Report): void {
    deflateRaw(renderJsonLine(report), { level: 1 }, (error, packed) => {
      if (error) return // then it stays as it is
      this.#packed = exact(packed)
      this.#report = null
    })
  }
}

/** Without the rest of the chunk that it was packed into, which is the greater part of it and would stay as long. */
function exact(packed: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(packed.length)
  packed.copy(own)
  return own
}
