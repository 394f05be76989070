/**
 * The test of a check is a table of worlds and verdicts. Every row runs the real probes and the real engine for this check
 * alone; the runner polices what every check owes its reader: a row for each message, exact args, evidence, a remedy.
 */
import { describe, expect, test } from 'vitest'
import type { Check } from '../src/checks/define.ts'
import { domainProbes, subjectProbes } from '../src/probes/index.ts'
import type { HistoryFacts } from '../src/probes/history.ts'
import { createSessions } from '../src/probes/sessions.ts'
import type { Reason } from '../src/reasons.ts'
import { run, type Finding } from '../src/run.ts'
import type { Scope } from '../src/scope.ts'
import { createWorld, type WorldDefinition } from './world.ts'

/** A message code for a fail; `unknown` for any reason, `unknown:tarpit` for that one; likewise `skip` and `skip:needs-flag`. */
export type Expected = 'pass' | 'skip' | 'unknown' | `unknown:${Reason}` | `skip:${'not-applicable' | 'needs-flag'}` | (string & {})

export interface Row extends WorldDefinition {
  readonly scope?: Partial<Scope>
  /** What earlier runs saw; with it comes the permission to look at it. */
  readonly history?: HistoryFacts
  /** The verdict for every subject, by its name; none may be missing, and no other may appear. */
  readonly expect: Readonly<Record<string, Expected>>
  /** The args of the fails, by subject, where the row wants to be exact. */
  readonly args?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** A fail needs evidence, if only the question that has no answer: `{ from: 'dns', …, text: '(nodata)' }`. Else say why. */
  readonly evidence?: `none: ${string}`
}

export const usualScope: Scope = {
  domain: 'example.com', shownAs: 'example.com', selectors: [], services: {}, senders: [], accounts: [], context: {},
  families: [4, 6], permissions: new Set(), bulk: false, ehloName: 'probe.example.net', vantage: [],
}

/** The findings of these checks in that world. */
export async function judgeWorld(checks: readonly Check[], row: Pick<Row, 'scope' | 'history'> & WorldDefinition): Promise<readonly Finding[]> {
  const network = await createWorld(row)
  const given = { ...usualScope, ...row.scope }
  const scope: Scope = row.history ? { ...given, permissions: new Set([...given.permissions, 'state']) } : given
  const { findings, facts } = await run(scope, { checks, domainProbes, subjectProbes }, { network, sessions: createSessions(), history: row.history })
  JSON.stringify(facts) // facts are part of the JSON report
  return findings
}

export function checkTable(check: Check, rows: Readonly<Record<string, Row>>): void {
  describe(check.id, () => {
    for (const [name, row] of Object.entries(rows)) {
      test(name, async () => {
        const findings = await judgeWorld([check], row)
        expect(verdicts(findings, row.expect), 'verdicts by subject').toEqual(row.expect)
        for (const finding of findings) police(check, finding, row)
      })
    }

    test('every message has a row', () => {
      const expected = new Set(Object.values(rows).flatMap(row => Object.values(row.expect)))
      expect(Object.keys(check.messages).filter(code => !expected.has(code)), 'messages without a row').toEqual([])
    })
  })
}

/** Said as exactly as the row asks for: `unknown` where any reason will do. */
function verdicts(findings: readonly Finding[], wanted: Row['expect']): Record<string, string> {
  const told = findings.map(({ subject, verdict, code }): [string, string] => {
    const exact = `${verdict}:${code ?? ''}`
    if (verdict === 'fail') return [subject, code ?? '']
    return [subject, verdict === 'pass' || wanted[subject] === verdict ? verdict : exact]
  })
  const subjects = told.map(([subject]) => subject)
  expect(subjects.filter((subject, i) => subjects.indexOf(subject) !== i), 'subjects judged twice').toEqual([])
  return Object.fromEntries(told)
}

/** What every check owes its reader, whatever its verdict. */
export function police(check: Check, finding: Finding, row: Row): void {
  const { subject, verdict, code, args, evidence, remedy, detail } = finding
  if (verdict === 'skip' || verdict === 'unknown') spoken(detail ?? '', `why ${subject} is ${verdict}`, verdict === 'unknown')
  if (verdict !== 'fail') return
  const message = check.messages[code ?? '']
  expect(message, `a message for the code ${code ?? ''}`).toBeDefined()
  const placeholders = new Set(placeholdersOf(message ?? ''))
  const given = Object.keys(args).filter(name => name !== 'count' || placeholders.has(name))
  expect(given.toSorted(), `the args of ${code ?? ''} for ${subject}`).toEqual([...placeholders].toSorted())
  for (const [name, value] of Object.entries(args)) {
    expect(value, `{${name}} of ${code ?? ''}`).not.toBeUndefined()
    spoken(String(value), `{${name}} of ${code ?? ''}`, true)
  }
  const wanted = row.args?.[subject]
  if (wanted) expect(args).toEqual(wanted)
  if (row.evidence === undefined) expect(evidence, `evidence for ${code ?? ''} on ${subject}`).not.toEqual([])
  expect(remedy?.text ?? '', `a remedy for ${code ?? ''}`).not.toBe('')
  spoken(remedy?.text ?? '', 'the remedy')
  for (const record of [...remedy?.records?.set ?? [], ...remedy?.records?.remove ?? []]) spoken(record, 'a record of the remedy')
}

/** No template text (`%{d}` is an SPF macro), and nothing that only a program says. */
function spoken(text: string, what: string, mayBeEmpty = false): void {
  if (!mayBeEmpty) expect(text.trim(), what).not.toBe('')
  expect(text, what).not.toMatch(/(?<!%)\{[a-z]\w*\}|\bundefined\b|\bNaN\b|\[object |\bInvalid Date\b/i)
}

export function placeholdersOf(message: string): string[] {
  return [...message.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name)
}
