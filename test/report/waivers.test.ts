import { describe, expect, test } from 'vitest'
import { exitCode } from '../../src/report/exit-code.ts'
import { renderJson } from '../../src/report/json.ts'
import { reportSchema } from '../../src/report/schema.ts'
import { readSavedReports } from '../../src/report/saved.ts'
import { acceptBaseline, compareSince } from '../../src/report/since.ts'
import { renderText } from '../../src/report/text.ts'
import { waive, waiverLine, type Waiver } from '../../src/report/waivers.ts'
import { violations } from './json-schema.ts'
import { checks, findings, first, sample } from './sample.ts'

const context = { registry: checks, otherDomains: ['example.com', 'example.org'] }
const waiver = (check: string, rest: Partial<Waiver> = {}): Waiver =>
  ({ check, subject: '*', reason: 'it ends in March', owner: 'ops', until: null, at: 'mailcheck.yaml:3:5', ...rest })
const waivedIn = (...waivers: Waiver[]) => {
  const report = waive(sample(), waivers, context)
  return { report, ids: report.findings.filter(({ waived }) => waived).map(({ check, subject }) => `${check} ${subject}`), states: report.waivers?.map(({ state, findings: count }) => [state, count]) }
}
const policy = { failOn: 'notice', strict: false } as const

describe('a waiver', () => {
  test.each([
    ['spf/syntax-valid', '*', ['spf/syntax-valid example.com']],
    ['spf', '*', ['spf/within-lookup-limit example.com', 'spf/syntax-valid example.com']],
    ['smtp/*', 'MX1.example.com[192.0.2.1]:25', ['smtp/session-opens mx1.example.com[192.0.2.1]:25']],
    ['smtp/*', 'mx1.*', ['smtp/session-opens mx1.example.com[192.0.2.1]:25', 'smtp/session-opens mx1.example.com[192.0.2.2]:25', 'smtp/session-opens mx1.example.com[2001:db8::1]:25']],
    ['smtp/*', 'mx1', []],
    ['dom*', '*', []],
  ])('for %s of %s covers %j', (check, subject, covered) => {
    expect(waivedIn(waiver(check, { subject })).ids).toEqual(covered)
  })

  test('leaves the finding as it is, and takes it out of the exit status', () => {
    const { report } = waivedIn(waiver('*', { until: '2027-03-31' }))
    expect(report.findings.map(({ verdict }) => verdict)).toEqual(sample().findings.map(({ verdict }) => verdict))
    expect(report.counts).toEqual(sample().counts)
    expect(report.findings.find(({ verdict }) => verdict === 'fail')?.waived).toEqual({ reason: 'it ends in March', owner: 'ops', until: '2027-03-31' })
    expect(exitCode([sample()], policy)).toBe(1)
    expect(exitCode([report], policy)).toBe(0)
    expect(exitCode([report], { failOn: 'notice', strict: true })).toBe(0)
  })

  test('holds through its last day, and counts for nothing after', () => {
    expect(waivedIn(waiver('spf', { until: '2026-11-23' })).states).toEqual([['used', 2]])
    const { ids, states, report } = waivedIn(waiver('spf', { until: '2026-11-22' }))
    expect({ ids, states }).toEqual({ ids: [], states: [['expired', 2]] })
    expect(exitCode([report], policy)).toBe(1)
    expect(waiverLine(first(report.waivers ?? []))).toBe('the waiver for spf (mailcheck.yaml:3:5) expired on 2026-11-22: 2 findings count again')
  })

  test('of which nothing is left is unused, unless this run left out what it speaks of', () => {
    const states = (one: Waiver) => waivedIn(one).states
    expect(states(waiver('domain'))).toEqual([['unused', 0]])
    expect(states(waiver('domain', { subject: 'mail.example.org' }))).toEqual([['not-judged', 0]])
    expect(states(waiver('smtp/relay-refused'))).toEqual([['not-judged', 0]]) // needs --own
    const partly = waive(sample({ findings: findings.filter(({ check }) => check !== 'domain/exists') }), [waiver('domain')], context)
    expect(partly.waivers?.map(({ state }) => state)).toEqual(['not-judged'])
    expect(waiverLine({ ...waiver('domain', { subject: 'a.*' }), state: 'unused', findings: 0 })).toBe('the waiver for domain of a.* (mailcheck.yaml:3:5) covers nothing: what it speaks of does not fail')
  })

  test('the first that holds is shown, and both are used', () => {
    const { report, states } = waivedIn(waiver('spf', { until: '2020-01-01' }), waiver('spf', { owner: null }), waiver('spf', { reason: 'other' }))
    expect(states).toEqual([['expired', 2], ['used', 2], ['used', 2]])
    expect(report.findings.find(({ waived }) => waived)?.waived).toEqual({ reason: 'it ends in March', owner: null, until: null })
  })

  test('is in the text, folded', () => {
    const { report } = waivedIn(waiver('spf', { until: '2027-03-31' }), waiver('dmarc', { until: '2026-01-01' }))
    const text = renderText(report, { width: 100, colour: false, checks })
    expect(text).toContain('Waived or known (2)\n  Waived until 2027-03-31: it ends in March (ops):\n  - 12 DNS-querying terms')
    expect(text).toContain('Expired waivers (1)\n  ! the waiver for dmarc (mailcheck.yaml:3:5) expired on 2026-01-01: 1 finding counts again\n')
    expect(text).toContain('Errors (2)')
    expect(renderText(waivedIn(waiver('*')).report, { width: 80, colour: false, checks })).toContain('Nothing fails but what is waived or known.')
  })
})

