/** The report of a mail log for people. */
import { plural } from './answers.ts'
import type { LogsReport, ReportedLogFinding } from './logs.ts'
import { span } from './logs-words.ts'
import { painter, type Paint, type Tint } from './paint.ts'
import { chunks, wrap } from './wrap.ts'

export interface LogPage {
  readonly width: number
  readonly colour: boolean
}

const tints: Readonly<Record<string, Tint>> = { critical: 'red', error: 'red', warning: 'yellow', notice: 'cyan' }
const titles: Readonly<Record<string, string>> = { critical: 'Critical', error: 'Errors', warning: 'Warnings', notice: 'Notices' }
/** Cells of a name in a table: one that goes on and on must not push the others out of sight. */
const widest = 60
/** Of findings that say the same of many, as many as can be read. */
const mostOfACode = 10

export function renderLogs(report: LogsReport, { width, colour }: LogPage): string {
  const paint = painter(colour)
  const blocks = [
    overview(report, width), report.lines.known === 0 ? [] : findings(report.findings, width, paint), logins(report, paint), sending(report, paint), deliveries(report, width, paint), refused(report, width, paint), limits(report, width),
  ]
  return `${blocks.filter(block => block.length > 0).map(block => block.join('\n')).join('\n\n')}\n`
}

/** One finding, as it is told while a log is followed. */
export function renderLogFinding(finding: ReportedLogFinding, { width, colour }: LogPage): string {
  return `${oneFinding(finding, width, painter(colour)).join('\n')}\n`
}

function overview({ from, to, lines, files }: LogsReport, width: number): string[] {
  const when = from === null || to === null ? '' : `, ${shortTime(from)} to ${shortTime(to)} UTC`
  const programs = Object.entries(lines.programs).filter(([name, { known, unknown }]) => name !== 'other' && known + unknown > 0).map(([name, { known }]) => `${name} ${known}`)
  return wrap(`${plural(lines.total, 'line')} of ${plural(files.length, 'log')}${when}: ${programs.length === 0 ? 'none of a mail server' : programs.join(', ')}${lines.unknown > 0 ? `; ${lines.unknown} of something else or unknown` : ''}.`, width)
}

function findings(all: readonly ReportedLogFinding[], width: number, paint: Paint): string[] {
  if (all.length === 0) return ['Nothing conspicuous.']
  const lines: string[] = []
  for (const severity of Object.keys(titles)) {
    const here = all.filter(finding => finding.severity === severity)
    if (here.length === 0) continue
    lines.push(...lines.length > 0 ? [''] : [], paint('bold', `${titles[severity] ?? ''} (${here.length})`))
    for (const code of new Set(here.map(finding => finding.code))) {
      const alike = here.filter(finding => finding.code === code)
      lines.push(...alike.slice(0, mostOfACode).flatMap(finding => oneFinding(finding, width, paint, alike.length === 1 || finding === alike[Math.min(alike.length, mostOfACode) - 1])))
      if (alike.length > mostOfACode) lines.push(`    and ${alike.length - mostOfACode} more of this kind (--json has them)`)
    }
  }
  return lines
}

function oneFinding({ severity, message, evidence, remedy }: ReportedLogFinding, width: number, paint: Paint, advise = true): string[] {
  const room = width - 4
  return [
    ...wrap(message, room).map((line, i) => (i === 0 ? `  ${paint(tints[severity] ?? 'bold', '*')} ${line}` : `    ${line}`)),
    ...evidence.flatMap(({ file, line, text }) => wrap(`${file}:${line} ${text}`, room - 4, { cut: true }).map((part, i) => paint('dim', `${i === 0 ? '    | ' : '    |   '}${part}`))),
    ...advise ? wrap(remedy, room).map(line => `    ${line}`) : [],
  ]
}

function logins({ logins: { successes, failures, accounts, sources } }: LogsReport, paint: Paint): string[] {
  if (successes + failures === 0) return []
  return [
    paint('bold', 'Logins'), `  ${plural(successes, 'success', 'successes')}, ${plural(failures, 'failure')}`,
    ...table('failures by account', accounts.map(one => [one.account, String(one.failures), `from ${plural(one.sources, 'source')}`])),
    ...table('failures by source', sources.map(one => [one.source, String(one.failures), `at ${plural(one.accounts, 'account')}`])),
  ]
}

