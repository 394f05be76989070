/** What a check claims, why, and by which standard: the page behind `mailcheck explain ID`. */
import { questions, type Check } from '../checks/define.ts'
import { groupBy } from './group.ts'
import { painter, type Paint } from './paint.ts'
import { topicTitle } from './topics.ts'
import { wrap } from './wrap.ts'

export interface ExplainOptions {
  readonly width: number
  readonly colour: boolean
}

const consequence = {
  critical: 'mail is lost, refused or out of reach, or the server or the domain is open to abuse, now or within days',
  error: 'a requirement is broken to somebody’s cost, or some peers refuse the mail, can forge it or can read it',
  warning: 'nothing is lost yet, but it will break under foreseeable circumstances, or the protection is weak',
  notice: 'best practice, worth knowing',
} as const

export function renderExplain(check: Check, { width, colour }: ExplainOptions): string {
  const paint = painter(colour)
  const prose = (text: string, indent = '  ') => wrap(text, width - indent.length).map(line => `${indent}${line}`)
  const entry = (name: string, text: string) =>
    wrap(text, width - 14).map((line, i) => `${paint('dim', (i === 0 ? name : '').padEnd(14))}${line}`)
  return lines([
    paint('bold', check.id),
    ...prose(check.title),
    '',
    ...prose(check.explain),
    '',
    ...entry('severity', `${check.severity}: ${consequence[check.severity]}`),
    ...entry('question', questions[check.question]),
    ...(check.rfc.length > 0 ? entry('by', check.rfc.join(', ')) : []),
    ...(check.requires ? entry('needs', flagsOf(check)) : []),
    ...(check.defersTo && check.defersTo.length > 0 ? entry('gives way to', check.defersTo.join(', ')) : []),
    ...(check.nothing === undefined ? [] : entry('skipped', `when ${check.nothing}`)),
    '',
    paint('dim', 'messages'),
    ...Object.entries(check.messages).flatMap(([code, message]) => prose(`${code}: ${message}`)),
  ])
}

/** A topic: its checks, one a line. */
export function renderTopic(topic: string, checks: readonly Check[], { width, colour }: ExplainOptions): string {
  const paint = painter(colour)
  return lines([paint('bold', topicTitle(topic)), ...list(checks, width, paint)])
}

/** All checks, by topic, in report order. */
export function renderCheckList(checks: readonly Check[], { width, colour }: ExplainOptions): string {
  const paint = painter(colour)
  const topics = [...groupBy(checks, ({ topic }) => topic)]
  return lines(topics.flatMap(([topic, own], i) => [...(i === 0 ? [] : ['']), paint('bold', topicTitle(topic)), ...list(own, width, paint)]))
}

function list(checks: readonly Check[], width: number, paint: Paint): string[] {
  const column = Math.max(...checks.map(({ id }) => id.length)) + 2
  return checks.flatMap(({ id, severity, title }) => {
    const head = `  ${id.padEnd(column)}${severity.padEnd(10)}`
    const text = wrap(title, Math.max(width - head.length, 24))
    return text.map((line, i) => (i === 0 ? `  ${id.padEnd(column)}${paint('dim', severity.padEnd(10))}${line}` : `${' '.repeat(head.length)}${line}`))
  })
}

/** The registry for programs. */
export function checkCatalogue(checks: readonly Check[]): object[] {
  return checks.map(({ id, topic, title, severity, question, rfc, requires, alsoRequires, defersTo, messages, explain }) => ({
    id, topic, title, severity, question, rfc, requires: requires ? flagsOf({ requires, alsoRequires }) : null, defersTo: defersTo ?? [],
    messages, explain: explain.replace(/\s+/g, ' ').trim(),
  }))
}

function flagsOf({ requires, alsoRequires }: { [P in 'requires' | 'alsoRequires']?: Check[P] | undefined }): string {
  return [requires ?? [], alsoRequires ?? []].flat().map(permission => `--${kebab(permission)}`).join(' ')
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

function lines(parts: readonly string[]): string {
  return `${parts.join('\n')}\n`
}
