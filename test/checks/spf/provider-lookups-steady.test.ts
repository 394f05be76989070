import check from '../../../src/checks/spf/provider-lookups-steady.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { history, noRuns, seen } from '../histories.ts'

type Seen = Parameters<typeof seen>
const own = 'v=spf1 include:_spf.example.net include:spf.esp.example -all'
/** The first include costs three lookups, the other one. */
const zone = `example.com TXT "${own}"
  _spf.example.net TXT "v=spf1 a:h1.example.net a:h2.example.net ~all"
  spf.esp.example TXT "v=spf1 ip4:192.0.2.0/24 ~all"`
const steady: readonly Seen[] = [[own, 90, 0.1]]
const after = (expected: string, net: readonly Seen[], record = steady, more: Partial<Row> = {}): Row => ({
  zone, expect: { 'example.com': expected },
  history: history({
    spf: record.map(one => seen(...one)), 'spf-lookups _spf.example.net': net.map(one => seen(...one)), 'spf-lookups spf.esp.example': [seen('1', 90, 0.1)],
  }),
  ...more,
})
const args = { 'example.com': { target: '_spf.example.net', before: 2, after: 3, count: 1 } }

checkTable(check, {
  'as ever': after('pass', [['3', 90, 0.1]]),
  'one more': { ...after('failed', [['2', 90, 0.1]]), args },
  'one more a while ago': { ...after('failed', [['2', 90, 60], ['3', 59, 0.1]]), args },
  'the record in quotes': { ...after('failed', [['2', 90, 0.1]], [[`"${own.slice(0, 30)}" "${own.slice(30)}"`, 90, 0.1]]), args },
  'fewer': after('pass', [['4', 90, 0.1]]),
  'more and fewer again': after('pass', [['3', 90, 60], ['5', 60, 30], ['3', 30, 0.1]]),
  'more, before the record changed': after('pass', [['2', 90, 60], ['3', 59, 0.1]], [['v=spf1 include:_spf.example.net -all', 90, 50], [own, 49, 0.1]]),
  'the record changed just now': after('skip', [['2', 90, 0.1]], [['v=spf1 include:_spf.example.net -all', 90, 0.1]]),
  'a new include was never counted': after('unknown:history-too-short', []),
  'not counted since the record changed': after('unknown:history-too-short', [['2', 90, 60]], [[own, 49, 0.1]]),
  'damaged': after('unknown:history-too-short', [['many', 90, 0.1]]),
  'the record was never seen': after('unknown:history-too-short', [['2', 90, 0.1]], []),
  'nobody looked before': after('unknown:history-too-short', [], [], { history: noRuns }),
  'an include that is not answered': after('unknown:dns-timeout', [['3', 90, 0.1]], steady, { zone: `${zone}\nspf.esp.example TXT (timeout)` }),
  'one that grew, one that is not answered': after('failed', [['2', 90, 0.1]], steady, { zone: `${zone}\nspf.esp.example TXT (timeout)` }),
  'no include of others': { zone: 'example.com TXT "v=spf1 mx include:_spf.example.com -all"\n_spf.example.com TXT "v=spf1 a -all"', history: history({}), expect: { 'example.com': 'skip' } },
  'no record': { zone: 'example.com A 192.0.2.1', history: history({}), expect: { 'example.com': 'skip' } },
  'without --state': { zone, expect: { 'example.com': 'skip:needs-flag' } },
})
