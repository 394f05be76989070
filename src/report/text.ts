/**
 * The report for people: the four answers first; then what fails, with the value seen, why it matters and what to publish;
 * then what could not be tested and why; then what holds, folded; last what to type into mail programs, and the endpoints.
 */
import { questions, type Check, type Question } from '../checks/define.ts'
import { reasons, type Reason } from '../reasons.ts'
import { plural } from './answers.ts'
import { groupBy } from './group.ts'
import { painter, type Paint, type Tint } from './paint.ts'
import type { QuestionAnswer, Report, ReportedFinding } from './report.ts'
import { renderEndpoints } from './text-endpoints.ts'
import { renderFailures } from './text-failures.ts'
import { renderSettings } from './text-settings.ts'
import { topicOf, topicTitle } from './topics.ts'
import { harmless, visible } from './visible.ts'
import { cells, shortened, wrap } from './wrap.ts'

export interface TextOptions {
  /** Cells of a line. */
  readonly width: number
  readonly colour: boolean
  /** Only the answers and what fails. */
  readonly quiet?: boolean
  /** Where the reasons and references of the checks are taken from. */
  readonly checks: readonly Check[]
}

/** What the parts of the report share. */
export interface Page {
  readonly width: number
  readonly paint: Paint
  readonly checks: ReadonlyMap<string, Check>
}

export function renderText(report: Report, { width, colour, quiet = false, checks }: TextOptions): string {
  const page: Page = { width: Math.max(40, width), paint: painter(colour), checks: new Map(checks.map(check => [check.id, check])) }
  const sections = [
    renderTitle(report, page),
    renderAnswers(report, page),
    ...renderFailures(report, page),
    ...(quiet ? [] : [renderUntested(report, page), renderRest(report, page), renderSettings(report, page), renderEndpoints(report, page)]),
  ]
  return `${sections.filter(lines => lines.length > 0).map(lines => lines.join('\n')).join('\n\n')}\n`
}

function renderTitle({ domain, shownAs, startedAt, mailcheck, vantage }: Report, { width, paint }: Page): string[] {
  const shown = harmless(shownAs)
  const name = shown.toLowerCase() === domain ? shown : `${shown} (${domain})`
  const at = `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC`
  return [
    paint('bold', name),
    paint('dim', `checked ${at}, mailcheck ${mailcheck}`),
    ...vantage.flatMap(line => wrap(harmless(line), width)).map(line => paint('yellow', line)),
  ]
}

const tints: Readonly<Record<QuestionAnswer['answer'], Tint>> = { yes: 'green', partly: 'yellow', no: 'red', unknown: 'dim' }

/** All four, unless `--only` and `--skip` leave some of them without a check. */
function renderAnswers(report: Report, { width, paint }: Page): string[] {
  const asked = (Object.entries(questions) as [Question, string][]).filter(([id]) => report.findings.some(({ question }) => question === id))
  const column = Math.max(...asked.map(([, text]) => cells(text))) + 2
  const narrow = width - column < 30
  return asked.flatMap(([question, text]) => {
    const { answer, summary } = report.questions[question]
    const lines = wrap(harmless(summary), narrow ? width - 2 : width - column).map(line => paintWord(line, tints[answer], paint))
    if (narrow) return [text, ...lines.map(line => `  ${line}`)]
    return lines.map((line, i) => `${(i === 0 ? text : '').padEnd(column)}${line}`)
  })
}

/** Colours the word before the colon: "Partly: 1 error". */
function paintWord(line: string, tint: Tint, paint: Paint): string {
  const word = /^[A-Z][a-z ]+(?=[:,])/.exec(line)?.[0] ?? ''
  return `${paint(tint, word)}${line.slice(word.length)}`
}

/** One paragraph for each reason: forty claims that one cause hides are one thing to read. */
function renderUntested({ findings }: Report, { width, paint }: Page): string[] {
  const unknowns = findings.filter(({ verdict }) => verdict === 'unknown')
  if (unknowns.length === 0) return []
  const lines = [paint('bold', `Could not be tested (${unknowns.length})`)]
  const byReason = groupBy(unknowns, ({ code }) => code ?? '')
  for (const [code, hidden] of [...byReason].toSorted(([, a], [, b]) => b.length - a.length)) {
    const because = reasons[code as Reason] as string | undefined ?? code
    const text = `${capital(because)}: ${concerned(hidden)}.`
    lines.push(...wrap(harmless(text), width - 4).map((line, i) => `${i === 0 ? '  ? ' : '    '}${line}`))
    const details = [...new Set(hidden.map(({ detail }) => detail).filter(detail => detail !== null && detail !== because))]
    for (const detail of details.slice(0, mostDetails)) {
      lines.push(...wrap(shortened(visible(detail ?? '')), width - 6, { cut: true }).map(line => paint('dim', `      ${line}`)))
    }
    if (details.length > mostDetails) lines.push(paint('dim', `      and ${details.length - mostDetails} more`))
  }
  return lines
}

const mostDetails = 3
const mostNames = 4

/** `spf/record-exists of example.com`, or `14 claims (SMTP, TLS on port 25) about mx1.example.com[2001:db8::1]:25 and 1 more` */
function concerned(findings: readonly ReportedFinding[]): string {
  const checks = [...new Set(findings.map(({ check }) => check))]
  const subjects = [...new Set(findings.map(({ subject }) => visible(subject)))]
  const named = subjects.length > mostNames
    ? `${subjects.slice(0, mostNames - 1).join(', ')} and ${subjects.length - mostNames + 1} more` : subjects.join(', ')
  const topics = [...new Set(checks.map(check => topicTitle(topicOf(check))))].join(', ')
  return `${checks.length <= mostNames ? checks.join(', ') : `${plural(checks.length, 'check')} (${topics})`} of ${named}`
}

function renderRest({ findings }: Report, { width, paint }: Page): string[] {
  const paragraph = (title: string, tint: Tint, text: string) =>
    wrap(harmless(text), width - 2).map((line, i) => (i === 0 ? [paint(tint, title), `  ${line}`].join('\n') : `  ${line}`))
  const lines: string[] = []
  const passed = findings.filter(({ verdict }) => verdict === 'pass')
  if (passed.length > 0) lines.push(...paragraph(`Passed (${passed.length})`, 'bold', perTopic(passed)))
  const deferred = findings.filter(({ code }) => code === 'deferred')
  const closed = findings.filter(({ code }) => code === 'needs-flag')
  const other = findings.filter(({ verdict, code }) => verdict === 'skip' && code !== 'deferred' && code !== 'needs-flag')
  const skipped = [
    ...(other.length > 0 ? [`${perTopic(other)} do not apply.`] : []),
    ...(deferred.length > 0 ? [`${plural(deferred.length, 'finding is', 'findings are')} explained by a graver one above.`] : []),
    ...[...groupBy(closed, ({ detail }) => detail ?? '')].map(([needs, group]) => `${plural(group.length, 'check')} ${group.length === 1 ? needs : needs.replace(/^needs /, 'need ')}.`),
  ].join(' ')
  if (skipped !== '') lines.push(...(lines.length > 0 ? [''] : []), ...paragraph(`Skipped (${other.length + deferred.length + closed.length})`, 'bold', skipped))
  return lines
}

/** `SPF 4, DKIM 2` */
function perTopic(findings: readonly ReportedFinding[]): string {
  return [...groupBy(findings, ({ check }) => topicOf(check))].map(([topic, group]) => `${topicTitle(topic)} ${group.length}`).join(', ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
