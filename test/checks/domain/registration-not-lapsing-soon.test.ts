import { expect, test } from 'vitest'
import graver from '../../../src/checks/domain/registration-not-about-to-lapse.ts'
import check from '../../../src/checks/domain/registration-not-lapsing-soon.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { domainObject, ends, registry } from './registry.ts'

checkTable(check, {
  'long enough': { ...registry(domainObject()), expect: { 'example.com': 'pass' } },
  'forty-five days': { ...registry(ends('2027-01-06T12:00:00Z')), expect: { 'example.com': 'pass' } },
  'a second less': {
    ...registry(ends('2027-01-06T11:59:59Z')), expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', date: '2027-01-06T11:59:59Z', days: 44 } },
  },
  'over': { ...registry(ends('2026-11-22T11:00:00Z')), expect: { 'example.com': 'lapsed' } },
  'a registry that does not say': { ...registry(domainObject({ events: [] })), expect: { 'example.com': 'unknown:registry-silent' } },
  'nobody permitted it': { ...registry(ends('2026-11-25T00:00:00Z')), scope: {}, expect: { 'example.com': 'skip:needs-flag' } },
})

test('what is about to lapse is told once, with the registrar to turn to', async () => {
  const findings = await judgeWorld([graver, check], registry(ends('2026-11-25T00:00:00Z')))
  expect(findings.map(({ verdict, code, deferredTo }) => [verdict, code, deferredTo])).toEqual([
    ['fail', 'failed', undefined], ['skip', 'deferred', 'domain/registration-not-about-to-lapse'],
  ])
  expect(findings[0]?.remedy?.text).toBe('Renew example.com at Example Registrar Ltd. now.')
  expect(findings[0]?.evidence).toEqual([{ from: 'https', url: 'https://rdap.registry.example/v1/domain/example.com', line: 'expiration 2026-11-25T00:00:00Z' }])
})
