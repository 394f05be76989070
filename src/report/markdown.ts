/**
 * Markdown for a comment at a pull request or the summary of a job. Whatever came from the network stands in a code span or
 * a fence: outside of them it could be a link, an image, a mention that writes to somebody, or HTML.
 */
import { questions, severities, type Check, type Question, type Severity } from '../checks/define.ts'
import { plural } from './answers.ts'
import { cureLines } from './finding-text.ts'
import type { Pieces } from './pieces.ts'
import type { Report } from './report.ts'
import { untested, untestedLine } from './undecided.ts'
import type { DomainVerdicts, JudgedFinding } from './verdicts.ts'
import { harmless } from './visible.ts'
import { waiverLine } from './waivers.ts'
import { shortened } from './wrap.ts'

/** Characters; a comment at GitHub holds 65,536. What does not fit is counted, and the text report has it. */
const most = 60_000

export function markdown(checks: readonly Check[]): Pieces {
  const byId = new Map(checks.map(check => [check.id as string, check]))
  let room = most
  let left = 0
  return {
    open: '',
    item: (verdicts, index) => {
      const whole = `${index === 0 ? '' : '\n'}${renderDomain(verdicts, byId)}`
      const text = whole.length <= room ? whole : `${index === 0 ? '' : '\n'}${renderDomain(verdicts, byId, true)}`
      if (text.length > room) {
        left++
        return ''
      }
      room -= text.length
      return text
    },
    close: () => (left === 0 ? '' : `\n${plural(left, 'domain')} more did not fit here.\n`),
  }
}

const titles: Readonly<Record<Severity, string>> = { critical: 'critical', error: 'errors', warning: 'warnings', notice: 'notices' }
const mostBrief = 20

/** `brief`: without evidence and cure, and not everything. */
function renderDomain({ report, verdicts, notes: planned = [] }: DomainVerdicts, checks: ReadonlyMap<string, Check>, brief = false): string {
  const told = verdicts.filter(({ state }) => state !== 'absent')
  const failed = told.filter(({ finding }) => finding.verdict === 'fail')
  const counting = failed.filter(({ excuse }) => excuse === null)
  const excused = failed.filter(({ excuse }) => excuse !== null)
  const unknown = untested(told.map(({ finding }) => finding))
  return [
    `## mailcheck: ${plainText(report.shownAs)}`,
    answerTable(report),
    ...planned.length === 0 ? [] : [`About the planned records:\n\n${bullets(planned.map(({ place, message }) => `${place ? `${codeSpan(`${harmless(place.file)}:${place.line}`)}: ` : ''}${plainText(shortened(harmless(message)))}`), brief)}`],
    ...counting.length === 0 && report.counts.pass > 0 ? ['Nothing fails.'] : [],
    ...severities.flatMap(severity => {
      const own = counting.filter(({ finding }) => finding.severity === severity)
      if (own.length === 0) return []
      const shown = brief ? own.slice(0, mostBrief) : own
      const blocks = shown.map(judged => renderFailure(judged, checks.get(judged.finding.check), brief))
      const rest = own.length > shown.length ? [`and ${own.length - shown.length} more`] : []
      return [`### ${own.length} ${own.length === 1 && severity !== 'critical' ? titles[severity].slice(0, -1) : titles[severity]}`, ...blocks, ...rest]
    }),
    ...excused.length === 0 ? [] : [folded(`Known or waived: ${excused.length}`, bullets(excused.map(({ finding, excuse }) =>
      `${plainText(shortened(finding.message))} (\`${finding.check}\`, ${plainText(excuse?.because ?? '')})`), brief))],
    ...notes(report),
    ...unknown.length === 0 ? [] : [folded('Could not be tested', bullets(unknown.map(reason => plainText(untestedLine(reason))), brief))],
    `<sub>mailcheck ${plainText(report.mailcheck)}, ${report.startedAt.slice(0, 10)} ${report.startedAt.slice(11, 16)} UTC, ${plural(report.counts.pass, 'claim holds', 'claims hold')}</sub>`,
  ].join('\n\n') + '\n'
}

/** What changed, and what is wrong with the waivers. */
function notes({ since, waivers = [] }: Report): string[] {
  const over = waivers.filter(({ state, findings }) => state === 'expired' && findings > 0)
  const changes = since ? [
    ...since.appeared.map(({ message, check }) => `- appeared: ${plainText(shortened(message))} (\`${check}\`)`),
    ...since.disappeared.map(({ message, check, other }) => `- no longer (${other === 'unknown' ? 'could not be tested' : other}): ${plainText(shortened(harmless(message)))} (${codeSpan(harmless(check))})`),
  ] : []
  return [
    ...since ? [`### Since ${plainText(since.startedAt)}\n\n${changes.length === 0 ? 'Nothing has changed.' : changes.join('\n')}`] : [],
    ...over.length === 0 ? [] : [`### Expired waivers\n\n${over.map(use => `- ${plainText(waiverLine(use))}`).join('\n')}`],
  ]
}

function answerTable(report: Report): string {
  const asked = (Object.entries(questions) as [Question, string][]).filter(([id]) => report.findings.some(({ question }) => question === id))
  return ['| | |', '| --- | --- |', ...asked.map(([id, text]) => `| ${text} | ${cell(report.questions[id].summary)} |`)].join('\n')
}

function renderFailure({ finding, places }: JudgedFinding, check: Check | undefined, brief: boolean): string {
  const [place] = places
  const where = place ? ` at ${codeSpan(`${place.file}:${place.line}`)}` : ''
  const line = `**${finding.severity}** ${plainText(shortened(finding.message))} (\`${finding.check}\`)${where}`
  return brief ? line : `${line}\n\n${folded('What was seen, and what to do', fence(cureLines(finding, check)))}`
}

function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`
}

function bullets(items: readonly string[], brief: boolean): string {
  const shown = brief ? items.slice(0, mostBrief) : items
  return [...shown, ...items.length > shown.length ? [`and ${items.length - shown.length} more`] : []].map(item => `- ${item}`).join('\n')
}

/** Longer than any run of backticks within. */
function fence(lines: readonly string[]): string {
  const text = lines.join('\n')
  const marks = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${marks}text\n${text}\n${marks}`
}

/**
 * Prose of ours with foreign words in it: each word that holds more than letters, digits and the punctuation of prose stands
 * in a code span.
 */
export function plainText(text: string): string {
  return text.split(/(\s+)/).map(word => {
    const { before, core, after } = bare(word)
    if (/^[\p{L}\p{N}.,’'%-]*$/u.test(core) && !/^(?:-|www\.)/iu.test(core)) return word
    return core.trim() === '' ? word : `${before}${codeSpan(core)}${after}`
  }).join('')
}

const openers = new Set(['(', '"', '“'])
const closers = new Set([')', '"', '”', '.', ',', ':', ';', '!', '?'])

/** The word without the punctuation around it. */
function bare(word: string): { before: string; core: string; after: string } {
  let begin = 0
  let end = word.length
  while (begin < end && openers.has(word.charAt(begin))) begin++
  while (end > begin && closers.has(word.charAt(end - 1))) end--
  return { before: word.slice(0, begin), core: word.slice(begin, end), after: word.slice(end) }
}

function cell(text: string): string {
  return plainText(text).replaceAll('|', '\\|')
}

/** CommonMark §6.1: fenced by more backticks than it holds; a space keeps its own backticks off the fence. */
function codeSpan(text: string): string {
  const marks = '`'.repeat(longestRun(text) + 1)
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${marks}${space}${text}${space}${marks}`
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length))
}
