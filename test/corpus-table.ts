/** What the product says of the domains of a corpus beyond "it holds", a line for each finding, held against a golden file. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Report } from '../src/index.ts'
import type { RunningWorld } from '../src/lab/world.ts'

/** `name` in fixtures/golden; UPDATE_GOLDEN=1 writes it. */
export function expectGolden(name: string, reports: readonly Report[], { declared }: Pick<RunningWorld, 'declared'>): void {
  const golden = new URL(`../fixtures/golden/${name}`, import.meta.url)
  const table = reports.map(report => render(report, declared[report.domain]?.about ?? '')).join('\n')
  if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, table)
  expect(table).toBe(readFileSync(golden, 'utf8'))
}

/** Nothing fails, nothing is left to doubt, and more than `passes` claims hold. */
export function expectInOrder(report: Report | undefined, passes: number): void {
  expect(report?.findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')).toEqual([])
  expect(report?.counts.pass).toBeGreaterThan(passes)
}

function render({ domain, findings }: Report, about: string): string {
  const passed = findings.filter(({ verdict }) => verdict === 'pass').length
  const others = findings.filter(({ verdict, code }) => verdict !== 'pass' && code !== 'not-applicable')
  return [`${domain}: ${about}`,
    ...others.map(({ verdict, severity, check: id, subject, code }) => `  ${verdict.padEnd(8)} ${severity.padEnd(8)} ${id} ${subject} ${code ?? ''}`),
    `  pass ${passed}`, ''].join('\n')
}
