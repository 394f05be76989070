/**
 * The structural rules of the formats that CI systems read, in our own words: SARIF 2.1.0 §3 as far as we write it, the JUnit
 * XML that Jenkins and GitLab read, GitLab's code quality report, and GitHub's workflow commands.
 */
import { SaxesParser } from 'saxes'
import { violations } from './json-schema.ts'

const text = { type: 'string', minLength: 1 }
const message = { type: 'object', properties: { text }, required: ['text'], additionalProperties: false }
const list = (items: object) => ({ type: 'array', items })
const closed = (properties: Readonly<Record<string, object>>, required: readonly string[]) =>
  ({ type: 'object', properties, required, additionalProperties: false })

const level = { enum: ['none', 'note', 'warning', 'error'] }
const physicalLocation = closed({
  artifactLocation: closed({ uri: { type: 'string', pattern: '^(?:[A-Za-z0-9._~!$&\'()*+,;=:@/-]|%[0-9A-F]{2})+$' } }, ['uri']),
  region: closed({ startLine: { type: 'integer', minimum: 1 }, startColumn: { type: 'integer', minimum: 1 } }, ['startLine']),
}, ['artifactLocation'])
const logicalLocation = closed({ name: text, fullyQualifiedName: text, kind: text }, ['name'])
const location = closed({ id: { type: 'integer', minimum: 0 }, physicalLocation, logicalLocations: list(logicalLocation) }, [])
const propertyBag = { type: 'object', properties: { tags: list(text) } }
const rule = closed({
  id: text, shortDescription: message, fullDescription: message, help: message, defaultConfiguration: closed({ level }, []), properties: propertyBag,
}, ['id'])
const result = {
  ...closed({
    ruleId: text, ruleIndex: { type: 'integer', minimum: 0 }, kind: { enum: ['pass', 'open', 'informational', 'notApplicable', 'review', 'fail'] },
    level, message, locations: list(location), relatedLocations: list(location),
    partialFingerprints: { type: 'object', additionalProperties: text }, baselineState: { enum: ['new', 'unchanged', 'updated', 'absent'] },
    suppressions: list(closed({ kind: { enum: ['inSource', 'external'] }, status: { enum: ['accepted', 'underReview', 'rejected'] }, justification: text }, ['kind'])),
    properties: propertyBag,
  }, ['message']),
  // §3.27.10: whatever is no failure has no level.
  allOf: [{ if: { properties: { kind: { enum: ['pass', 'open', 'informational', 'notApplicable', 'review'] } } }, then: { properties: { level: { const: 'none' } } } }],
}
const sarifLog = closed({
  $schema: text, version: { const: '2.1.0' },
  runs: list(closed({
    tool: closed({ driver: closed({ name: text, version: text, semanticVersion: text, rules: list(rule) }, ['name']) }, ['driver']),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] }, results: list(result),
    invocations: list(closed({ executionSuccessful: { type: 'boolean' }, toolExecutionNotifications: list(closed({ level, message, locations: list(location), properties: propertyBag }, ['message'])) }, ['executionSuccessful'])),
  }, ['tool'])),
}, ['version', 'runs'])

export interface SarifResult {
  ruleId: string; ruleIndex: number; kind: string; level: string; message: { text: string }; baselineState?: string
  locations: { physicalLocation?: { artifactLocation: { uri: string }; region: { startLine: number } }; logicalLocations: { fullyQualifiedName: string }[] }[]
  partialFingerprints: Record<string, string>; suppressions: { justification: string }[]; properties: Record<string, unknown>
}
export interface SarifNotification { level: string; message: { text: string }; locations?: SarifResult['locations'] }
interface SarifLog { runs: { tool: { driver: { rules: { id: string }[] } }; results: SarifResult[]; invocations: { toolExecutionNotifications?: SarifNotification[] }[] }[] }

/** Throws unless it is what the rules allow; the results of its one run. */
export function readSarif(document: string): { results: SarifResult[]; rules: { id: string }[]; notifications: SarifNotification[] } {
  const log = JSON.parse(document) as SarifLog
  refuse(violations(log, sarifLog))
  const [run] = log.runs
  if (!run || log.runs.length !== 1) throw new Error('not one run')
  const { rules } = run.tool.driver
  if (new Set(rules.map(({ id }) => id)).size !== rules.length) throw new Error('a rule stands twice')
  refuse(run.results.filter(({ ruleId, ruleIndex }) => rules[ruleIndex]?.id !== ruleId).map(({ ruleId }) => `${ruleId} has the index of another rule`))
  return { results: run.results, rules, notifications: run.invocations[0]?.toolExecutionNotifications ?? [] }
}

const quality = list(closed({
  description: text, check_name: text, fingerprint: { type: 'string', pattern: '^[0-9a-f]{64}$' }, severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
  location: closed({ path: { type: 'string', pattern: '^(?!\\./)[^\\n]+$' }, lines: closed({ begin: { type: 'integer', minimum: 1 } }, ['begin']) }, ['path', 'lines']),
}, ['description', 'check_name', 'fingerprint', 'severity', 'location']))

export interface QualityEntry { description: string; check_name: string; fingerprint: string; severity: string; location: { path: string; lines: { begin: number } } }

