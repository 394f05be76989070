import { expect, test } from 'vitest'
import { renderStatus, type StatusRow } from '../../src/report/status.ts'
import { expectGolden } from './golden.ts'
import { findings, sample } from './sample.ts'
import { readPage } from './well-formed.ts'

const now = new Date('2026-11-23T07:00:00Z')
const options = { now, version: '0.1.0', link: ({ domain, module }: StatusRow) => `report/${domain}?module=${module}` }

function row(domain: string, rest: Partial<StatusRow> = {}): StatusRow {
  const report = 'report' in rest ? rest.report ?? null : sample({ scope: { domain, shownAs: domain }, findings: findings.filter(({ verdict }) => verdict === 'pass') })
  return {
    domain, module: 'dns', interval: 300, lastRun: new Date('2026-11-23T06:58:00Z'), nextRun: new Date('2026-11-23T07:03:00Z'), running: false, success: true,
    ...rest, report,
  }
}

const domains = (rows: readonly StatusRow[]): string[] =>
  [...renderStatus(rows, options).matchAll(/<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]*)/g)].map(([, name = '']) => name)

const failing = sample({ scope: { domain: 'failing.example', shownAs: 'failing.example' } })
const rows = [
  row('good.example'),
  row('new.example', { lastRun: null, success: null, report: null }),
  row('failing.example', { report: failing }),
  row('broken.example', { success: false, running: true }),
  row('silent.example', { report: sample({ scope: { domain: 'silent.example', shownAs: 'silent.example' }, findings: findings.filter(({ verdict }) => verdict === 'unknown') }) }),
]

test('the status page', () => expectGolden('report/status.html', renderStatus(rows, options)))

test('those that need somebody come first', () => {
  expect(domains(rows)).toEqual(['failing.example', 'broken.example', 'silent.example', 'new.example', 'good.example'])
})

test('the worst finding is named with its check, and what else there is', () => {
  const { text } = readPage(renderStatus(rows, options))
  expect(text).toMatch(/mx1\.example\.com \[192\.0\.2\.1\] answers the connection with .* \(smtp\/session-opens; 5 more, 3 not tested\)/)
  expect(text).toContain('5 domains, 5 targets: 1 with errors, 1 that did not come to an end, 1 that could not be tested, 1 not yet run, 1 in order.')
})

test('a report is linked as soon as there is one; times are said as from now', () => {
  const page = renderStatus(rows, options)
  expect(page).toContain('<a href="report/good.example?module=dns">good.example</a>')
  expect(page).toContain('<th scope="row" class="short">new.example</th>')
  const { text } = readPage(renderStatus([
    row('a.example', { lastRun: new Date('2026-11-23T06:59:30Z'), nextRun: new Date('2026-11-23T13:00:00Z') }),
    row('b.example', { lastRun: new Date('2026-11-19T07:00:00Z'), nextRun: new Date('2026-11-23T06:00:00Z') }),
  ], options))
  for (const words of ['30 s ago', 'in 6 h', '4 d ago', 'due']) expect(text).toContain(words)
})

test('a service without a target says what is missing', () => {
  expect(readPage(renderStatus([], options)).text).toContain('There is nothing to check')
})

test('a page of twenty thousand targets is made in linear time', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => row(`d${i}.example`, { report: failing }))
  expect(renderStatus(many, options).length).toBeLessThan(20_000 * 1000)
})
