/**
 * The report for people: the four answers first; then what fails, with the value seen, why it matters and what to publish;
 * then what could not be tested and why; then what holds, folded; last what to type into mail programs, and the endpoints.
 */
import { questions, type Check, type Question } from '../checks/define.ts'
import { painter, type Paint, type Tint } from './paint.ts'
import type { QuestionAnswer, Report } from './report.ts'
import { renderEndpoints } from './text-endpoints.ts'
import { renderExcused, renderSince, renderWaivers } from './text-excused.ts'
import { renderFailures } from './text-failures.ts'
import { renderProfile } from './text-profile.ts'
import { renderSettings } from './text-settings.ts'
import { perTopic, skippedBecause, untested } from './undecided.ts'
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
    renderProfile(report, page),
    renderSince(report, page),
    ...renderFailures(report, page),
    renderExcused(report, page),
    renderWaivers(report, page),
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

/** One paragraph for each reason. */
export function renderUntested({ findings }: Report, { width, paint }: Page): string[] {
  const count = findings.filter(({ verdict }) => verdict === 'unknown').length
  if (count === 0) return []
  const lines = [paint('bold', `Could not be tested (${count})`)]
  for (const { because, concerned, details, more } of untested(findings)) {
    lines.push(...wrap(harmless(`${because}: ${concerned}.`), width - 4).map((line, i) => `${i === 0 ? '  ? ' : '    '}${line}`))
    for (const detail of details) {
      lines.push(...wrap(shortened(visible(detail)), width - 6, { cut: true }).map(line => paint('dim', `      ${line}`)))
    }
    if (more > 0) lines.push(paint('dim', `      and ${more} more`))
  }
  return lines
}

function renderRest({ findings, facts }: Report, { width, paint }: Page): string[] {
  const paragraph = (title: string, tint: Tint, text: string) =>
    wrap(harmless(text), width - 2).map((line, i) => (i === 0 ? [paint(tint, title), `  ${line}`].join('\n') : `  ${line}`))
  const lines: string[] = []
  const passed = findings.filter(({ verdict }) => verdict === 'pass')
  if (passed.length > 0) lines.push(...paragraph(`Passed (${passed.length})`, 'bold', perTopic(passed)))
  const skips = findings.filter(({ verdict }) => verdict === 'skip').length
  const skipped = skippedBecause({ findings, facts })
  if (skipped !== '') lines.push(...(lines.length > 0 ? [''] : []), ...paragraph(`Skipped (${skips})`, 'bold', skipped))
  return lines
}
