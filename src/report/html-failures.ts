/** A check that fails, as a part of a page: what, where it was seen, why it matters, what to do. Each check once. */
import type { Check, Evidence, Severity } from '../checks/define.ts'
import { groupBy } from './group.ts'
import { html, type Content, type Markup } from './markup.ts'
import type { Report, ReportedFinding } from './report.ts'
import { excuseOf } from './verdicts.ts'
import { visible } from './visible.ts'
import { shortened } from './wrap.ts'

const mostSubjects = 8
const mostEvidence = 8

/** Where a check stands in the page of one or more reports. */
export function anchorOf({ domain }: Pick<Report, 'domain'>, check: string): string {
  return `${domain}:${check}`.replace(/[^a-z0-9.:/-]/g, '_')
}

const severityMarks: Readonly<Record<Severity, string>> = { critical: '✗✗', error: '✗', warning: '!', notice: 'i' }

/** A mark before the word that says the same; those who listen hear the word alone. */
export function severityBadge(severity: Severity): Markup {
  return html`<span class="badge ${severity}" aria-hidden="true">${severityMarks[severity]}</span>`
}

/** `findings` are the failures of one check. */
export function renderFailure(report: Report, findings: readonly ReportedFinding[], check: Check | undefined): Content {
  const [first] = findings
  if (!first) return null
  const shown = [...groupBy(findings.slice(0, mostSubjects), ({ message }) => message)]
  const rest = findings.slice(mostSubjects).map(({ subject }) => visible(subject))
  const remedies = new Set(findings.flatMap(({ remedy }) => (remedy ? [oneLine(remedy.text)] : [])))
  const records = (part: 'set' | 'remove') => new Set(findings.flatMap(({ remedy }) => remedy?.records?.[part] ?? []))
  return html`<article id="${anchorOf(report, first.check)}">
${shown.map(([message, alike]) => html`<h3>${shortened(message)}</h3>\n${renderExcuses(alike)}${renderEvidence(alike.flatMap(({ evidence }) => evidence))}`)}${
  rest.length > 0 && html`<p>likewise ${shortened(rest.join(', '))}</p>\n`}<dl>
${check && html`<dt>Why</dt><dd>${oneLine(check.explain)}</dd>\n`}${
  remedies.size > 0 && html`<dt>What to do</dt>${[...remedies].map(text => html`<dd>${shortened(text)}</dd>`)}\n`}${
  renderRecords('Publish', records('set'))}${renderRecords('Remove', records('remove'))}<dt>Check</dt><dd><code>${first.check}</code>${
  check && check.rfc.length > 0 && html` (${check.rfc.map((reference, i) => [i > 0 && ', ', renderReference(reference)])})`}</dd>
</dl>
</article>
`
}

/** Why they do not count, once each. */
function renderExcuses(findings: readonly ReportedFinding[]): Content {
  const because = new Set(findings.flatMap(finding => excuseOf(finding)?.because ?? []))
  return [...because].map(text => html`<p class="caution">${text.charAt(0).toUpperCase()}${text.slice(1)}</p>\n`)
}

/** One element for each record, which a click selects whole. */
function renderRecords(title: string, records: ReadonlySet<string>): Content {
  return records.size > 0 && html`<dt>${title}</dt>${[...records].map(record => html`<dd><pre class="copy">${record}</pre></dd>`)}\n`
}

function renderEvidence(evidence: readonly Evidence[]): Content {
  if (evidence.length === 0) return null
  const lines: string[] = []
  let place = ''
  for (const item of evidence.slice(0, mostEvidence)) {
    const earlier = item.obtainedAt === undefined ? '' : ` (seen at ${item.obtainedAt.slice(11, 19)} UTC)`
    if (item.from === 'dns') {
      lines.push(`${visible(item.name) || '.'} ${item.ttl === null ? '' : `${item.ttl} `}${visible(item.type)} ${visible(item.text)}${earlier}`)
    } else {
      const from = item.from === 'session' ? item.endpoint : item.url
      if (from !== place) lines.push(`${visible(from)}${earlier}`)
      lines.push(`  ${visible(item.line)}`)
      place = from
    }
  }
  if (evidence.length > mostEvidence) lines.push(`and ${evidence.length - mostEvidence} more`)
  return html`<pre aria-label="seen">${lines.map((line, i) => [i > 0 && html`\n`, shortened(line)])}</pre>\n`
}

/** `RFC 7208 §4.6.4` as a link to the very section. */
function renderReference(reference: string): Content {
  const [, number, section] = /^RFC (\d+)(?: §([\d.]+))?/.exec(reference) ?? []
  if (number === undefined) return reference
  const anchor = section === undefined ? '' : `#section-${section.replace(/\.$/, '')}`
  return html`<a href="https://www.rfc-editor.org/rfc/rfc${number}${anchor}" rel="noreferrer noopener">${reference}</a>`
}

/** Explanations are written over several indented lines. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim()
}
