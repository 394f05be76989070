import check from '../../../src/checks/mta-sts/removed-in-order.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { history, noRuns, seen } from '../histories.ts'
import { announced, mail, policy } from './policies.ts'

type Seen = Parameters<typeof seen>
const record = '"v=STSv1; id=1;"'
const after = (expected: string, records: readonly Seen[], policies: readonly Seen[], zone = mail): Row => ({
  zone, expect: { 'example.com': expected },
  history: history({ 'mta-sts': records.map(one => seen(...one)), 'mta-sts-policy': policies.map(one => seen(...one)) }),
})
/** Fourteen days. */
const enforced = policy('enforce')
const none = policy('none', '', 86_400).replace('\n\n', '\n')

checkTable(check, {
  'removed just now': { ...after('failed', [[record, 90, 0.1]], [[enforced, 90, 1]]), args: { 'example.com': { date: '2026-11-22', until: '2026-12-05' } } },
  'removed a while ago': { ...after('failed', [[record, 90, 10], [null, 9, 0.1]], [[enforced, 90, 10]]), args: { 'example.com': { date: '2026-11-13', until: '2026-11-26' } } },
  'of a policy in testing': after('failed', [[record, 90, 10], [null, 9, 0.1]], [[policy('testing'), 90, 10]]),
  'mode none, but not for long': { ...after('failed', [[record, 90, 5], [null, 4, 0.1]], [[enforced, 90, 7], [none, 7, 5]]), args: { 'example.com': { date: '2026-11-18', until: '2026-11-29' } } },
  'an older policy that is kept longer': { ...after('failed', [[record, 90, 5], [null, 4, 0.1]], [[policy('enforce', undefined, 8_640_000), 90, 60], [policy('enforce', undefined, 86_400), 60, 5]]), args: { 'example.com': { date: '2026-11-18', until: '2027-01-01' } } },
  'mode none for the whole time': after('pass', [[record, 90, 5], [null, 4, 0.1]], [[enforced, 90, 20], [none, 20, 5]]),
  'long ago': after('pass', [[record, 90, 15], [null, 14, 0.1]], [[enforced, 90, 15]]),
  'a policy that nobody could read': after('pass', [[record, 90, 1]], [['nonsense', 90, 1]]),
  'it is there': after('skip', [[record, 90, 0.1]], [[enforced, 90, 0.1]], announced),
  'there was never any': after('skip', [], []),
  'there was something else': after('skip', [['"hello"', 90, 0.1]], []),
  'the policy was never seen': after('unknown:history-too-short', [[record, 90, 0.1]], []),
  'nobody looked before': { zone: mail, history: noRuns, expect: { 'example.com': 'unknown:history-too-short' } },
  'not answered': after('unknown:dns-servfail', [[record, 90, 0.1]], [[enforced, 90, 0.1]], `${mail}\n_mta-sts.example.com TXT (servfail)`),
  'without --state': { zone: mail, expect: { 'example.com': 'skip:needs-flag' } },
})
