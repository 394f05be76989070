/** What a mail log comes to, for programs and for people: numbers, findings in words, and the lines that show them. */
import type { LogEvidence, LogFinding } from '../logs/finding.ts'
import type { Histogram } from '../logs/histogram.ts'
import type { MailLog } from '../logs/mail-log.ts'
import type { Names } from '../logs/names.ts'
import { logEvidenceText } from './logs-evidence.ts'
import { logAdvice, logMessage } from './logs-words.ts'
import { visible } from './visible.ts'

export const logsSchemaName = 'mailcheck.logs/1'

const mostListed = 20

export interface ReportedEvidence { readonly file: string; readonly line: number; readonly time: string; readonly text: string }

export interface ReportedLogFinding {
  readonly code: string
  readonly severity: string
  readonly message: string
  readonly remedy: string
  readonly about: Readonly<Record<string, string>>
  readonly count: number
  readonly numbers: Readonly<Record<string, number>>
  readonly first: string
  readonly last: string
  readonly evidence: readonly ReportedEvidence[]
}

export type LogsReport = ReturnType<typeof logsReport>

export function logsReport(log: MailLog, { names, files }: { readonly names: Names; readonly files: readonly string[] }) {
  const { logins, sending, deliveries, refusals } = log
  const top = <T extends object>(entries: Iterable<readonly [string, T]>, weight: (one: T) => number): (readonly [string, T])[] =>
    [...entries].filter(([, one]) => weight(one) > 0).toSorted((a, b) => weight(b[1]) - weight(a[1]) || (a[0] < b[0] ? -1 : 1)).slice(0, mostListed)
  return {
    schema: logsSchemaName,
    files: files.map(visible),
    names: names.shown ? 'shown' as const : 'hidden' as const,
    from: moment(log.first), to: moment(log.last),
    lines: { total: log.total, known: log.known, unknown: log.total - log.known, cut: log.strange.cut, programs: log.lines },
    findings: log.findings().map(finding => reported(finding, names)),
    logins: {
      successes: logins.successes, failures: logins.failures,
      accounts: top(logins.accounts.entries(), one => one.failures).map(([name, one]) => ({ account: visible(names.account(name)), failures: one.failures, successes: one.successes, sources: one.others.size })),
      sources: top(logins.sources.entries(), one => one.failures).map(([name, one]) => ({ source: names.address(name), failures: one.failures, successes: one.successes, accounts: one.others.size })),
    },
    sending: {
      messages: log.messages.accepted,
      accounts: top(sending.accounts.entries(), one => one.recipients).map(([name, { messages, recipients, failed, sources }]) =>
        ({ account: visible(names.account(name)), messages, recipients, failed, sources: sources.size })),
    },
    deliveries: {
      ...deliveries.statuses,
      delay: deliveries.delays.count === 0 ? null : delayOf(deliveries.delays),
      tls: [...deliveries.tls].map(([version, count]) => ({ version: version === undefined ? 'unknown' : version ?? 'none', count })).toSorted((a, b) => b.count - a.count),
      deferredBy: ranked(deliveries.deferred), bouncedBy: ranked(deliveries.bounced),
      codes: top(deliveries.codes.entries(), ({ count }) => count).map(([code, { count }]) => ({ code, count })),
      receivers: top(deliveries.receivers.entries(), one => one.bounced + one.deferred).map(([domain, { sent, deferred, bounced, reasons }]) =>
        ({ receiver: visible(domain), sent, deferred, bounced, reasons: ranked(reasons) })),
    },
    refused: {
      total: refusals.total, temporary: refusals.temporary, reasons: ranked(refusals.reasons),
      lists: top(refusals.lists.entries(), ({ refused }) => refused).map(([list, { refused }]) => ({ list: visible(list), refused })),
      greylisting: { refused: refusals.greylisting.refused, messages: refusals.greylisting.messages, returned: refusals.greylisting.returned, half: finite(refusals.greylisting.delays.within(0.5)) },
    },
    forgotten: log.forgotten,
  }
}

/** One finding in words. */
export function reported(finding: LogFinding, names: Names): ReportedLogFinding {
  const { code, severity, about, count, numbers, first, last, evidence } = finding
  const shown: Record<string, string> = {
    ...about.account === undefined ? {} : { account: visible(names.account(about.account)) },
    ...about.source === undefined ? {} : { source: names.address(about.source) },
    ...about.receiver === undefined ? {} : { receiver: visible(about.receiver) },
    ...about.list === undefined ? {} : { list: visible(about.list) },
    ...about.program === undefined ? {} : { program: visible(about.program) },
  }
  return {
    code, severity, message: logMessage(finding, shown), remedy: logAdvice(code), about: shown, count, numbers,
    first: new Date(first).toISOString(), last: new Date(last).toISOString(), evidence: evidence.map(one => shownEvidence(one, names)),
  }
}

function shownEvidence(evidence: LogEvidence, names: Names): ReportedEvidence {
  const { file, line, time } = evidence.entry
  return { file: visible(file), line, time: new Date(time).toISOString(), text: logEvidenceText(evidence, names) }
}

function ranked(reasons: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...reasons].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)))
}

function moment(time: number): string | null {
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** A step of the histogram that reaches beyond the longest says less than the longest does. */
function delayOf(delays: Histogram): { readonly half: number | null; readonly most: number | null; readonly longest: number } {
  const longest = Math.round(delays.longest)
  const within = (share: number): number | null => {
    const step = finite(delays.within(share))
    return step === null ? null : Math.min(step, longest)
  }
  return { half: within(0.5), most: within(0.95), longest }
}

/** Null where there is nothing, or more than can be said. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
