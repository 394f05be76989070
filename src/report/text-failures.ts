/** What fails, gravest first. Each check once, however many subjects fail it: the reason and the cure are the same. */
import { severities, type Evidence, type Severity } from '../checks/define.ts'
import { groupBy } from './group.ts'
import type { Tint } from './paint.ts'
import type { Report, ReportedFinding } from './report.ts'
import type { Page } from './text.ts'
import { excuseOf } from './verdicts.ts'
import { harmless, visible } from './visible.ts'
import { shortened, wrap } from './wrap.ts'

export const severityTints: Readonly<Record<Severity, Tint>> = { critical: 'red', error: 'red', warning: 'yellow', notice: 'cyan' }
const titles: Readonly<Record<Severity, string>> = { critical: 'Critical', error: 'Errors', warning: 'Warnings', notice: 'Notices' }
const label = 9
const mostSubjects = 8
const mostEvidence = 8

/** A section for each severity at which something fails, or one that says that nothing does. */
export function renderFailures({ findings, counts }: Report, page: Page): string[][] {
  const all = findings.filter(({ verdict }) => verdict === 'fail')
  const failed = all.filter(finding => excuseOf(finding) === null)
  if (all.length === 0) return counts.pass > 0 ? [[page.paint('green', 'Nothing fails.')]] : []
  if (failed.length === 0) return [[page.paint('green', 'Nothing fails but what is waived or known.')]]
  return severities.flatMap(severity => {
    const own = failed.filter(finding => finding.severity === severity)
    if (own.length === 0) return []
    const title = page.paint('bold', page.paint(severityTints[severity], `${titles[severity]} (${own.length})`))
    const blocks = [...groupBy(own, ({ check }) => check)].map(([check, group]) => renderCheck(check, group, severityTints[severity], page))
    return [[title, ...blocks.flatMap((block, i) => (i === 0 ? block : ['', ...block]))]]
  })
}

/** One check and those that fail it: what was seen (and `beside` it), why it matters, what to do. */
export function renderCheck(id: string, findings: readonly ReportedFinding[], tint: Tint, page: Page, beside: readonly string[] = []): string[] {
  const { paint, width, checks } = page
  const check = checks.get(id)
  const lines: string[] = []
  for (const [message, alike] of groupBy(findings.slice(0, mostSubjects), finding => finding.message)) {
    lines.push(...wrap(shortened(harmless(message)), width - 4).map((line, i) => (i === 0 ? `  ${paint(tint, '*')} ${line}` : `    ${line}`)))
    lines.push(...renderEvidence(alike.flatMap(({ evidence }) => evidence), page))
  }
  if (findings.length > mostSubjects) {
    const rest = findings.slice(mostSubjects).map(({ subject }) => visible(subject)).join(', ')
    lines.push(...wrap(`likewise ${rest}`, width - 4).map(line => `    ${line}`))
  }
  lines.push(...beside)
  if (check) lines.push(...labelled('why', prose(check.explain), page))
  const remedies = new Set(findings.flatMap(({ remedy }) => (remedy ? [prose(remedy.text)] : [])))
  for (const text of remedies) lines.push(...labelled('do', text, page))
  for (const [name, part] of [['publish', 'set'], ['remove', 'remove']] as const) {
    const records = new Set(findings.flatMap(({ remedy }) => remedy?.records?.[part] ?? []))
    // Whole, on lines of their own, so that they can be copied.
    for (const record of records) lines.push(`    ${paint('dim', name.padEnd(label))}${paint('bold', harmless(record))}`)
  }
  return [...lines, ...labelled('check', `${id}${check && check.rfc.length > 0 ? ` (${check.rfc.join(', ')})` : ''}`, page)]
}

function renderEvidence(evidence: readonly Evidence[], page: Page): string[] {
  const lines: string[] = []
  let place = ''
  for (const item of evidence.slice(0, mostEvidence)) {
    switch (item.from) {
      case 'dns':
        lines.push(...seen(`${visible(item.name) || '.'} ${item.ttl === null ? '' : `${item.ttl} `}${item.type} ${visible(item.text)}`, page), ...caret(item, page))
        break
      case 'session':
      case 'https': {
        const from = item.from === 'session' ? item.endpoint : item.url
        if (from !== place) lines.push(...seen(visible(from), page))
        lines.push(...seen(`  ${visible(item.line)}`, page))
        place = from
      }
    }
  }
  if (evidence.length > mostEvidence) lines.push(...seen(`and ${evidence.length - mostEvidence} more`, page))
  return lines
}

function seen(text: string, { width, paint }: Page): string[] {
  const indent = /^ */.exec(text)?.[0] ?? ''
  return wrap(shortened(text), width - 6 - indent.length, { cut: true }).map(line => `    ${paint('dim', `| ${indent}${line}`)}`)
}

/** Points at the octet that the finding speaks of, where the record is one plain string on one line. */
function caret({ name, ttl, type, text, at }: Evidence & { from: 'dns' }, { width }: Page): string[] {
  if (at === undefined || !/^"[^"\\]*"$/.test(text)) return []
  const column = `    | ${name} ${ttl === null ? '' : `${ttl} `}${type} "`.length + at
  return column + text.length - at <= width && !/\s{2}/.test(text) ? [`${' '.repeat(column)}^`] : []
}

function labelled(name: string, text: string, { width, paint }: Page): string[] {
  return wrap(text, width - 4 - label).map((line, i) => `    ${paint('dim', (i === 0 ? name : '').padEnd(label))}${line}`)
}

/** Explanations are written over several indented lines; what is foreign in them is made visible. */
function prose(text: string): string {
  return harmless(text.replace(/\s*\n\s*/g, ' ').trim())
}
