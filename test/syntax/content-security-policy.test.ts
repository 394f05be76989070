import { expect, test } from 'vitest'
import { standalonePolicy } from '../../src/syntax/content-security-policy.ts'

test('the style is named by its SHA-256, and everything else is forbidden', () => {
  // CSP3 §8.4 gives this hash for an inline element of this text
  expect(standalonePolicy('alert(\'Hello, world.\');')).toBe(
    "default-src 'none'; style-src 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='; img-src data:; base-uri 'none'; form-action 'none'")
})
