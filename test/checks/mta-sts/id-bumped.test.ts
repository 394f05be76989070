import check from '../../../src/checks/mta-sts/id-bumped.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { history, noRuns, seen } from '../histories.ts'
import { policy, serves, withoutPolicy } from './policies.ts'

const now = policy('enforce')
const former = policy('enforce', 'mx: old.example.com')
type Seen = Parameters<typeof seen>
/** The domain publishes id 1 now. */
const after = (expected: string, ids: readonly Seen[], policies: readonly Seen[]): Row => serves(now, expected, {
  history: history({ 'mta-sts': ids.map(one => seen(...one)), 'mta-sts-policy': policies.map(one => seen(...one)) }),
})
const id = (value: string): string => `"v=STSv1; id=${value};"`

checkTable(check, {
  'nothing changed': after('pass', [[id('1'), 90, 0.1]], [[now, 90, 0.1]]),
  'both changed': after('pass', [[id('0'), 90, 5.1], [id('1'), 5, 0.1]], [[former, 90, 5.1], [now, 5, 0.1]]),
  'both changed just now': after('pass', [[id('0'), 90, 0.1]], [[former, 90, 0.1]]),
  'the policy alone': { ...after('failed', [[id('1'), 90, 0.1]], [[former, 90, 5.1], [now, 5, 0.1]]), args: { 'example.com': { date: '2026-11-17', id: '1' } } },
  'the policy alone, just now': { ...after('failed', [[id('1'), 90, 0.1]], [[former, 90, 0.1]]), args: { 'example.com': { date: '2026-11-22', id: '1' } } },
  'the id later': after('pass', [[id('0'), 90, 4], [id('1'), 3, 0.1]], [[former, 90, 5.1], [now, 5, 0.1]]),
  'the id alone': after('pass', [[id('0'), 90, 4], [id('1'), 3, 0.1]], [[now, 90, 0.1]]),
  'once long ago, and in order since': after('pass', [[id('0'), 90, 10], [id('1'), 9, 0.1]], [[policy('testing'), 90, 60], [former, 59, 10], [now, 9, 0.1]]),
  'line ends and white space are no change': after('pass', [[id('1'), 90, 0.1]], [[`${now}\n`, 90, 5.1], [now.replaceAll('\n', ' \n'), 5, 0.1]]),
  'a record in two strings': after('failed', [['"v=STSv1; " "id=1;"', 90, 0.1]], [[former, 90, 0.1]]),
  'a record that was damaged': after('pass', [['"v=STSv1; id=1;', 90, 0.1]], [[former, 90, 0.1]]),
  'nobody looked before': serves(now, 'unknown:history-too-short', { history: noRuns }),
  'the policy was never seen': after('unknown:history-too-short', [[id('1'), 90, 0.1]], []),
  'the record was never seen': after('unknown:history-too-short', [], [[now, 90, 0.1]]),
  'without --state': serves(now, 'skip:needs-flag'),
  ...Object.fromEntries(Object.entries(withoutPolicy()).map(([name, row]) => [name, { ...row, history: history({}) }])),
})
