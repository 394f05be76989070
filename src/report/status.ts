/** The status page: every target with its worst finding, its last and its next run, those that need somebody first. */
import { severities, type Severity } from '../checks/define.ts'
import { plural } from './answers.ts'
import { severityBadge } from './html-failures.ts'
import { html, type Content, type Markup } from './markup.ts'
import { htmlPage } from './page.ts'
import type { Report, ReportedFinding } from './report.ts'
import { shortened } from './wrap.ts'

/** What it needs to know of a report: of the findings those that failed or could not be decided, and are not waived. */
export interface Glance extends Pick<Report, 'shownAs' | 'questions'> {
  readonly findings: readonly GlancedFinding[]
}

type GlancedFinding = Pick<ReportedFinding, 'check' | 'subject' | 'severity' | 'question' | 'verdict' | 'message'>

/** What the page needs to know of a target. */
export interface StatusRow {
  readonly domain: string
  readonly module: string
  /** Seconds between two runs. */
  readonly interval: number
  readonly lastRun: Date | null
  readonly nextRun: Date
  readonly running: boolean
  /** Whether the last run came to its end, whatever it found; null before the first. */
  readonly success: boolean | null
  readonly report: Glance | null
}

export interface StatusOptions {
  readonly now: Date
  /** Of mailcheck. */
  readonly version: string
  /** Where the report of a target is, relative to the page. */
  readonly link: (target: StatusRow) => string
}

type State = Severity | 'failed' | 'unknown' | 'ok' | 'waiting'
const states: readonly State[] = ['critical', 'error', 'failed', 'warning', 'unknown', 'waiting', 'notice', 'ok']
const stateWords: Readonly<Record<State, string>> = {
  critical: 'critical', error: 'error', warning: 'warning', notice: 'notice', failed: 'run failed', unknown: 'unknown', waiting: 'not yet run', ok: 'in order',
}

/** How many there are of each, said in a row. */
const countWords: Readonly<Record<State, string>> = {
  ...stateWords, error: 'with errors', warning: 'with warnings', notice: 'with notices', failed: 'that did not come to an end', unknown: 'that could not be tested',
}

const columns = ['Domain', 'Module', 'State', 'Worst finding', 'Last run', 'Next run']

export function renderStatus(targets: readonly StatusRow[], options: StatusOptions): string {
  const rows = targets.map(target => ({ target, ...standing(target) }))
    .toSorted((a, b) => states.indexOf(a.state) - states.indexOf(b.state) || compare(a.target.domain, b.target.domain) || compare(a.target.module, b.target.module))
  const counted = states.flatMap(state => {
    const count = rows.filter(row => row.state === state).length
    return count === 0 ? [] : [`${count} ${countWords[state]}`]
  })
  const domains = new Set(targets.map(({ domain }) => domain)).size
  return htmlPage('mailcheck', html`<header>
<h1>mailcheck</h1>
<p class="faint">${stamp(options.now)}, mailcheck ${options.version}</p>
</header>
<main>
<p>${plural(domains, 'domain')}, ${plural(targets.length, 'target')}${counted.length > 0 && `: ${counted.join(', ')}`}.</p>
${targets.length === 0 ? html`<p>There is nothing to check: name domains in the configuration, or files that list them.</p>` : html`<table>
<thead><tr>${columns.map(column => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map(row => renderRow(row, options))}</tbody>
</table>`}
</main>
<footer><p class="faint"><a href="metrics">metrics</a> · <a href="sd">service discovery</a></p></footer>`)
}

interface Standing {
  readonly state: State
  readonly worst: GlancedFinding | null
}

/** A run that did not come to its end is more urgent than a warning: it may hide anything. */
function standing({ success, report, lastRun }: StatusRow): Standing {
  const failed = report?.findings.filter(({ verdict }) => verdict === 'fail') ?? []
  const gravest = severities.find(severity => failed.some(finding => finding.severity === severity)) ?? null
  const worst = failed.find(({ severity }) => severity === gravest) ?? null
  if (gravest === 'critical' || gravest === 'error') return { state: gravest, worst }
  if (success === false) return { state: 'failed', worst }
  if (lastRun === null) return { state: 'waiting', worst }
  if (gravest === 'warning') return { state: gravest, worst }
  if (report && openQuestion(report)) return { state: 'unknown', worst }
  return { state: gravest ?? 'ok', worst }
}

/** What matters most of one of the four questions could not be tested. */
function openQuestion({ questions, findings }: Glance): boolean {
  return Object.entries(questions).some(([question, { answer }]) =>
    answer === 'unknown' && findings.some(finding => finding.question === question && finding.verdict === 'unknown'))
}

const marks: Readonly<Record<'failed' | 'unknown' | 'ok' | 'waiting', string>> = { failed: '✗', unknown: '?', ok: '✓', waiting: '…' }
const colours: Readonly<Record<'failed' | 'unknown' | 'ok' | 'waiting', string>> = { failed: 'error', unknown: 'unknown', ok: 'ok', waiting: 'unknown' }

function renderRow({ target, state, worst }: Standing & { readonly target: StatusRow }, { now, link }: StatusOptions): Markup {
  const { domain, module, report, lastRun, nextRun, running } = target
  const name = report === null ? html`${domain}` : html`<a href="${link(target)}">${report.shownAs}</a>`
  const badge = state === 'failed' || state === 'unknown' || state === 'ok' || state === 'waiting'
    ? html`<span class="badge ${colours[state]}" aria-hidden="true">${marks[state]}</span>` : severityBadge(state)
  return html`<tr><th scope="row"${domain.length <= longestOnOneLine && html` class="short"`}>${name}</th>${cell('Module', module)}${cell('State', html`${badge} ${stateWords[state]}`)}${
    cell('Worst finding', finding(worst, report), false)}${
    cell('Last run', html`${lastRun === null ? 'none' : time(lastRun, `${since(now, lastRun)} ago`)}`)}${
    cell('Next run', running ? 'running' : time(nextRun, nextRun <= now ? 'due' : `in ${since(nextRun, now)}`))}</tr>
`
}

/** Of a name, in characters. */
const longestOnOneLine = 30

/** `short` words are better kept on one line. */
function cell(column: string, content: Content, short = true): Markup {
  return html`<td data-column="${column}"${short && html` class="short"`}>${content}</td>`
}

function finding(worst: GlancedFinding | null, report: Glance | null): Content {
  const found = report?.findings ?? []
  const others = found.filter(({ verdict }) => verdict === 'fail').length - 1
  const unknown = found.filter(({ verdict }) => verdict === 'unknown').length
  const untested = unknown > 0 && `${unknown} not tested`
  if (worst === null) return untested || null
  const rest = [...(others > 0 ? [`${others} more`] : []), ...(untested ? [untested] : [])].join(', ')
  return html`${shortened(worst.message)} <span class="faint">(${worst.check}${rest !== '' && `; ${rest}`})</span>`
}

function time(at: Date, words: string): Markup {
  return html`<time datetime="${at.toISOString()}" title="${stamp(at)}">${words}</time>`
}

function stamp(at: Date): string {
  const text = at.toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`
}

/** `45 s`, `12 min`, `5 h`, `3 d`: what a glance wants to know. */
function since(later: Date, earlier: Date): string {
  const seconds = Math.max(0, Math.round((later.getTime() - earlier.getTime()) / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
