/** What fails and does not count, folded to a line or two each; waivers that no longer hold; and what changed since an earlier report. */
import { plural } from './answers.ts'
import { groupBy } from './group.ts'
import type { Report } from './report.ts'
import type { ChangedFinding } from './since.ts'
import type { Page } from './text.ts'
import { excuseOf } from './verdicts.ts'
import { harmless, visible } from './visible.ts'
import { waiverLine } from './waivers.ts'
import { shortened, wrap } from './wrap.ts'

/** By why they do not count. */
export function renderExcused({ findings }: Report, page: Page): string[] {
  const excused = findings.filter(({ verdict }) => verdict === 'fail').flatMap(finding => {
    const excuse = excuseOf(finding)
    return excuse ? [{ finding, because: excuse.because }] : []
  })
  if (excused.length === 0) return []
  return [
    page.paint('bold', `Waived or known (${excused.length})`),
    ...[...groupBy(excused, ({ because }) => because)].flatMap(([because, group]) => [
      ...wrap(`${because.charAt(0).toUpperCase()}${because.slice(1)}:`, page.width - 2).map(line => `  ${line}`),
      ...group.flatMap(({ finding }) => item('-', `${shortened(harmless(finding.message))} (${finding.severity}, ${finding.check})`, page)),
    ]),
  ]
}

/** Waivers that a reader of this report should look at. */
export function renderWaivers({ waivers = [] }: Report, page: Page): string[] {
  const over = waivers.filter(({ state, findings }) => state === 'expired' && findings > 0)
  return over.length === 0 ? [] : [page.paint('bold', `Expired waivers (${over.length})`), ...over.flatMap(use => item('!', harmless(waiverLine(use)), page))]
}

const others: Readonly<Record<ChangedFinding['other'], string>> = {
  pass: 'holds now', fail: 'fails otherwise now', skip: 'does not apply now', unknown: 'could not be tested this time', gone: 'is not there any more',
}

export function renderSince({ since }: Report, page: Page): string[] {
  if (!since) return []
  const at = `${since.startedAt.slice(0, 10)} ${since.startedAt.slice(11, 16)} UTC`
  const count = since.appeared.length + since.disappeared.length
  const head = page.paint('bold', `Since ${harmless(at)}: ${count === 0 ? 'nothing has changed' : plural(count, 'change')}`)
  return [
    head,
    ...since.appeared.flatMap(({ message, severity, check, other }) => item('+',
      `${shortened(harmless(message))} (${severity}, ${check})${other === 'unknown' ? ', which could not be tested then' : ''}`, page)),
    ...since.disappeared.flatMap(({ message, check, subject, other }) => item('-',
      `${check} of ${visible(subject)} ${others[other]}: ${shortened(visible(message))}`, page)),
  ]
}

function item(mark: string, text: string, { width }: Page): string[] {
  return wrap(text, width - 4).map((line, i) => (i === 0 ? `  ${mark} ${line}` : `    ${line}`))
}
