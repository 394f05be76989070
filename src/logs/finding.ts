/** What is found in a mail log: a closed list of codes, each with what it is about, how often, and the lines that show it. */
import type { LogEvent } from '../syntax/log-event.ts'
import type { LogFrame } from '../syntax/log-frame.ts'
import { BoundedMap, own } from './bounded-map.ts'
import { day } from './limits.ts'

/** A line, and where it stands. */
export interface LogEntry extends LogFrame {
  readonly file: string
  /** From 1; of a journal export, the entry. */
  readonly line: number
}

export interface LogEvidence {
  readonly entry: LogEntry
  readonly event: LogEvent
}

/** Characters of a line that are kept as evidence, and of a name in it. */
const longest = { text: 600, field: 200 } as const

/** The evidence without what makes it long: thousands of it are kept at a time. */
export function kept(evidence: LogEvidence): LogEvidence {
  const { entry, event } = evidence
  if (entry.text.length <= longest.text) return evidence
  const short = Object.fromEntries(Object.entries(event).map(([name, value]) => [name, typeof value === 'string' ? own(value.slice(0, longest.field)) : value as unknown]))
  return { entry: { ...entry, host: own(entry.host), program: own(entry.program), pid: own(entry.pid), text: own(entry.text.slice(0, longest.text)) }, event: short as unknown as LogEvent }
}

export const findingCodes = [
  'password-guessed', 'sudden-sending', 'own-address-listed', 'list-refuses-all', 'server-trouble', 'receiver-refuses-all', 'brute-force', 'password-spraying',
  'account-attacked', 'relay-attempts', 'mail-waits',
] as const
export type FindingCode = (typeof findingCodes)[number]

export type LogSeverity = 'critical' | 'error' | 'warning' | 'notice'

export interface LogFinding {
  readonly code: FindingCode
  severity: LogSeverity
  /** Whom or what it is about; names and addresses of people are hidden by whoever shows them. */
  about: { readonly account?: string; readonly source?: string; readonly receiver?: string; readonly list?: string; readonly program?: string }
  count: number
  /** Further numbers of its message. */
  readonly numbers: Record<string, number>
  readonly first: number
  last: number
  /** The first lines, and the last. */
  readonly evidence: LogEvidence[]
}

/** Of each code: whoever fails to log in from a thousand addresses must not have what is graver forgotten. */
const mostFindings = 1000
const mostEvidence = 3

export class Findings {
  readonly #findings = new Map(findingCodes.map(code => [code, new BoundedMap<LogFinding>(mostFindings)]))
  readonly #raised: (finding: LogFinding) => void

  /** `raised` is told of each when it comes up, when it gets graver, and when it comes up again after a day without it. */
  constructor(raised: (finding: LogFinding) => void) {
    this.#raised = raised
  }

  /** The finding with this code about this, made when it is new. `count` and `numbers` are what they are now. */
  report(
    code: FindingCode, severity: LogSeverity, about: LogFinding['about'], evidence: LogEvidence,
    count: number, numbers: Readonly<Record<string, number>> = {}, earlier: readonly LogEvidence[] = [],
  ): void {
    const key = keyOf(code, about)
    const { file, line, time } = evidence.entry
    const known = this.#findings.get(code)?.get(key)
    if (known) {
      const again = time - known.last > day || graver(known.severity, severity) !== known.severity
      known.about = about
      known.count = count
      known.last = Math.max(known.last, time)
      known.severity = graver(known.severity, severity)
      Object.assign(known.numbers, numbers)
      if (!known.evidence.some(({ entry }) => entry.file === file && entry.line === line)) {
        if (known.evidence.length === mostEvidence) known.evidence.pop()
        known.evidence.push(evidence)
      }
      if (again) this.#raised(known)
      return
    }
    const shown = [...earlier.slice(0, mostEvidence - 1), evidence].filter(({ entry: { file, line } }, i, all) =>
      all.findIndex(({ entry }) => entry.file === file && entry.line === line) === i)
    const finding: LogFinding = { code, severity, about, count, numbers: { ...numbers }, first: shown[0]?.entry.time ?? time, last: time, evidence: shown }
    this.#findings.get(code)?.set(key, finding)
    this.#raised(finding)
  }

  /** It turned out to be something else. */
  withdraw(code: FindingCode, about: LogFinding['about']): void {
    this.#findings.get(code)?.delete(keyOf(code, about))
  }

  get forgotten(): number {
    return [...this.#findings.values()].reduce((sum, { forgotten }) => sum + forgotten, 0)
  }

  /** The gravest first, then in the order of the codes, then by how often. */
  all(): LogFinding[] {
    return [...this.#findings.values()].flatMap(findings => [...findings.values()]).toSorted((a, b) =>
      order.indexOf(a.severity) - order.indexOf(b.severity) || findingCodes.indexOf(a.code) - findingCodes.indexOf(b.code) || b.count - a.count || a.first - b.first)
  }
}

/** What makes a finding the same one; the rest of what it is about may change. */
function keyOf(code: FindingCode, { account = '', source = '', receiver = '', list = '', program = '' }: LogFinding['about']): string {
  return (code === 'own-address-listed' ? [] : code === 'brute-force' ? [source] : [account, source, receiver, list, program]).join('\n')
}

const order: readonly LogSeverity[] = ['critical', 'error', 'warning', 'notice']

function graver(a: LogSeverity, b: LogSeverity): LogSeverity {
  return order.indexOf(a) <= order.indexOf(b) ? a : b
}
