import { expect, test } from 'vitest'
import { digestReports } from '../../src/evaluate/report-digest.ts'
import { readReports, type ReceivedReport } from '../../src/syntax/received-report.ts'
import { aggregate, begin, day, failure, tls, type Aggregate } from '../syntax/report-samples.ts'

const read = (text: string): ReceivedReport[] => [...readReports(Buffer.from(text), 'x').reports]
const dmarc = (one: Aggregate): ReceivedReport[] => read(aggregate(one))
const fails = { dkim: 'fail', spf: 'fail', signature: 'fail' }

test('messages, by what became of them and what a stricter policy would do', () => {
  const reports = dmarc({ policy: 'quarantine', rows: [
    { count: 100 }, { count: 20, spf: 'fail' }, { count: 7, ...fails, disposition: 'none', reason: 'local_policy' }, { count: 5, ...fails, disposition: 'quarantine' },
    { count: 3, ...fails, disposition: 'reject' }, { count: 2, ...fails, disposition: 'quarantine', reason: 'forwarded' },
  ] })
  expect(digestReports('example.com', reports)).toMatchObject({
    messages: { total: 137, pass: 120, fail: 17, spf: 100, dkim: 120, delivered: 127, quarantined: 7, rejected: 3 },
    stricter: { quarantine: 7, reject: 14, forwarded: 2 }, policy: { p: 'quarantine' },
  })
})

test('sources, with the days on which they were seen', () => {
  const reports = [
    ...dmarc({ id: 'a', rows: [{ count: 50 }, { source: '11.66.1.9', count: 9, ...fails, envelope: 'esp.example' }] }),
    ...dmarc({ id: 'b', begin: begin + day, org: 'other.example', rows: [{ count: 50 }, { source: '11.66.1.9', count: 4, signer: 'esp.example', dkim: 'fail', spf: 'fail', signature: 'pass' }, { source: '11.66.1.9', count: 2, ...fails, reason: 'mailing_list' }] }),
  ]
  const { sources, aggregate: { receivers, days, from, to } } = digestReports('example.com', reports, new Set(['11.25.1.7']))
  expect(sources).toMatchObject([
    { address: '11.25.1.7', total: 100, pass: 100, isNew: false, failing: [] },
    { address: '11.66.1.9', total: 15, fail: 15, forwarded: 2, first: '2026-11-20', last: '2026-11-21', isNew: true, signers: ['esp.example'], failing: [{ day: '2026-11-20', count: 9 }, { day: '2026-11-21', count: 4 }] },
  ])
  expect({ receivers, days, from, to }).toEqual({
    receivers: ['other.example', 'receiver.example'], days: [{ day: '2026-11-20', messages: 59 }, { day: '2026-11-21', messages: 56 }], from: '2026-11-20T00:00:00Z', to: '2026-11-21T23:59:59Z',
  })
  expect(digestReports('example.com', reports).sources.map(({ isNew }) => isNew)).toEqual([null, null])
})

test('selectors whose signatures held, by the last day', () => {
  const reports = [...dmarc({ rows: [{ count: 5 }, { count: 2, selector: 'old', ...fails }] }), ...dmarc({ id: '2', begin: begin + day, rows: [{ count: 1 }, { signer: 'esp.example', selector: 'k1', dkim: 'fail', signature: 'pass' }] })]
  expect(digestReports('example.com', reports).selectors).toEqual([
    { domain: 'esp.example', selector: 'k1', messages: 10, last: '2026-11-21' }, { domain: 'example.com', selector: 's1', messages: 6, last: '2026-11-21' },
  ])
})

test('of more sources than are told, those that fail are', () => {
  const rows = [...Array.from({ length: 900 }, (_, i) => ({ source: `11.1.${i >> 8}.${i & 255}`, count: 10 })), { source: '11.66.1.9', count: 1, ...fails }]
  const { sources, sourcesOmitted } = digestReports('example.com', dmarc({ rows }))
  expect([sources.length, sourcesOmitted, sources.at(-1)?.address]).toEqual([801, 100, '11.66.1.9'])
})

test('a domain below has the rows that name it', () => {
  const reports = dmarc({ rows: [{ count: 5 }, { count: 2, from: 'shop.example.com' }] })
  expect(digestReports('shop.example.com', reports)).toMatchObject({ messages: { total: 2 }, policy: null })
  expect(digestReports('example.com', reports).messages.total).toBe(7)
  expect(digestReports('example.org', reports)).toMatchObject({ messages: { total: 0 }, aggregate: { reports: 0, from: null } })
})

test('TLS sessions, with those that nobody explains', () => {
  const text = tls({ failures: [{ type: 'certificate-expired', host: 'mx1.example.com', count: 3 }] }).replace('"total-failure-session-count": 3', '"total-failure-session-count": 5')
  expect(digestReports('example.com', read(text)).tls).toEqual({
    reports: 1, from: '2026-11-20T00:00:00Z', to: '2026-11-20T23:59:59Z', success: 100, failure: 5, failures: [
      { host: 'mx1.example.com', type: 'certificate-expired', count: 3, policies: ['sts'], receivers: ['Sender'], days: [{ day: '2026-11-20', count: 3 }], reason: 'X509_V_ERR_CERT_HAS_EXPIRED' },
      { host: 'example.com', type: 'unspecified', count: 2, policies: ['sts'], receivers: ['Sender'], days: [{ day: '2026-11-20', count: 2 }], reason: null },
    ],
  })
})

test('failure reports, the latest first', () => {
  expect(digestReports('example.com', [...read(failure()), ...read(failure({ id: 'f2', domain: 'example.org' }))]).failures).toMatchObject({ reports: 1, latest: [{ id: '<f1@receiver.example>' }] })
})
