/** A plan for people: what comes and what goes, each with the planned record behind it; what that means; in which order to do it. */
import type { Check } from '../checks/define.ts'
import { groupBy } from '../report/group.ts'
import { painter } from '../report/paint.ts'
import type { ReportedFinding } from '../report/report.ts'
import { renderCheck, severityTints } from '../report/text-failures.ts'
import type { Page } from '../report/text.ts'
import { harmless, visible } from '../report/visible.ts'
import { shortened, wrap } from '../report/wrap.ts'
import { isRegression } from './compare.ts'
import { renderMeaning } from './meaning-text.ts'
import type { Change, ChangeKind, PlannedPlace, PlanReport, Step } from './plan.ts'

export interface PlanTextOptions {
  readonly width: number
  readonly colour: boolean
  readonly quiet?: boolean
  readonly checks: readonly Check[]
}

/** What `renderChanges` needs: a plan, or two reports side by side. */
export type Changed = Pick<PlanReport, 'changes' | 'undecided'>

const headings: Readonly<Record<ChangeKind, string>> = {
  appeared: 'New', worse: 'Worse than before', better: 'Better than before', disappeared: 'Gone',
}
const bySeverity = Object.keys(severityTints)
const mostPlaces = 6

export function renderPlan(plan: PlanReport, options: PlanTextOptions): string {
  const page = pageFor(options)
  return sections([
    renderTitle(plan, page),
    renderNotes(plan, page),
    ...renderChanges(plan, page),
    ...(options.quiet ? [] : [renderMeaning(plan.meaning, page), renderSteps(plan.steps, page)]),
    [summary(plan, page)],
  ])
}

export function pageFor({ width, colour, checks }: PlanTextOptions): Page {
  return { width: Math.max(40, width), paint: painter(colour), checks: new Map(checks.map(check => [check.id, check])) }
}

export function sections(all: readonly (readonly string[])[]): string {
  return `${all.filter(lines => lines.length > 0).map(lines => lines.join('\n')).join('\n\n')}\n`
}

/** New and worse in full, better and gone in a line each. */
export function renderChanges({ changes, undecided }: Changed, page: Page): string[][] {
  const of = (kind: ChangeKind): readonly Change[] => changes.filter(change => change.kind === kind)
    .toSorted((a, b) => bySeverity.indexOf(a.finding.severity) - bySeverity.indexOf(b.finding.severity))
  return [
    ...(['appeared', 'worse'] as const).map(kind => section(`${headings[kind]} (${of(kind).length})`, of(kind).map(change => renderRegression(change, page)), page)),
    ...(['better', 'disappeared'] as const).map(kind => section(`${headings[kind]} (${of(kind).length})`, of(kind).map(change => renderRelief(change, page)), page)),
    section(`Cannot be told before it is published (${undecided.length})`, [...groupBy(undecided, ({ finding }) => finding.detail ?? finding.code ?? '')].map(([because, group]) => [
      ...line(because, '?', page), ...renderConcerned(group.map(({ finding }) => finding), page), ...renderCauses(group[0]?.causes ?? [], page),
    ]), page),
  ]
}

export function summary({ changes, undecided, idle = null }: Changed & Partial<Pick<PlanReport, 'idle'>>, { paint }: Page): string {
  if (idle !== null) return paint('yellow', 'The plan changes nothing')
  const regressions = changes.filter(isRegression)
  const relieved = changes.length - regressions.length
  const parts = [
    regressions.length > 0 ? paint('red', `${count(regressions.length, 'finding')} new or worse`) : paint('green', 'nothing gets worse'),
    ...(relieved > 0 ? [`${relieved} gone or better`] : []),
    ...(undecided.length > 0 ? [`${undecided.length} cannot be told`] : []),
  ]
  return parts.join(', ').replace(/^n/, 'N')
}

