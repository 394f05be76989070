import { expect, test } from 'vitest'
import { defineCheck, pass, type Check } from '../../src/checks/define.ts'
import { selectChecks } from '../../src/checks/select.ts'

const ids = ['mx/route-exists', 'mx-tls/starttls-works', 'spf/record-exists', 'spf/syntax-valid'] as const
const checks: readonly Check[] = ids.map(id => defineCheck({
  id, title: id, severity: 'error', question: 'send', rfc: [], needs: [], judge: () => pass, messages: {}, explain: '', remedy: () => ({ text: '' }),
}))
const selected = (only: string[], skip: string[] = []) => selectChecks(checks, only, skip).checks.map(({ id }) => id)

test.each([
  [[], [], [...ids]],
  [['spf/record-exists'], [], ['spf/record-exists']],
  [['spf/*'], [], ['spf/record-exists', 'spf/syntax-valid']],
  [['spf'], [], ['spf/record-exists', 'spf/syntax-valid']],
  [['SPF/*'], [], ['spf/record-exists', 'spf/syntax-valid']],
  [['*-tls'], [], ['mx-tls/starttls-works']],
  [['*exists'], [], ['mx/route-exists', 'spf/record-exists']],
  [['*/r*exists', 'mx-tls'], [], ['mx/route-exists', 'mx-tls/starttls-works', 'spf/record-exists']],
  [['*'], ['spf'], ['mx/route-exists', 'mx-tls/starttls-works']],
  [[], ['mx*'], ['spf/record-exists', 'spf/syntax-valid']],
])('--only %j --skip %j', (only, skip, expected) => {
  expect(selected(only, skip)).toEqual(expected)
})

test('what names no check is told, with what was probably meant', () => {
  expect(selectChecks(checks, ['spf/record-exist'], ['smx/*', 'nothing/like-it'])).toMatchObject({
    unmatched: [
      { pattern: 'spf/record-exist', nearest: 'spf/record-exists' }, { pattern: 'smx/*', nearest: 'mx' }, { pattern: 'nothing/like-it', nearest: undefined },
    ],
  })
})