describe('a saved report', () => {
  const saved = (text: string) => {
    const read = readSavedReports(text)
    return 'error' in read ? read.error : read.reports.map(({ domain }) => domain)
  }
  test('is read from all that is printed for programs', () => {
    expect(saved(renderJson([sample()]))).toEqual(['example.com'])
    expect(saved(`${JSON.stringify(sample())}\n${JSON.stringify(sample({ scope: { domain: 'b.example' } }))}\n`)).toEqual(['example.com', 'b.example'])
    expect(saved(JSON.stringify({ after: sample(), before: sample() }))).toEqual(['example.com'])
  })

  test.each([
    ['', /no report of mailcheck/], ['hello', /neither JSON/], ['[]', /no report/], ['{"reports":[]}', /no report/], ['null', /no report/],
    ['{"reports":[{"domain":"a"}]}', /without domain or findings/], ['{"domain":"a","startedAt":"","findings":[{}]}', /without domain or findings/],
  ])('%j is none', (text, error) => {
    expect(saved(text)).toMatch(error)
  })
})

describe('--baseline', () => {
  test('what was there does not count; what is new does', () => {
    const earlier = sample({ findings: findings.filter(({ check }) => check !== 'spf/syntax-valid') })
    const report = acceptBaseline(sample(), earlier)
    expect(report.findings.filter(({ verdict, baseline }) => verdict === 'fail' && !baseline).map(({ check }) => check)).toEqual(['spf/syntax-valid'])
    expect(exitCode([report], policy)).toBe(1)
    expect(exitCode([acceptBaseline(sample(), sample())], { failOn: 'notice', strict: true })).toBe(0)
  })

  test('the same claim failing otherwise is new, and so is a failure of what could not be tested', () => {
    const earlier = sample({ findings: findings.map(finding => finding.check === 'spf/syntax-valid' ? { ...finding, code: 'other' }
      : finding.check === 'dmarc/policy-enforced' ? { ...finding, verdict: 'unknown', code: 'failed' } : finding) })
    const report = acceptBaseline(sample(), earlier)
    expect(report.findings.filter(({ verdict, baseline }) => verdict === 'fail' && !baseline).map(({ check }) => check)).toEqual(['spf/syntax-valid', 'dmarc/policy-enforced'])
  })
})

describe('--since', () => {
  const changes = (now: typeof findings, before: typeof findings) => {
    const { since } = compareSince(sample({ findings: now }), sample({ findings: before }))
    return { appeared: since?.appeared.map(({ check, other }) => [check, other]), disappeared: since?.disappeared.map(({ check, other }) => [check, other]) }
  }
  const as = (check: string, rest: object) => findings.map(finding => finding.check === check ? { ...finding, ...rest } : finding)
  const pass = { verdict: 'pass', code: null } as const

  test('nothing', () => expect(changes(findings, findings)).toEqual({ appeared: [], disappeared: [] }))
  test('a failure that came, and one that went', () => {
    expect(changes(findings, as('spf/syntax-valid', pass))).toEqual({ appeared: [['spf/syntax-valid', 'pass']], disappeared: [] })
    expect(changes(as('spf/syntax-valid', pass), findings)).toEqual({ appeared: [], disappeared: [['spf/syntax-valid', 'pass']] })
  })
  test('what cannot be tested now is not said to be mended', () => {
    expect(changes(as('spf/syntax-valid', { verdict: 'unknown', code: 'dns-timeout' }), findings).disappeared).toEqual([['spf/syntax-valid', 'unknown']])
    const hidden = findings.filter(({ check }) => check !== 'smtp/session-opens').concat(first(as('domain/exists', { check: 'smtp/session-opens', verdict: 'unknown', code: 'dns-timeout' })))
    expect(changes(hidden, findings).disappeared).toEqual([['smtp/session-opens', 'unknown'], ['smtp/session-opens', 'unknown']])
  })
  test('another code is one change', () => {
    expect(changes(as('spf/syntax-valid', { code: 'other' }), findings)).toEqual({ appeared: [['spf/syntax-valid', 'fail']], disappeared: [] })
  })
  test('what only one of them asked about has not changed', () => {
    const fewer = findings.filter(({ check }) => !check.startsWith('spf/'))
    expect(changes(fewer, findings)).toEqual({ appeared: [], disappeared: [] })
    expect(changes(findings, fewer)).toEqual({ appeared: [], disappeared: [] })
  })
  test('is in the text', () => {
    const report = compareSince(sample({ findings: as('spf/syntax-valid', pass) }), sample({ findings: as('dmarc/policy-enforced', pass) }))
    expect(renderText(report, { width: 120, colour: false, checks })).toContain(
      'Since 2026-11-23 06:10 UTC: 2 changes\n  + example.com has p=none: forgeries are delivered (warning, dmarc/policy-enforced)\n  - spf/syntax-valid of example.com holds now: Syntax error at')
  })
})

test('all of it is in the schema', () => {
  const report = compareSince(acceptBaseline(waivedIn(waiver('spf', { until: '2027-03-31' })).report, sample()), sample({ findings: findings.slice(0, 4) }))
  expect(violations(JSON.parse(renderJson([report])), reportSchema(checks))).toEqual([])
})