function sending({ sending: { messages, accounts } }: LogsReport, paint: Paint): string[] {
  if (messages === 0) return []
  return [
    paint('bold', 'Messages that came in'), `  ${messages}`,
    ...table('by account', accounts.map(one => [one.account, plural(one.messages, 'message'), `to ${plural(one.recipients, 'recipient')}${one.failed > 0 ? `, ${one.failed} not reached` : ''}`])),
  ]
}

function deliveries({ deliveries: { sent, deferred, bounced, expired, delay, tls, deferredBy, bouncedBy, codes, receivers } }: LogsReport, width: number, paint: Paint): string[] {
  if (sent + deferred + bounced + expired === 0) return []
  const secured = tls.map(({ version, count }) => `${version === 'none' ? 'without TLS' : version === 'unknown' ? 'unknown (the log does not say)' : version} ${count}`)
  const sentences = [
    `${sent} sent, ${deferred} deferred, ${bounced} bounced${expired > 0 ? `, ${expired} expired` : ''}`,
    ...delay ? [`delay: ${delayWords(delay)}`] : [],
    ...secured.length > 0 ? [`to other hosts: ${secured.join(', ')}`] : [],
    ...Object.keys(deferredBy).length > 0 ? [`deferred: ${counted(deferredBy)}`] : [],
    ...Object.keys(bouncedBy).length > 0 ? [`bounced: ${counted(bouncedBy)}`] : [],
    ...codes.length > 0 ? [`codes: ${codes.map(({ code, count }) => `${code} ${count}`).join(', ')}`] : [],
  ]
  return [
    paint('bold', 'Deliveries'), ...sentences.flatMap(text => wrap(text, width - 4).map((line, i) => `${i === 0 ? '  ' : '    '}${line}`)),
    ...table('not taken, by receiver', receivers.map(one => [one.receiver, `${one.bounced} bounced`, `${one.deferred} deferred, ${one.sent} sent: ${counted(one.reasons)}`])),
  ]
}

/** Shares that take as long as the longest are one statement with it. */
function delayWords({ half, most, longest }: NonNullable<LogsReport['deliveries']['delay']>): string {
  if (longest === 0) return 'all under a second'
  const within = (seconds: number | null): string => seconds === null ? 'more than a day' : `within ${span(seconds)}`
  if (half === longest) return `all within ${span(longest)}`
  return `half ${within(half)}, ${most === longest ? `all within ${span(longest)}` : `19 of 20 ${within(most)}, longest ${span(longest)}`}`
}

function refused({ refused: { total, temporary, reasons, lists, greylisting } }: LogsReport, width: number, paint: Paint): string[] {
  if (total === 0) return []
  const sentences = [
    `${total}, ${temporary} of them for now: ${counted(reasons)}`,
    ...lists.length > 0 ? [`block lists: ${lists.map(one => `${one.list} ${one.refused}`).join(', ')}`] : [],
    ...greylisting.messages > 0 ? [`greylisting: ${plural(greylisting.messages, 'message')} put off, ${greylisting.returned} came back${greylisting.half === null ? '' : `, half of them within ${span(greylisting.half)}`}`] : [],
  ]
  return [paint('bold', 'Refused at the door'), ...sentences.flatMap(text => wrap(text, width - 4).map((line, i) => `${i === 0 ? '  ' : '    '}${line}`))]
}

function limits({ forgotten, lines: { cut, known }, names }: LogsReport, width: number): string[] {
  return [
    ...forgotten > 0 ? wrap(`There was more than is kept at a time: ${forgotten} accounts, addresses or messages were forgotten, the longest unseen first.`, width) : [],
    ...cut > 0 ? wrap(`${plural(cut, 'line was', 'lines were')} longer than is read, and cut.`, width) : [],
    ...names === 'hidden' && known > 0 ? wrap('Users and addresses are hidden; --show-names shows them.', width) : [],
  ]
}

function table(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const shown = rows.slice(0, 10).map(([name = '', ...rest]) => {
    const [head = '', more] = chunks(name, widest)
    return [more === undefined ? head : `${head}…`, ...rest]
  })
  const widths = [0, 1].map(column => Math.max(...shown.map(row => (row[column] ?? '').length)))
  return [`  ${title}`, ...shown.map(([first = '', second = '', rest = '']) => `    ${first.padEnd(widths[0] ?? 0)}  ${second.padStart(widths[1] ?? 0)}  ${rest}`)]
}

function counted(reasons: Readonly<Record<string, number>>): string {
  return Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`).join(', ')
}

function shortTime(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ')
}
