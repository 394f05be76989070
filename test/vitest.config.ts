import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real/**', 'test/prometheus/**', 'test/output/**'],
    setupFiles: ['test/setup.ts'],
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 20_000,
    pool: 'threads',
    maxWorkers: Math.max(2, availableParallelism() - 1), // the runner alone would have two processors do the work of one
  },
})
