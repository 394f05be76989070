/** The problems of one record, each with a caret under its place. */
import type { LintProblem, LintResult } from '../syntax/lint-problem.ts'
import { painter } from './paint.ts'
import { visible } from './visible.ts'
import { cells, wrap } from './wrap.ts'

/** What programs get. */
export function lintAnswer({ valid, problems }: LintResult): object {
  return { valid, problems: problems.map(problem => ({ code: problem.code, message: messageOf(problem), at: problem.at })) }
}

/** `record` as octets; `width` in cells. */
export function renderLint(record: string, { valid, problems }: LintResult, { width, colour }: { width: number; colour: boolean }): string {
  const paint = painter(colour)
  const lines = [valid ? paint('green', 'valid: receivers use this record') : paint('red', 'not valid: receivers do not use this record')]
  for (const problem of problems) {
    const { code, at, note } = problem
    lines.push('')
    if (at !== null) {
      const { text, caret } = excerpt(record, at, width - 2)
      lines.push(`  ${text}`, `  ${' '.repeat(caret)}${paint(note ? 'yellow' : 'red', '^')}`)
    }
    const [first = '', ...rest] = wrap(`${messageOf(problem)} (${code}${at === null ? '' : `, octet ${at}`})`, width - 9)
    lines.push(`  ${note ? paint('yellow', 'note ') : paint('red', 'error')}  ${first}`, ...rest.map(line => `         ${line}`))
  }
  return `${lines.join('\n')}\n`
}

/** What stands in the record is made safe to show. */
function messageOf({ what, why }: LintProblem): string {
  return what === '' ? why : `${visible(what)}: ${why}`
}

/** The line in which `at` lies, as much of it as fits, and the cells that stand before the octet at `at`. */
function excerpt(record: string, at: number, room: number): { text: string; caret: number } {
  const start = record.lastIndexOf('\n', at - 1) + 1
  const feed = record.indexOf('\n', at)
  const end = feed < 0 ? record.length : feed
  // Shown apart, so that the caret stands between the two even when a problem lies within a character of several octets.
  const left = visible(record.slice(Math.max(at === 0 ? 0 : start, at - 4 * room), at))
  const right = visible(record.slice(at, Math.min(end, at + 4 * room)).replace(/\r$/, ''))
  if (end - start <= room && cells(left) + cells(right) < room) return { text: left + right, caret: cells(left) }
  const before = tail(left, Math.floor(room / 2), start < at - 4 * room)
  const after = head(right, room - cells(before) - 1, end > at + 4 * room)
  return { text: before + after, caret: cells(before) }
}

function head(text: string, room: number, more: boolean): string {
  if (!more && cells(text) <= room) return text
  let kept = ''
  let filled = 0
  for (const character of text) {
    filled += cells(character)
    if (filled > room - 1) break
    kept += character
  }
  return `${kept}…`
}

function tail(text: string, room: number, more: boolean): string {
  if (!more && cells(text) <= room) return text
  const characters = Array.from(text)
  let filled = 0
  let first = characters.length
  while (first > 0) {
    filled += cells(characters[first - 1] ?? '')
    if (filled > room - 1) break
    first--
  }
  return `…${characters.slice(first).join('')}`
}
