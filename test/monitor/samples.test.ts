import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyRecord, applyChange, changeOf } from '../../src/monitor/domain-record.ts'
import { domainSamples, mostSeries } from '../../src/monitor/domain-samples.ts'
import { exposition, Exposition } from '../../src/monitor/exposition.ts'
import { families } from '../../src/monitor/families.ts'
import type { Sample } from '../../src/monitor/metrics.ts'
import { recordSamples } from '../../src/monitor/record-samples.ts'
import { phasesOf } from '../../src/monitor/session-samples.ts'
import { standingSamples } from '../../src/monitor/standing-samples.ts'
import { keyOf, type Standing, type Standings } from '../../src/monitor/verdicts.ts'
import type { Report } from '../../src/report/report.ts'
import type { SmtpFacts } from '../../src/probes/session.ts'
import { parseMetrics } from './serving.ts'

const standing = (subject: string, rest: Partial<Standing> = {}): Standing =>
  ({ check: 'smtp/session-opens', subject, severity: 'error', module: 'sessions', state: 'fail', decidedAt: 5000, unknown: null, ...rest })
const standings = (...all: Standing[]): Standings => new Map(all.map(one => [keyOf(one), one]))
const line = (text: string): string[] => text.split('\n').filter(one => one !== '' && !one.startsWith('#'))

describe('states', () => {
  test('a fail, a fail that cannot be tested any more, a pass, and what was never decided', () => {
    const text = exposition(standingSamples('example.com', standings(
      standing('a'), standing('b', { unknown: 'connect-timeout' }), standing('c', { state: 'pass' }), standing('d', { state: null, decidedAt: null, unknown: 'dns-timeout' }),
    )))
    expect(line(text).filter(one => one.startsWith('mailcheck_check_'))).toEqual([
      'mailcheck_check_state{domain="example.com",check="smtp/session-opens",subject="a",severity="error",state="fail"} 1',
      'mailcheck_check_state{domain="example.com",check="smtp/session-opens",subject="b",severity="error",state="fail"} 1',
      'mailcheck_check_unknown{domain="example.com",check="smtp/session-opens",subject="b",severity="error"} 1',
      'mailcheck_check_unknown{domain="example.com",check="smtp/session-opens",subject="d",severity="error"} 1',
      'mailcheck_check_decided_timestamp_seconds{domain="example.com",check="smtp/session-opens",subject="a",severity="error"} 5',
      'mailcheck_check_decided_timestamp_seconds{domain="example.com",check="smtp/session-opens",subject="b",severity="error"} 5',
    ])
    expect(line(text)).toContain('mailcheck_checks_passed{domain="example.com",topic="smtp"} 1')
    expect(line(text)).toContain('mailcheck_findings{domain="example.com",severity="error"} 2')
    expect(line(text)).toContain('mailcheck_unknown{domain="example.com",reason="dns-timeout"} 1')
  })

  test('of more than 50 subjects the gravest are shown, and the rest is counted', () => {
    const many = Array.from({ length: 80 }, (_, i) => standing(`host${i}`, { severity: i === 79 ? 'critical' : 'warning' }))
    const samples = standingSamples('example.com', standings(...many))
    const states = samples.filter(({ family }) => family === 'mailcheck_check_state')
    expect(states).toHaveLength(50)
    expect(states[0]?.labels['subject']).toBe('host79')
    expect(samples.find(({ family }) => family === 'mailcheck_subjects_omitted')?.value).toBe(30)
  })
})

test('a domain has 200 series at the most, whatever it does; what wakes somebody goes last', () => {
  const failing = Array.from({ length: 50 }, (_, i) => standing(`host${i}`))
  const undecided = Array.from({ length: 400 }, (_, i) => standing(`host${i % 50}`, { check: `imap/x${i}`, state: null, decidedAt: null, unknown: 'local-egress-blocked' }))
  const phases = Array.from({ length: 100 }, (_, i): Sample => ({ family: 'mailcheck_probe_phase_duration_seconds', labels: { domain: 'd', host: `h${i}`, service: 'smtp', phase: 'dns' }, value: 1 }))
  const record = { ...emptyRecord, standings: standings(...failing, ...undecided), runs: new Map([['sessions', { endedAt: 1000, seconds: 1, success: true }]]) }
  const samples = domainSamples({ domain: 'd', record, measured: new Map([['sessions', phases]]), intervals: new Map([['sessions', 900]]) })
  expect(samples).toHaveLength(mostSeries)
  const count = (name: string): number => samples.filter(({ family }) => family === name).length
  expect([count('mailcheck_check_state'), count('mailcheck_run_success'), count('mailcheck_probe_phase_duration_seconds')]).toEqual([50, 1, 0])
  expect(samples.find(({ family }) => family === 'mailcheck_series_omitted')?.value).toBeGreaterThan(300)
})

