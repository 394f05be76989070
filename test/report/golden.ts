/** Golden files: what people and programs read, so that every change of it is seen in review. UPDATE_GOLDEN=1 rewrites them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

export function expectGolden(name: string, text: string): void {
  const file = fileURLToPath(new URL(`../../fixtures/golden/${name}`, import.meta.url))
  if (process.env['UPDATE_GOLDEN']) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  expect(text, `differs from fixtures/golden/${name}; UPDATE_GOLDEN=1 rewrites it`).toBe(readFileSync(file, 'utf8'))
}
