import { expect, test } from 'vitest'
import check from '../../../src/checks/reports/no-new-unaligned-source.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { daily, given, mails } from './received.ts'

const domain = 'example.com'
const own = { count: 95 }
const stranger = { source: '11.66.1.9', count: 10, dkim: 'fail', spf: 'fail', signer: 'esp.example', signature: 'pass' }
const before = daily(20, 3, own)

checkTable(check, {
  'as ever': { ...given(daily(20, 1, own)), expect: { [domain]: 'pass' } },
  'a tenth of the mail of a day': { ...given(before, mails(2, own, stranger), mails(1, own, { ...stranger, count: 2 })), expect: { '11.66.1.9': 'failed' }, args: { '11.66.1.9': { source: '11.66.1.9', count: 12 } } },
  'beside one of days to come': { ...given(before, mails(2, own, stranger), mails(-30, own)), expect: { '11.66.1.9': 'failed' } },
  'a twentieth is not more than that': { ...given(before, mails(2, own, { ...stranger, count: 5 })), expect: { [domain]: 'pass' } },
  'two of them': { ...given(before, mails(2, own, stranger, { ...stranger, source: '2001:db8::9' })), expect: { '11.66.1.9': 'failed', '2001:db8::9': 'failed' } },
  'SPF is aligned': { ...given(before, mails(2, own, { ...stranger, spf: 'pass' })), expect: { [domain]: 'pass' } },
  'forwarded': { ...given(before, mails(2, own, { ...stranger, reason: 'forwarded' })), expect: { [domain]: 'pass' } },
  'refused already': { ...given(before, mails(2, own, { ...stranger, disposition: 'reject' })), expect: { '11.66.1.9': 'failed' } },
  'known from the first day': { ...given(daily(20, 1, own, stranger)), expect: { [domain]: 'pass' } },
  'known for long': { ...given(daily(60, 50, own), daily(49, 1, own, stranger)), expect: { [domain]: 'pass' } },
  'weeks ago': { ...given(daily(30, 21, own), mails(20, own, stranger), daily(19, 1, own)), expect: { [domain]: 'pass' } },
  'the first day of all': { ...given(mails(1, own, stranger)), expect: { [domain]: 'unknown:history-too-short' } },
  'no report': { ...given(), expect: { [domain]: 'unknown:history-too-short' } },
  'no reports': { scope: { permissions: new Set(['reports', 'state'] as const) }, expect: { [domain]: 'skip' } },
  'without --state': { scope: { ...given(before).scope, permissions: new Set(['reports'] as const) }, expect: { [domain]: 'skip:needs-flag' } },
})

test('the remedy says as whom the source authenticates', async () => {
  const [finding] = await judgeWorld([check], given(before, mails(2, own, stranger)))
  expect(finding?.remedy?.text).toMatch(/^If 11\.66\.1\.9 sends for you \(it authenticates as esp\.example\), have it sign with d=example\.com/)
  expect(finding?.evidence).toMatchObject([{ line: expect.stringMatching(/: 11\.66\.1\.9 sent 10 of 105 messages, and neither SPF nor DKIM is aligned/) as string }])
})
