import { expect, test } from 'vitest'
import type { TestModule } from 'vitest/node'
import { countLine } from './reporter.ts'

type State = 'passed' | 'failed' | 'skipped' | 'pending'
const file = (state: 'passed' | 'failed', ...tests: State[]) => ({
  state: () => state,
  children: { *allTests() { for (const told of tests) yield { result: () => ({ state: told }) } } },
}) as unknown as Pick<TestModule, 'state' | 'children'>

test.each([
  ['nothing', [], 0, '0 passed, 0 failed'],
  ['all well', [file('passed', 'passed', 'passed')], 0, '2 passed, 0 failed'],
  ['a failing test', [file('failed', 'passed', 'failed')], 0, '1 passed, 1 failed'],
  ['a file that does not load', [file('failed'), file('passed', 'passed')], 0, '1 passed, 1 failed'],
  ['a file whose hooks fail', [file('failed', 'skipped', 'pending')], 0, '0 passed, 1 failed, 2 skipped'],
  ['a stray error', [file('passed', 'passed')], 1, '1 passed, 1 failed'],
])('the last line counts: %s', (_, modules, stray, line) => {
  expect(countLine(modules, stray)).toBe(line)
})
