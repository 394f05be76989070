import { parseCertificate } from '../../../src/syntax/certificate.ts'
import check from '../../../src/checks/dane/tlsa-precedes-key.ts'
import { makeChain } from '../../certificates.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { usualNow } from '../../world.ts'
import { certificate, history, noRuns, seen } from '../histories.ts'
import { certificates, host, mx, other, publishes, signed, withoutTlsa } from './hosts.ts'

type Seen = Parameters<typeof seen>
const [leaf = '', issuer = ''] = await makeChain(certificates['a'] ?? { names: [] }, { trusted: true, anchor: 'Example Root', path: [] }, new Date(usualNow))
const key = parseCertificate(leaf)?.spkiSha256 ?? ''
const present = certificate('now', { key })
const former = certificate('former', { key: other })
const one = `3 1 1 ${key}`
const both = [one, `3 1 1 ${other}`].toSorted().join('\n')
const issued = `2 1 1 ${parseCertificate(issuer)?.spkiSha256 ?? ''}`
const old = `3 1 1 ${other}`
/** Days. */
const hour = 1 / 24

/** The TTL is an hour; the records that are published now are those of both keys. */
const after = (expected: string, served: readonly Seen[], published: readonly Seen[], more: Partial<Row> = {}): Row => publishes(['3 1 1 {a}', `3 1 1 ${other}`], expected, {
  history: history({ [`certificate ${mx}`]: served.map(span => seen(...span)), [`tlsa _25._tcp.${host}`]: published.map(span => seen(...span)) }), ...more,
})
const changed: readonly Seen[] = [[former, 90, 5 + hour / 2], [present, 5, 0.1]]

checkTable(check, {
  'a week before': after('pass', changed, [[old, 90, 12.1], [both, 12, 0.1]]),
  'three hours before': after('pass', changed, [[old, 90, 5 + 4 * hour], [both, 5 + 3 * hour, 0.1]]),
  'as long as anybody remembers': after('pass', changed, [[both, 90, 0.1]]),
  'at the same time': { ...after('failed', changed, [[old, 90, 5 + hour / 2], [both, 5, 0.1]]), args: { [host]: { host, date: '2026-11-17T12:00Z', tlsadate: '2026-11-17T12:00Z' } } },
  'an hour before': { ...after('failed', changed, [[old, 90, 5 + 1.5 * hour], [both, 5 + hour, 0.1]]), args: { [host]: { host, date: '2026-11-17T12:00Z', tlsadate: '2026-11-17T11:00Z' } } },
  'after it': after('failed', changed, [[old, 90, 4], [both, 3.9, 0.1]]),
  'it went and came back': after('failed', changed, [[both, 90, 8], [old, 7.9, 4], [both, 3.9, 0.1]]),
  'both just now': after('failed', [[former, 90, hour]], [[old, 90, hour]]),
  'the key just now, the record before': after('pass', [[former, 90, hour]], [[old, 90, 1.1], [both, 1, hour]]),
  'the first records, after the key': after('pass', changed, [[both, 3, 0.1]]),
  'records again, after the key': after('pass', changed, [[old, 90, 50], [null, 49, 3.1], [both, 3, 0.1]]),
  'looked at since just before': after('unknown:history-too-short', changed, [[both, 5 + hour, 0.1]], {
    history: history({ [`certificate ${mx}`]: changed.map(span => seen(...span)), [`tlsa _25._tcp.${host}`]: [seen(both, 5 + hour, 0.1)] }, 5 + hour),
  }),
  'seldom looked at': after('unknown:history-too-short', [[former, 90, 7], [present, 5, 0.1]], [[old, 90, 7], [both, 5, 0.1]]),
  'records that were never seen': after('unknown:history-too-short', changed, []),
  'long ago': after('skip', [[former, 90, 40.1], [present, 40, 0.1]], [[old, 90, 40.1], [both, 40, 0.1]]),
  'the same key in another certificate': after('skip', [[certificate('before', { key }), 90, 5.1], [present, 5, 0.1]], [[old, 90, 5.1], [both, 5, 0.1]]),
  'two keys in turn': after('skip', [[present, 90, 80], [former, 79, 5.1], [present, 5, 0.1]], [[old, 90, 5.1], [both, 5, 0.1]]),
  'its issuer had been published for long': publishes(['3 1 1 {a}', '2 1 1 {issuer of a}'], 'pass', {
    history: history({ [`certificate ${mx}`]: changed.map(span => seen(...span)), [`tlsa _25._tcp.${host}`]: [seen(issued, 90, 5.1), seen([issued, one].toSorted().join('\n'), 5, 0.1)] }),
  }),
  'nothing matches now': publishes([`3 1 1 ${other}`], 'skip', { history: history({ [`certificate ${mx}`]: changed.map(span => seen(...span)) }) }),
  'a TTL of a week': after('failed', changed, [[old, 90, 12.1], [both, 12, 0.1]], {
    zone: `${signed}\n_25._tcp.${host} 604800 TLSA ${one}\n_25._tcp.${host} 604800 TLSA ${old}`,
  }),
  'a host that was never seen': after('unknown:history-too-short', [], [[both, 90, 0.1]]),
  'nobody looked before': after('unknown:history-too-short', [], [], { history: noRuns }),
  'without --state': publishes(['3 1 1 {a}'], { 'example.com': 'skip:needs-flag' }),
  ...Object.fromEntries(Object.entries(withoutTlsa()).map(([name, row]) => [name, { ...row, history: history({}) }])),
})
