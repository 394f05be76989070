import { expect, test } from 'vitest'
import check from '../../../src/checks/dkim/used-selector-kept.ts'
import { checkTable, judgeWorld, type Row } from '../../check-table.ts'
import { key, mail, zone as signed } from '../message/mail.ts'
import { ago, history, noRuns, seen } from '../histories.ts'
import { signer } from '../../evaluate/sign.ts'
import { given, mails } from '../reports/received.ts'

type Seen = Parameters<typeof seen>
const name = 's1._domainkey.example.com'
const text = '"v=DKIM1; p=MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'
const there = key(name, signer('rsa2048').record)
const gone = 'example.com A 192.0.2.1'
const kept: readonly Seen[] = [[text, 90, 2], [null, 1, 0.1]]
const after = (expected: string | Row['expect'], zone: string, used: readonly number[], keys = kept, more: Partial<Row> = {}): Row => ({
  zone, expect: typeof expected === 'string' ? { [name]: expected } : expected,
  history: history({ 'dkim s1': keys.map(one => seen(...one)), 'dkim-use s1': used.map(days => seen(ago(days), days, days)) }), ...more,
  scope: { selectors: ['s1'], ...more.scope },
})
const nobody = (verdict: string): Row['expect'] => ({ 'example.com': verdict })
const withMessage = (expected: string, zone: string, keys: readonly Seen[], selectors = ['s1']): Row => after(expected, zone, [], keys, { scope: { ...mail().scope, selectors } })
const unpublished = signed.replace(/^s1.*$/m, '')

checkTable(check, {
  'in use and there': after('pass', there, [10, 3]),
  'in use and gone': { ...after('failed', gone, [10, 3]), args: { [name]: { selector: 's1', date: '2026-11-19' } } },
  'in use a week ago': after('failed', gone, [7]),
  'in use more than a week ago': after(nobody('skip'), gone, [7.1]),
  'in use some day to come': after(nobody('skip'), gone, [-5]),
  'in use and revoked': after('failed', `${name} TXT "v=DKIM1; p="`, [3]),
  'a message of that selector, and it is there': withMessage('pass', signed, kept),
  'a message of that selector, and it is gone': withMessage('failed', unpublished, kept),
  'a message of a selector that never was': withMessage('unknown:history-too-short', unpublished, []),
  'a selector that nobody asked for': after('unknown:selector-unknown', `${there}\n${key('s9._domainkey.example.com')}`, [3], kept, { scope: { selectors: ['s9'] } }),
  'not answered': after('unknown:dns-servfail', `${name} TXT (servfail)`, [3]),
  'receivers report it, and it is gone': after('failed', gone, [], [], { scope: given(mails(3)).scope }),
  'receivers reported it long ago': after(nobody('skip'), gone, [], [], { scope: given(mails(9)).scope }),
  'receivers report it, and it is there': after('pass', there, [], [], { scope: given(mails(3)).scope }),
  'no use was seen': after(nobody('skip'), gone, []),
  'nobody looked before': after(nobody('unknown:history-too-short'), gone, [], kept, { history: noRuns }),
  'without --state': { zone: gone, scope: { selectors: ['s1'] }, expect: nobody('skip:needs-flag') },
})

test('the remedy restores the record', async () => {
  const [finding] = await judgeWorld([check], after('failed', gone, [3]))
  expect(finding?.remedy?.records).toEqual({ set: [`${name}. TXT ${text}`] })
})
