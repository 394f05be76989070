/**
 * SARIF 2.1.0: a rule for each check, a result for each failure, and one of kind "open" for each claim that could not be
 * tested (§3.27.9: not enough information to decide), whose level is therefore "none". What holds or does not apply is left out.
 */
import type { Check, Severity } from '../checks/define.ts'
import { cureLines, unknownBecause } from './finding-text.ts'
import { stringify } from './json.ts'
import type { Pieces } from './pieces.ts'
import { identityOf, type DomainVerdicts, type JudgedFinding, type Note, type Place } from './verdicts.ts'
import { visible } from './visible.ts'

const levels: Readonly<Record<Severity, string>> = { critical: 'error', error: 'error', warning: 'warning', notice: 'note' }
/** How GitHub sorts alerts: the tens of a CVSS score. */
const scores: Readonly<Record<Severity, string>> = { critical: '9.0', error: '7.0', warning: '4.0', notice: '1.0' }

export interface SarifOptions {
  readonly checks: readonly Check[]
  readonly version: string
}

export function sarif({ checks, version }: SarifOptions): Pieces {
  const index = new Map(checks.map(({ id }, i) => [id as string, i]))
  const byId = new Map(checks.map(check => [check.id as string, check]))
  const driver = { name: 'mailcheck', version, semanticVersion: version, rules: checks.map(rule) }
  const notifications: object[] = []
  let written = 0
  return {
    open: [
      '{', '  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",', '  "version": "2.1.0",', '  "runs": [', '    {',
      `      "tool": ${indented({ driver }, 6)},`, '      "columnKind": "utf16CodeUnits",', '      "results": [',
    ].join('\n'),
    item: ({ report, verdicts, notes = [] }: DomainVerdicts) => {
      for (const note of notes) notifications.push(notification(note, report.domain))
      return verdicts
        .filter(({ finding }) => finding.verdict === 'fail' || finding.verdict === 'unknown')
        .map(judged => `${written++ === 0 ? '' : ','}\n        ${indented(
          result(judged, report.domain, index.get(judged.finding.check) ?? -1, byId.get(judged.finding.check)), 8)}`).join('')
    },
    close: () => {
      const invocation = notifications.length === 0 ? '{ "executionSuccessful": true }' : indented({ executionSuccessful: true, toolExecutionNotifications: notifications }, 6)
      return `${written === 0 ? '' : '\n      '}],\n      "invocations": [${invocation}]\n    }\n  ]\n}\n`
    },
  }
}

function rule(check: Check): object {
  const { id, title, severity, topic, question, explain, rfc } = check
  const why = explain.replace(/\s+/g, ' ').trim()
  const by = rfc.length === 0 ? '' : ` (${rfc.join(', ')})`
  return {
    id,
    shortDescription: { text: literal(title) },
    fullDescription: { text: literal(why) },
    help: { text: literal(`${title}.\n${why}${by}\nmailcheck explain ${id}`) },
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ['mail', topic, question], severity, 'security-severity': scores[severity] },
  }
}

function result(judged: JudgedFinding, domain: string, ruleIndex: number, check: Check | undefined): object {
  const { finding, places, excuse, state } = judged
  const fails = finding.verdict === 'fail'
  const text = fails
    ? [`${finding.message}.`, ...cureLines(finding, check).filter(line => !line.startsWith('why: ') && !line.startsWith('by: '))].join('\n')
    : `Could not be tested: ${finding.message}. ${unknownBecause(finding)}`
  const identity = identityOf(finding)
  return {
    ruleId: finding.check,
    ...ruleIndex < 0 ? {} : { ruleIndex },
    kind: fails ? 'fail' : 'open',
    level: fails ? levels[finding.severity] : 'none',
    message: { text: literal(text) },
    locations: [location(places[0], domain, finding.subject)],
    ...places.length > 1 ? { relatedLocations: places.slice(1).map((place, id) => ({ id, ...physical(place) })) } : {},
    // The second name is the one that GitHub reads.
    partialFingerprints: { 'mailcheck/v1': identity, primaryLocationLineHash: identity },
    ...state === null ? {} : { baselineState: state },
    suppressions: excuse?.kind === 'waived' ? [{ kind: 'external', status: 'accepted', justification: excuse.because }] : [],
    properties: { domain, subject: visible(finding.subject), severity: finding.severity, code: finding.code },
  }
}

/** What there is to say of the planned records is no result of a rule (§3.58). */
function notification({ place, message, grave }: Note, domain: string): object {
  return { level: grave ? 'warning' : 'note', message: { text: literal(visible(message)) }, ...place ? { locations: [physical(place)] } : {}, properties: { domain } }
}

function location(place: Place | undefined, domain: string, subject: string): object {
  const name = visible(subject)
  return {
    ...place ? physical(place) : {},
    logicalLocations: [{ name, fullyQualifiedName: name === domain ? name : `${domain}/${name}`, kind: 'resource' }],
  }
}

function physical({ file, line, column }: Place): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: fileUri(file) },
      region: { startLine: line, ...column === undefined ? {} : { startColumn: column } },
    },
  }
}

/** A relative reference or a file URI (RFC 3986 §4.1): each segment as it must be written there. */
function fileUri(file: string): string {
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
  return path.startsWith('/') ? `file://${path}` : path.replace(/^\.\//, '')
}

/**
 * Text that stands for itself in a message: braces would be placeholders (§3.11.5), and brackets in front of a parenthesis a
 * link (§3.11.6), which a hostile record could aim anywhere.
 */
function literal(text: string): string {
  const plain = text.replace(/[{}]/g, brace => brace + brace)
  return plain.includes('](') ? plain.replace(/[\\[\]]/g, character => `\\${character}`) : plain
}

function indented(value: unknown, columns: number): string {
  return stringify(value, 2).replaceAll('\n', `\n${' '.repeat(columns)}`)
}