/** GitLab shows one of those that share a fingerprint. */
export function readQuality(document: string): QualityEntry[] {
  const entries = JSON.parse(document) as QualityEntry[]
  refuse(violations(entries, quality))
  if (new Set(entries.map(({ fingerprint }) => fingerprint)).size !== entries.length) throw new Error('a fingerprint stands twice')
  return entries
}

/** By element: what it may hold, which attributes it must have, and which more it may have. */
const junit: Readonly<Record<string, { children: readonly string[]; required: readonly string[]; optional: readonly string[] }>> = {
  testsuites: { children: ['testsuite'], required: [], optional: ['name', 'time', 'tests', 'failures', 'disabled', 'errors'] },
  testsuite: {
    children: ['properties', 'testcase', 'system-out', 'system-err'], required: ['name', 'tests'],
    optional: ['failures', 'errors', 'time', 'disabled', 'skipped', 'timestamp', 'hostname', 'id', 'package'],
  },
  properties: { children: ['property'], required: [], optional: [] },
  property: { children: [], required: ['name', 'value'], optional: [] },
  testcase: { children: ['skipped', 'error', 'failure', 'system-out', 'system-err'], required: ['name'], optional: ['assertions', 'time', 'classname', 'status', 'file', 'line'] },
  skipped: { children: [], required: [], optional: ['message', 'type'] },
  failure: { children: [], required: [], optional: ['message', 'type'] },
  'system-out': { children: [], required: [], optional: [] },
}

export interface JunitCase { suite: string; name: string; classname: string; file?: string; line?: string; outcome: 'passed' | 'skipped' | 'failure'; message: string; text: string }

/** Throws unless it is well-formed, has the elements and attributes that CI systems know, and counts right. */
export function readJunit(document: string): JunitCase[] {
  const cases: JunitCase[] = []
  const open: { name: string; attributes: Record<string, string> }[] = []
  const suites: { attributes: Record<string, string>; cases: JunitCase[] }[] = []
  const parser = new SaxesParser()
  parser.on('error', error => { throw error })
  parser.on('opentag', ({ name, attributes }) => {
    const rules = junit[name]
    const parent = open.at(-1)?.name
    if (!rules || (parent === undefined ? name !== 'testsuites' : !junit[parent]?.children.includes(name))) throw new Error(`<${name}> in <${parent ?? 'nothing'}>`)
    refuse(rules.required.filter(key => !(key in attributes)).map(key => `<${name}> lacks ${key}`))
    refuse(Object.keys(attributes).filter(key => !rules.required.includes(key) && !rules.optional.includes(key)).map(key => `<${name} ${key}>`))
    open.push({ name, attributes })
    if (name === 'testsuite') suites.push({ attributes, cases: [] })
    if (name === 'testcase') {
      const { name: own = '', classname = '', file, line } = attributes
      const one: JunitCase = {
        suite: suites.at(-1)?.attributes['name'] ?? '', name: own, classname, outcome: 'passed', message: '', text: '', ...file === undefined ? {} : { file, line: line ?? '' },
      }
      cases.push(one)
      suites.at(-1)?.cases.push(one)
    }
    const last = cases.at(-1)
    if (last && (name === 'skipped' || name === 'failure')) Object.assign(last, { outcome: name, message: attributes['message'] })
  })
  parser.on('text', content => {
    const last = cases.at(-1)
    if (open.at(-1)?.name === 'failure' && last) last.text += content
  })
  parser.on('closetag', () => { open.pop() })
  parser.write(document).close()
  for (const { attributes, cases: own } of suites) {
    const count = (outcome: string) => String(own.filter(one => one.outcome === outcome).length)
    const told = [attributes['tests'], attributes['failures'], attributes['skipped'], attributes['errors']]
    const counted = [String(own.length), count('failure'), count('skipped'), '0']
    if (told.join() !== counted.join()) throw new Error(`${attributes['name'] ?? ''} counts ${told.join()}, and has ${counted.join()}`)
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(attributes['timestamp'] ?? '')) throw new Error('no timestamp')
  }
  return cases
}

export interface Annotation { command: string; properties: Record<string, string>; text: string }

/** As the runner reads them: `::name key=value,key=value::text`, where %25, %0D, %0A, and in values %3A and %2C, stand for characters. */
export function readAnnotations(document: string): Annotation[] {
  if (document !== '' && !document.endsWith('\n')) throw new Error('the last line has no end')
  return document.split('\n').slice(0, -1).map(line => {
    const [, command = '', list = '', data = ''] = /^::(error|warning|notice) ([^:]*)::(.*)$/.exec(line) ?? []
    if (command === '') throw new Error(`no annotation: ${line}`)
    const properties = Object.fromEntries(list.split(',').map(pair => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), unescape(pair.slice(at + 1)).replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')]
    }))
    refuse(Object.keys(properties).filter(key => !['file', 'line', 'endLine', 'col', 'endColumn', 'title'].includes(key)))
    return { command, properties, text: unescape(data).replaceAll('%25', '%') }
  })
}

function unescape(value: string): string {
  return value.replaceAll('%0D', '\r').replaceAll('%0A', '\n')
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.slice(0, 10).join('\n'))
}
