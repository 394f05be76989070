/**
 * The community's test suite for RFC 7208 (openspf, release 2014.04), run where a copy of it lies: beside the project in
 * ../shared/suites, or in the directory that MAILCHECK_SUITES names. The project keeps none of its own.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { checkHost } from '../../src/evaluate/check-host.ts'
import { dnsFileNetwork } from '../../src/network/dns-file.ts'
import { packageRoot } from '../../src/package.ts'
import { drive } from '../../src/probes/drive.ts'

interface Scenario {
  readonly description: string
  readonly tests: Readonly<Record<string, {
    readonly helo: string; readonly host: string; readonly mailfrom: string
    readonly result: string | readonly string[]; readonly explanation?: string
  }>>
  readonly zonedata: unknown
}

const file = join(process.env['MAILCHECK_SUITES'] ?? join(packageRoot(), '..', 'shared', 'suites'), 'rfc7208-tests.yml')

if (existsSync(file)) run(parseAllDocuments(readFileSync(file, 'utf8')).map(document => (document as { toJS(): unknown }).toJS() as Scenario))
else {
  console.error(`\n*** NOT TESTED: the SPF suite of RFC 7208 is not there (${file}). Set MAILCHECK_SUITES to the directory that holds rfc7208-tests.yml. ***\n`)
  test.skip(`the suite of RFC 7208: ${file} is not there`, () => undefined)
}

function run(scenarios: readonly Scenario[]): void {
  for (const { description, tests, zonedata } of scenarios) {
    describe(description, () => {
      const network = dnsFileNetwork(JSON.stringify(zonedata))
      test.each(Object.entries(tests))('%s', async (id, { helo, host, mailfrom, result, explanation }) => {
        const verdict = await drive(checkHost({ ip: host, sender: mailfrom, helo }), network)
        expect([result].flat(), JSON.stringify(verdict.trace, null, 1)).toContain(verdict.result)
        if (explanation === undefined) return
        const folded = (text: string | null) => id === 'v-macro-ip6' ? text?.toLowerCase() : text // hexadecimal digits, in either case
        expect(folded(verdict.explanation)).toBe(explanation === 'DEFAULT' ? null : folded(explanation))
      })
    })
  }

  test('it is the whole suite', () => {
    const cases = scenarios.flatMap(({ tests }) => Object.values(tests))
    expect({ results: cases.length, explanations: cases.filter(({ explanation }) => explanation !== undefined && explanation !== 'DEFAULT').length })
      .toEqual({ results: 203, explanations: 14 })
  })
}
