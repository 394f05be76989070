import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/pct-full.ts'
import idle from '../../../src/checks/dmarc/no-idle-content.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const row = (record: string, code: string, args?: Record<string, unknown>) => ({
  zone: `_dmarc.example.com TXT "${record}"`, expect: { 'example.com': code }, ...args ? { args: { 'example.com': args } } : {},
})

checkTable(check, {
  'no pct': row('v=DMARC1; p=reject', 'skip'),
  'all': row('v=DMARC1; p=reject; pct=100', 'pass'),
  'a half': row('v=DMARC1; p=reject; pct=50', 'failed', { pct: 50, policy: 'reject', rest: 'quarantine' }),
  'nothing of quarantine': row('v=DMARC1; p=quarantine; pct=0', 'failed', { pct: 0, policy: 'quarantine', rest: 'none' }),
  'of none': row('v=DMARC1; p=none; pct=50', 'skip'),
  'what is no number': row('v=DMARC1; p=reject; pct=half', 'skip'),
  'inherited': { zone: '_dmarc.example.com TXT "v=DMARC1; p=none; sp=reject; pct=10"', scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'failed' } },
  'several records': { zone: '_dmarc.example.com TXT "v=DMARC1; p=reject; pct=5"\n_dmarc.example.com TXT "v=DMARC1; p=none"', expect: { 'example.com': 'skip' } },
  'not answered': { zone: '_dmarc.example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('what old receivers honour is not idle', async () => {
  const failing = async (record: string) => (await judgeWorld([check, idle], { zone: `_dmarc.example.com TXT "${record}"` }))
    .filter(({ verdict }) => verdict === 'fail').map(({ check: id }) => id)
  expect(await failing('v=DMARC1; p=reject; pct=50')).toEqual(['dmarc/pct-full'])
  expect(await failing('v=DMARC1; p=reject; pct=100')).toEqual(['dmarc/no-idle-content'])
  expect(await failing('v=DMARC1; p=reject; pct=50; ri=1')).toEqual(['dmarc/pct-full', 'dmarc/no-idle-content'])
})
