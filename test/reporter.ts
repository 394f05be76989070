/** Ends the output with one line for people and machines in a hurry: `12 passed, 1 failed, 2 skipped`. */
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    console.log(countLine(modules, unhandled.length))
  }
}

/** A file that fails by itself (it does not load, or its hooks fail) counts as one failed test, and so does a stray error. */
export function countLine(modules: readonly Pick<TestModule, 'state' | 'children'>[], strayErrors: number): string {
  const count = { passed: 0, failed: strayErrors, skipped: 0 }
  for (const module of modules) {
    let failed = 0
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'failed') failed++
      else if (state === 'passed') count.passed++
      else count.skipped++ // skipped, or never reached
    }
    count.failed += module.state() === 'failed' ? Math.max(failed, 1) : failed
  }
  return `${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`
}
