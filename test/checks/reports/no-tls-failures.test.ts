import { expect, test } from 'vitest'
import check from '../../../src/checks/reports/no-tls-failures.ts'
import { tlsResultTypes } from '../../../src/syntax/tls-report.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { given, mails, sessions } from './received.ts'

const domain = 'example.com'
const host = 'mx1.example.com'
const expired = { type: 'certificate-expired', host, count: 3 }

checkTable(check, {
  'in order': { ...given(sessions(2), sessions(1)), expect: { [domain]: 'pass' } },
  'some fail': { ...given(sessions(2, expired), sessions(1, expired)), expect: { [host]: 'failed' }, args: { [host]: { count: 6, host, type: 'certificate-expired' } } },
  'of several kinds, on several hosts': {
    ...given(sessions(1, expired, { type: 'starttls-not-supported', host, count: 7 }, { type: 'tlsa-invalid', host: 'mx2.example.com', count: 1 })),
    expect: { [host]: 'failed', 'mx2.example.com': 'failed' }, args: { [host]: { count: 7, host, type: 'starttls-not-supported' } },
  },
  'where no host has a part in it': { ...given(sessions(1, { type: 'sts-policy-fetch-error', count: 2 })), expect: { [domain]: 'failed' } },
  'of long ago, as all that there is': { ...given(sessions(200, expired)), expect: { [host]: 'failed' } },
  'beside one of days to come': { ...given(sessions(2, expired), sessions(-30)), expect: { [host]: 'failed' } },
  'mended': { ...given(sessions(9, expired), sessions(1)), expect: { [domain]: 'pass' } },
  'no TLS report among them': { ...given(mails(1)), expect: { [domain]: 'skip' } },
  'no reports': { scope: { permissions: new Set(['reports'] as const) }, expect: { [domain]: 'skip' } },
  'without --reports': { scope: {}, expect: { [domain]: 'skip:needs-flag' } },
})

test.each(['constructor', '__proto__'])('a word that a stranger chose is a word: %s', async type => {
  const [finding] = await judgeWorld([check], given(sessions(1, { type, host, count: 1 })))
  expect(finding?.remedy?.text).toMatch(`Ask the sender what "${type}" means`)
})

test('every kind of failure has a remedy of its own', async () => {
  const texts = await Promise.all([...tlsResultTypes, 'something-new'].map(async type => {
    const [finding] = await judgeWorld([check], given(sessions(1, { type, host, count: 1 })))
    return finding?.remedy?.text
  }))
  expect(new Set(texts).size).toBe(tlsResultTypes.length + 1)
})
