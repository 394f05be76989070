/**
 * JUnit XML as CI systems read it: a suite for each domain, a case for each finding. What could not be tested and what does
 * not count is skipped, with the reason: a skipped case breaks no build, and a reader still sees it.
 */
import type { Check } from '../checks/define.ts'
import { cureLines, unknownBecause } from './finding-text.ts'
import type { Pieces } from './pieces.ts'
import { topicOf } from './topics.ts'
import type { DomainVerdicts, JudgedFinding } from './verdicts.ts'
import { visible } from './visible.ts'

export function junit(checks: readonly Check[]): Pieces {
  const byId = new Map(checks.map(check => [check.id as string, check]))
  return {
    open: '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mailcheck">\n',
    item: verdicts => renderSuite(verdicts, byId),
    close: () => '</testsuites>\n',
  }
}

function renderSuite({ report, verdicts, notes = [] }: DomainVerdicts, checks: ReadonlyMap<string, Check>): string {
  const told = verdicts.filter(({ state }) => state !== 'absent')
  const failures = told.filter(counts).length
  const skipped = told.filter(judged => !counts(judged) && judged.finding.verdict !== 'pass').length
  return [
    `  <testsuite${attributes({
      name: report.domain, tests: told.length, failures, errors: 0, skipped, time: 0, timestamp: report.startedAt.slice(0, 19),
    })}>`,
    '    <properties>',
    `      <property${attributes({ name: 'mailcheck', value: report.mailcheck })}/>`,
    '    </properties>',
    ...told.map(judged => renderCase(judged, checks.get(judged.finding.check))),
    ...notes.length === 0 ? [] : [`    <system-out>${textOf(notes.map(({ place, message }) => `${place ? `${place.file}:${place.line}: ` : ''}${visible(message)}`))}</system-out>`],
    '  </testsuite>\n',
  ].join('\n')
}

function counts({ finding, excuse }: JudgedFinding): boolean {
  return finding.verdict === 'fail' && excuse === null
}

function renderCase(judged: JudgedFinding, check: Check | undefined): string {
  const { finding, places: [place] } = judged
  const head = `    <testcase${attributes({
    name: `${finding.check} ${visible(finding.subject)}`, classname: `${finding.domain}.${topicOf(finding.check)}`, time: 0,
    ...place ? { file: place.file, line: place.line } : {},
  })}`
  const inner = renderOutcome(judged, check)
  return inner === null ? `${head}/>` : `${head}>\n${inner}\n    </testcase>`
}

function renderOutcome(judged: JudgedFinding, check: Check | undefined): string | null {
  const { finding, excuse } = judged
  switch (finding.verdict) {
    case 'pass':
      return null
    case 'skip':
      return `      <skipped${attributes({ message: visible(finding.detail ?? 'does not apply') })}/>`
    case 'unknown':
      return `      <skipped${attributes({ message: `could not be tested: ${unknownBecause(finding)}` })}/>`
    case 'fail':
      if (excuse) return `      <skipped${attributes({ message: `${excuse.because}: ${finding.message}` })}/>`
      return `      <failure${attributes({ message: finding.message, type: finding.severity })}>${textOf(cureLines(finding, check))}</failure>`
  }
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values).map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`).join('')
}

/** Line ends in text are line ends; in attributes they would be read as spaces. */
function textOf(lines: readonly string[]): string {
  return lines.map(escapeXml).join('\n')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\n': '&#10;', '\t': '&#9;' }

/** For text and attributes alike. What XML 1.0 §2.2 allows nowhere, not even by number, is replaced. */
export function escapeXml(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd').replace(/[&<>"'\n\t]/g, character => entities[character] ?? character)
}