function renderTitle({ domain, before, sources }: PlanReport, { paint, width }: Page): string[] {
  const at = `${before.startedAt.slice(0, 10)} ${before.startedAt.slice(11, 16)} UTC`
  const planned = sources.map(({ file, format, records }) => `${visible(file)} (${format === 'flag' ? '' : `${format}, `}${count(records, 'entry', 'entries')})`)
  return [
    paint('bold', `${domain}: what the planned records change`),
    paint('dim', `checked ${at}, mailcheck ${before.mailcheck}`),
    ...wrap(`planned: ${planned.join(', ')}`, width).map(text => paint('dim', text)),
  ]
}

function renderNotes({ notes }: PlanReport, page: Page): string[] {
  if (notes.length === 0) return []
  return [page.paint('bold', `About the planned records (${notes.length})`), ...notes.flatMap(({ place, message }) => line(`${shownPlace(place)}: ${message}`, '-', page))]
}

function section(title: string, blocks: readonly (readonly string[])[], { paint }: Page): string[] {
  return blocks.length === 0 ? [] : [paint('bold', title), ...blocks.flat()]
}

function renderRegression({ finding, causes }: Change, page: Page): string[] {
  return renderCheck(finding.check, [finding], severityTints[finding.severity], page, renderCauses(causes, page))
    .map(text => text.replace(` ${finding.check} (`, ` ${finding.check}, ${finding.severity} (`))
}

function renderRelief({ finding, was, causes }: Change, page: Page): string[] {
  const before = was?.deferredTo === undefined ? '' : ` (so far hidden by ${was.deferredTo})`
  return [...line(`${harmless(finding.message)}${before} [${finding.check}]`, '*', page), ...renderCauses(causes, page)]
}

function renderCauses(causes: readonly PlannedPlace[], page: Page): string[] {
  if (causes.length === 0) return []
  const places = [...new Set(causes.map(place => `${shownPlace(place)} ${place.name || '.'} ${place.type}`))]
  const shown = places.slice(0, mostPlaces)
  const more = places.length > mostPlaces ? [`and ${places.length - mostPlaces} more`] : []
  return wrap(visible([...shown, ...more].join(', ')), page.width - 13).map((text, i) => `    ${page.paint('dim', (i === 0 ? 'planned' : '').padEnd(9))}${text}`)
}

function renderSteps(steps: readonly Step[], page: Page): string[] {
  if (steps.length === 0) return []
  const lines = steps.flatMap(({ text, wait, places }, i) => {
    const number = `${i + 1}. `.padStart(5)
    const where = places.length > 0 ? ` (${[...new Set(places.map(shownPlace))].slice(0, 3).join(', ')})` : ''
    const body = wrap(harmless(`${text}${where}`), page.width - number.length)
    return [
      ...body.map((each, k) => `${k === 0 ? number : ' '.repeat(number.length)}${each}`),
      ...(wait === null ? [] : [`${' '.repeat(number.length)}${page.paint('yellow', `wait ${duration(wait)}`)}`]),
    ]
  })
  return [page.paint('bold', 'In which order'), ...lines]
}

/** `7200 s (2 hours)`. */
function duration(seconds: number): string {
  const [unit, size] = ([['day', 86_400], ['hour', 3600], ['minute', 60]] as const).find(([, length]) => seconds >= length) ?? ['second', 1]
  const amount = Math.round(seconds / size * 10) / 10
  return size === 1 ? `${seconds} s` : `${seconds} s (${count(amount, unit)})`
}

function line(text: string, mark: string, { width }: Page): string[] {
  return wrap(shortened(harmless(text)), width - 4).map((each, i) => (i === 0 ? `  ${mark} ${each}` : `    ${each}`))
}

/** Checks, and how many subjects of each. */
function renderConcerned(findings: readonly ReportedFinding[], page: Page): string[] {
  const checks = [...groupBy(findings, ({ check }) => check)].map(([check, own]) => own.length === 1 ? check : `${check} x${own.length}`)
  return wrap(checks.join(', '), page.width - 13).map((text, i) => `    ${page.paint('dim', (i === 0 ? 'checks' : '').padEnd(9))}${text}`)
}

function shownPlace({ file, line: at }: PlannedPlace): string {
  return file.startsWith('--') ? visible(file) : `${visible(file)}:${at}`
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
