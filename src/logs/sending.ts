/**
 * How much each account sends, against what it sent before: an account whose password somebody has sends all at once, to
 * many who do not exist. A newsletter does the first and not the second, and did it before.
 */
import { BoundedMap, Distinct } from './bounded-map.ts'
import type { Findings, LogEvidence } from './finding.ts'
import { day, type LogLimits } from './limits.ts'
import { Rate } from './rate.ts'

const mostAccounts = 10_000
const mostSources = 50
/** Windows of log before a burst, without which there is no past to compare with. */
const leastPast = 3

export interface Sender {
  messages: number
  recipients: number
  failed: number
  readonly rate: Rate
  readonly failures: Rate
  readonly sources: Distinct
  /** The window under way, the one before it, and the most of all before these two. */
  window: number
  current: number
  previous: number
  past: number
  burst: Burst | null
}

interface Burst {
  recipients: number
  failed: number
  readonly past: number
  last: LogEvidence
}

export class Sending {
  readonly accounts = new BoundedMap<Sender>(mostAccounts)
  readonly #limits: LogLimits
  readonly #findings: Findings
  #began = NaN

  constructor(limits: LogLimits, findings: Findings) {
    this.#limits = limits
    this.#findings = findings
  }

  /** The log speaks of this time. */
  passed(time: number): void {
    if (!(this.#began <= time)) this.#began = Number.isNaN(this.#began) ? time : Math.min(this.#began, time)
  }

  sent(account: string, address: string | null, recipients: number, evidence: LogEvidence): void {
    const { window, sending, sendingFactor } = this.#limits
    const { time } = evidence.entry
    const sender = this.accounts.touch(account, () => ({
      messages: 0, recipients: 0, failed: 0, rate: new Rate(), failures: new Rate(), sources: new Distinct(mostSources), window: 0, current: 0, previous: 0, past: 0, burst: null,
    }))
    sender.messages++
    sender.recipients += recipients
    if (address !== null) sender.sources.add(address)
    this.#turn(sender, Math.floor(time / window))
    sender.current += recipients
    const recent = sender.rate.add(time, recipients, window)
    // what comes days later is another matter, and is measured by what was sent until then
    if (sender.burst && time - sender.burst.last.entry.time > day) sender.burst = null
    if (sender.burst) {
      sender.burst.recipients = Math.max(sender.burst.recipients, Math.round(recent))
      sender.burst.last = evidence
      if (recent >= sending) this.#report(account, sender, sender.burst)
      return
    }
    if (time - this.#began < leastPast * window || recent < sending || recent < sendingFactor * sender.past) return
    sender.burst = { recipients: Math.round(recent), failed: Math.round(sender.failures.at(time, window)), past: sender.past, last: evidence }
    this.#report(account, sender, sender.burst)
  }

  /** A recipient could not be reached, for now or for good. */
  failed(account: string, time: number): void {
    const sender = this.accounts.peek(account)
    if (!sender) return
    sender.failed++
    const recent = sender.failures.add(time, 1, this.#limits.window)
    if (!sender.burst) return
    sender.burst.failed = Math.max(sender.burst.failed, Math.round(recent))
    this.#report(account, sender, sender.burst)
  }

  #turn(sender: Sender, window: number): void {
    if (window <= sender.window) return
    const adjacent = window === sender.window + 1
    sender.past = Math.max(sender.past, sender.previous, adjacent ? 0 : sender.current)
    sender.previous = adjacent ? sender.current : 0
    sender.current = 0
    sender.window = window
  }

  #report(account: string, sender: Sender, { recipients, failed, past, last }: Burst): void {
    // what reaches nobody, or comes from everywhere, was not written by its owner
    const strange = failed >= 20 && failed * 5 >= recipients || sender.sources.size >= 5
    this.#findings.report('sudden-sending', strange ? 'error' : 'warning', { account }, last, recipients, { past, failed, sources: sender.sources.size, seconds: this.#limits.window / 1000 })
  }
}
