import { expect, test } from 'vitest'
import { defineCheck, fail, pass, skip, unknown } from '../../src/checks/define.ts'
import type { Args, Verdict } from '../../src/checks/define.ts'

test('a check is typed by its needs and messages', () => {
  const check = defineCheck({
    id: 'example/claim', title: 'An example holds', severity: 'error', question: 'receive', rfc: ['RFC 5321 §5.1'],
    needs: ['mx', 'smtp', 'mxEndpoints'], uses: ['egress'],
    over: ({ mxEndpoints }) => mxEndpoints,
    judge(endpoint, { mx, smtp, egress }) {
      if (mx.nullMx) return skip('null MX')
      if ('problem' in egress) return unknown(egress.problem.reason)
      if (smtp.ehlo) return pass
      return fail('failed', { host: endpoint.host, address: endpoint.mx.name })
    },
    messages: { failed: '{host} [{address}] is wrong' },
    explain: 'It matters.',
    remedy: endpoint => ({ text: `Mend ${endpoint.mx.name}` }),
  })
  expect(check.topic).toBe('example')
})

test('a verdict must give the placeholders of a message that exists', () => {
  interface M { readonly failed: '{host} [{address}] is wrong'; readonly [code: string]: string }
  const args: Args<M['failed']> = { host: 'a', address: 'b', count: 2 }
  // @ts-expect-error a placeholder is missing
  const missing: Args<M['failed']> = { host: 'a' }
  // @ts-expect-error no such message
  const nope: Verdict<{ readonly failed: 'x' }> = fail('nope', {})
  expect([args, missing, nope]).toHaveLength(3)
})
