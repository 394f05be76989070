import check from '../../../src/checks/mta-sts/testing-not-stale.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { history, noRuns, seen } from '../histories.ts'
import { policy, serves, withoutPolicy } from './policies.ts'

const testing = policy('testing')
const after = (expected: string, ...observations: Parameters<typeof seen>[]): Row =>
  serves(testing, expected, { history: history({ 'mta-sts-policy': observations.map(one => seen(...one)) }) })

checkTable(check, {
  'thirty days': after('pass', [testing, 30, 0.1]),
  'thirty-one': { ...after('failed', [testing, 31, 0.1]), args: { 'example.com': { date: '2026-10-22' } } },
  'whatever else became of the policy': { ...after('failed', [policy('testing', 'mx: old.example.com'), 40, 20], [testing, 20, 0.1]), args: { 'example.com': { date: '2026-10-13' } } },
  'enforced in between': after('pass', [testing, 90, 60], [policy('enforce'), 60, 10], [testing, 10, 0.1]),
  'testing since just now': after('pass', [policy('enforce'), 60, 0.1]),
  'enforced': serves(policy('enforce'), 'skip', { history: history({ 'mta-sts-policy': [seen(testing, 60, 1)] }) }),
  'nobody looked before': serves(testing, 'unknown:history-too-short', { history: noRuns }),
  'the policy was never seen': after('unknown:history-too-short'),
  'without --state': serves(testing, 'skip:needs-flag'),
  ...Object.fromEntries(Object.entries(withoutPolicy()).map(([name, row]) => [name, { ...row, history: history({}) }])),
})
