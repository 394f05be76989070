import { describe, expect, test } from 'vitest'
import { checkCatalogue } from '../../src/report/explain.ts'
import { renderJson, renderJsonLine, stringify } from '../../src/report/json.ts'
import { reportSchema } from '../../src/report/schema.ts'
import { expectGolden } from './golden.ts'
import { violations } from './json-schema.ts'
import { checks, first, sample } from './sample.ts'

describe('JSON', () => {
  test('is the envelope that is promised', () => {
    expectGolden('report/reports.json', renderJson([sample()]))
    expect(JSON.parse(renderJson([]))).toEqual({ schema: 'mailcheck.reports/1', reports: [] })
    const two = JSON.parse(renderJson([sample(), sample()])) as { reports: unknown[] }
    expect(two.reports).toHaveLength(2)
    expect(two.reports[0]).toEqual(JSON.parse(renderJsonLine(sample())))
  })

  test('a line is one line', () => {
    expect(renderJsonLine(sample()).match(/\n/g)).toHaveLength(1)
  })

  test('maps, sets and dates in facts become plain data', () => {
    expect(stringify({ map: new Map([['a', new Set([1])]]), at: new Date(0), none: undefined }))
      .toBe('{"map":{"a":[1]},"at":"1970-01-01T00:00:00.000Z"}')
  })

  test('what a terminal would obey is escaped, and still read back', () => {
    const text = '\u001b[31m\u009b31m\u007f\u202e\u2028 ü'
    expect(stringify(text)).toBe('"\\u001b[31m\\u009b31m\\u007f\\u202e\\u2028 ü"')
    expect(JSON.parse(stringify(text))).toBe(text)
  })
})

describe('the schema', () => {
  const schema = reportSchema(checks)

  test('is kept in review', () => {
    expectGolden('report/schema.json', `${JSON.stringify(schema, null, 2)}\n`)
  })

  test('allows what is printed', () => {
    expect(violations(JSON.parse(renderJson([sample()])), schema)).toEqual([])
  })

  test.each([
    ['another schema', (document: Document) => { document.schema = 'mailcheck.reports/2' }],
    ['an unknown check', (document: Document) => { findingOf(document)['check'] = 'no/such' }],
    ['a code of another check', (document: Document) => { findingOf(document, 'fail')['code'] = 'no-such' }],
    ['a reason that is none', (document: Document) => { findingOf(document, 'unknown')['code'] = 'failed' }],
    ['another severity', (document: Document) => { findingOf(document)['severity'] = 'notice' }],
    ['an unknown field', (document: Document) => { findingOf(document)['extra'] = 1 }],
    ['a lost field', (document: Document) => { delete findingOf(document)['subject'] }],
  ])('refuses %s', (_, change) => {
    const document = JSON.parse(renderJson([sample()])) as Document
    change(document)
    expect(violations(document, schema)).not.toEqual([])
  })

  const findingOf = (document: Document, verdict = 'pass') =>
    first(first(document.reports).findings.filter(finding => finding['verdict'] === verdict))
  interface Document { schema: string; reports: { findings: Record<string, unknown>[] }[] }
})

test('the catalogue lists every check with its messages', () => {
  expect(checkCatalogue(checks)[2]).toMatchObject({
    id: 'smtp/session-opens', topic: 'smtp', severity: 'error', question: 'receive', requires: null, defersTo: [],
    messages: { failed: '{host} [{address}] answers {command} with "{reply}"' },
  })
})
