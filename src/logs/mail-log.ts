/**
 * A mail log as a whole: entry by entry into what they come to. What is kept is bounded, however long the log is and whatever
 * strangers write into it.
 */
import type { LogEvent } from '../syntax/log-event.ts'
import { logPrograms, readLogEvent, type LogProgram } from '../syntax/mail-log.ts'
import { BoundedMap } from './bounded-map.ts'
import { Deliveries, type Delivered } from './deliveries.ts'
import { Findings, kept, type LogEntry, type LogEvidence, type LogFinding } from './finding.ts'
import { defaultLimits, type LogLimits } from './limits.ts'
import { Logins } from './logins.ts'
import { Refusals } from './refusals.ts'
import { Sending } from './sending.ts'

/** What one line came to, for who counts along. */
export interface Counted {
  readonly program: LogProgram
  readonly event: LogEvent | null
  /** Failed logins that it adds: the same one may be told by two programs. */
  readonly failures: number
  readonly delivered: Delivered | null
}

const nothing = { failures: 0, delivered: null } as const

const recentRejections = 2000

export class MailLog {
  readonly lines: Record<LogProgram, { known: number; unknown: number }>
  /** Lines that were longer than is read, and lines that have no head of a known form. */
  readonly strange = { cut: 0, headless: 0 }
  readonly logins: Logins
  readonly sending: Sending
  readonly deliveries: Deliveries
  readonly refusals: Refusals
  readonly messages = { accepted: 0 }
  first = NaN
  last = NaN
  readonly #findings: Findings
  /** Exim writes what it refuses into two files. */
  readonly #rejections = new BoundedMap<string>(recentRejections)
  readonly #trouble = new BoundedMap<{ count: number }>(200)

  constructor({ limits = defaultLimits, raised = () => undefined }: { readonly limits?: LogLimits; readonly raised?: (finding: LogFinding) => void } = {}) {
    this.lines = Object.fromEntries(logPrograms.map(program => [program, { known: 0, unknown: 0 }])) as MailLog['lines']
    this.#findings = new Findings(raised)
    this.logins = new Logins(limits, this.#findings)
    this.sending = new Sending(limits, this.#findings)
    this.deliveries = new Deliveries(this.#findings, this.sending)
    this.refusals = new Refusals(this.#findings)
  }

  add(entry: LogEntry): Counted {
    const { program, event } = readLogEvent(entry)
    this.lines[program][event ? 'known' : 'unknown']++
    if (program !== 'other') this.#passed(entry.time)
    if (!event || event.kind === 'other' || this.#told(event, entry)) return { program, event: event ? { kind: 'other' } : null, ...nothing }
    return { program, event, ...this.#fold(kept({ entry, event })) }
  }

  /** A line that has no head of a known form. */
  addHeadless(): void {
    this.strange.headless++
    this.lines.other.unknown++
  }

  get known(): number {
    return logPrograms.reduce((sum, program) => sum + this.lines[program].known, 0)
  }

  get total(): number {
    return logPrograms.reduce((sum, program) => sum + this.lines[program].known + this.lines[program].unknown, 0)
  }

  /** What was forgotten, because there was more of it than is kept. */
  get forgotten(): number {
    return this.logins.accounts.forgotten + this.logins.sources.forgotten + this.sending.accounts.forgotten + this.deliveries.queue.forgotten
      + this.deliveries.receivers.forgotten + this.#findings.forgotten
  }

  /** The gravest first. */
  findings(): LogFinding[] {
    this.look()
    return this.#findings.all()
  }

  /** No line tells that a message still waits: that is found by looking. */
  look(): void {
    if (!Number.isNaN(this.last)) this.deliveries.ended(this.last)
  }

  #passed(time: number): void {
    if (!(this.first <= time)) this.first = time
    if (!(this.last >= time)) this.last = time
    this.sending.passed(time)
  }

  /** In another file, already. */
  #told(event: LogEvent, { program, time, text, file }: LogEntry): boolean {
    if ((event.kind !== 'refused' && event.kind !== 'login-failed') || !program.startsWith('exim')) return false
    const key = `${time} ${text}`
    const before = this.#rejections.peek(key)
    if (before === undefined) this.#rejections.set(key, file)
    return before !== undefined && before !== file
  }

  #fold(evidence: LogEvidence): Pick<Counted, 'failures' | 'delivered'> {
    const { entry, event } = evidence
    switch (event.kind) {
      case 'login':
        this.logins.succeeded(event, evidence)
        return nothing
      case 'login-failed':
        return { ...nothing, failures: this.logins.failed(event, entry) }
      case 'accepted':
        this.messages.accepted++
        if (event.account !== null && event.address !== null) this.logins.succeeded({ user: event.account, address: event.address, service: 'smtp' }, evidence)
        this.deliveries.accepted(event, evidence)
        if (event.account === null && event.address !== null && event.from !== null) this.refusals.accepted(event.address, event.from, entry)
        return nothing
      case 'queued': {
        const { address, account, again } = this.deliveries.queued(event, evidence)
        if (!again && account === null && address !== null) this.refusals.accepted(address, event.from, entry)
        return nothing
      }
      case 'delivery':
        return { ...nothing, delivered: this.deliveries.delivered(event, evidence) }
      case 'finished':
        this.deliveries.finished(event.id, entry)
        return nothing
      case 'refused':
        this.refusals.refused(event, event.address ?? this.deliveries.queue.peek(`${entry.host} ${event.id ?? ''}`)?.address ?? null, evidence)
        return nothing
      case 'tls':
        if (event.direction === 'out') this.deliveries.secured(event, entry)
        return nothing
      case 'trouble': {
        const program = entry.program.slice(0, 60)
        const trouble = this.#trouble.touch(program, () => ({ count: 0 }))
        this.#findings.report('server-trouble', event.level === 'error' ? 'warning' : 'error', { program }, evidence, ++trouble.count)
        return nothing
      }
      default:
        return nothing
    }
  }
}