test('when the registration ends, where the registry says it, and says it once', () => {
  const ends = (...expirations: string[]) => recordSamples({
    domain: 'example.com', facts: { registration: { name: 'example.com', url: null, registration: { value: { name: 'example.com', expirations, garbled: false, registrar: null, statuses: [] } } } },
  } as unknown as Report).map(({ family, labels, value }) => [family, labels, value])
  expect(ends('2027-01-31T00:00:00Z')).toEqual([['mailcheck_domain_registration_expiry_timestamp_seconds', { domain: 'example.com' }, 1_801_353_600]])
  expect(ends()).toEqual([])
  expect(ends('2027-01-31T00:00:00Z', '2028-01-31T00:00:00Z')).toEqual([])
  expect(recordSamples({ domain: 'example.com', facts: { registration: { problem: {} } } } as unknown as Report)).toEqual([])
})

describe('the text', () => {
  test('any label stays one label', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), subject => {
      const series = [...parseMetrics(exposition([{ family: 'mailcheck_check_unknown', labels: { domain: 'd', check: 'c/c', subject, severity: 'error' }, value: 1 }])).keys()]
      expect(series).toHaveLength(1)
    }))
  })

  test('two subjects that look alike when they are shortened are one series', () => {
    const long = 'x'.repeat(400)
    expect(parseMetrics(exposition(['a', 'b'].map(end => ({ family: 'mailcheck_spf_lookups', labels: { domain: long + end }, value: 1 })))).size).toBe(1)
  })

  test('a domain that is taken out is gone, and a family without series is not named', () => {
    const all = new Exposition()
    all.set('a.example', [{ family: 'mailcheck_spf_lookups', labels: { domain: 'a.example' }, value: 3 }])
    all.set('b.example', [{ family: 'mailcheck_spf_lookups', labels: { domain: 'b.example' }, value: 4 }])
    all.delete('a.example')
    expect(Buffer.concat([...all.pieces()]).toString()).toBe(
      '# HELP mailcheck_spf_lookups DNS lookups that the SPF record costs a receiver, of the ten that RFC 7208 allows.\n# TYPE mailcheck_spf_lookups gauge\nmailcheck_spf_lookups{domain="b.example"} 4\n')
    all.delete('b.example')
    expect([...all.pieces()]).toEqual([])
  })

  test('families are named by the conventions', () => {
    for (const { name, type, help, labels } of families) {
      expect(name).toMatch(/^mailcheck_[a-z0-9]+(?:_[a-z0-9]+)*$/)
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      expect(help).toMatch(/\.$/)
      for (const label of labels) expect(label).toMatch(/^[a-z]+(?:_[a-z]+)*$/)
    }
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length)
  })
})

test('the steps of a session are told apart', () => {
  const session = {
    protocol: 'smtp', name: 'mx[192.0.2.1]:25', endpoint: { host: 'mx', address: '192.0.2.1', port: 25, tls: 'starttls' }, connected: 20, tls: { elapsed: 45 },
    transcript: [
      { from: 'S', line: '220 mx', at: 100 }, { from: 'C', line: 'EHLO p', at: 100 }, { from: 'S', line: '250-mx', at: 150 }, { from: 'S', line: '250 STARTTLS', at: 155 },
      { from: 'C', line: 'STARTTLS', at: 155 }, { from: 'S', line: '220 go', at: 185 }, { from: '*', line: 'tls TLSv1.3', at: 230 },
      { from: 'C', line: 'EHLO p', at: 230 }, { from: 'S', line: '250 mx', at: 260 }, { from: 'C', line: 'AUTH PLAIN ***', at: 260 }, { from: 'S', line: '535 no', at: 1260 }, { from: 'C', line: 'QUIT', at: 1260 },
    ],
  } as unknown as SmtpFacts
  expect(phasesOf(session)).toEqual([['connect', 20], ['greeting', 100], ['ehlo', 55], ['starttls', 30], ['handshake', 45], ['auth', 1000]])
})

test('a run that broke changes no verdict', () => {
  const before = { ...emptyRecord, standings: standings(standing('a')) }
  const run = { module: 'sessions', endedAt: new Date(9000), seconds: 1, success: false }
  const after = applyChange(before, changeOf(before, null, run))
  expect(after.standings).toBe(before.standings)
  expect(after.runs.get('sessions')).toEqual({ endedAt: 9000, seconds: 1, success: false })
})
