import { describe, expect, test } from 'vitest'
import { afterRun, keyOf, type JudgedFinding, type Standings } from '../../src/monitor/verdicts.ts'

const finding = (check: string, subject: string, verdict: JudgedFinding['verdict'], code: string | null = null): JudgedFinding =>
  ({ domain: 'example.com', check, subject, severity: 'error', verdict, code })

/** Runs one after the other, a second apart; the last one’s standings as `check subject: state (unknown reason) @decided`. */
function runs(...sequence: (readonly JudgedFinding[] | { module: string; findings: readonly JudgedFinding[]; at?: number })[]): string[] {
  let standings: Standings = new Map()
  for (const [i, run] of sequence.entries()) {
    const { module, findings, at = i + 1 } = 'module' in run ? run : { module: 'sessions', findings: run }
    standings = afterRun(standings, { module, findings, endedAt: at })
  }
  return [...standings.values()].map(standing =>
    `${keyOf(standing)}: ${standing.state ?? 'undecided'}${standing.unknown ? ` (${standing.unknown})` : ''}${standing.decidedAt === null ? '' : ` @${standing.decidedAt}`}`)
}

const mx1 = 'mx1.example.com[192.0.2.1]:25'
const opens = (verdict: JudgedFinding['verdict'], code: string | null = null, subject = mx1) => finding('smtp/session-opens', subject, verdict, code)

describe('what stands', () => {
  test('the last decided verdict, with the time of the decision', () => {
    expect(runs([opens('pass')], [opens('fail', 'failed')], [opens('fail', 'failed')])).toEqual([`smtp/session-opens ${mx1}: fail @3`])
  })

  test('a fail that becomes untestable is still a fail, since when it was', () => {
    expect(runs([opens('fail', 'failed')], [opens('unknown', 'connect-timeout')])).toEqual([`smtp/session-opens ${mx1}: fail (connect-timeout) @1`])
    expect(runs([opens('fail', 'failed')], [opens('unknown', 'connect-timeout')], [opens('pass')])).toEqual([`smtp/session-opens ${mx1}: pass @3`])
  })

  test('what never was decided has no state', () => {
    expect(runs([opens('unknown', 'local-egress-blocked')])).toEqual([`smtp/session-opens ${mx1}: undecided (local-egress-blocked)`])
  })

  test('skipped checks have none', () => {
    expect(runs([opens('skip', 'not-applicable')])).toEqual([])
    expect(runs([opens('fail', 'failed')], [opens('skip', 'deferred')])).toEqual([])
  })

  test('a subject that is gone is gone', () => {
    expect(runs([opens('fail', 'failed'), opens('pass', null, 'mx2[192.0.2.2]:25')], [opens('pass', null, 'mx2[192.0.2.2]:25')]))
      .toEqual(['smtp/session-opens mx2[192.0.2.2]:25: pass @2'])
  })

  test('a subject that cannot be seen is not gone', () => {
    expect(runs([opens('fail', 'failed')], [opens('unknown', 'dns-servfail', 'example.com')])).toEqual([
      'smtp/session-opens example.com: undecided (dns-servfail)', `smtp/session-opens ${mx1}: fail (dns-servfail) @1`,
    ])
  })

  test('nor is a fail taken back while names do not resolve, for a day', () => {
    const hidden = [opens('pass', null, 'mx2[192.0.2.2]:25'), finding('mx/every-host-resolves', 'mx1.example.com', 'unknown', 'dns-timeout')]
    expect(runs([opens('fail', 'failed')], hidden)).toContain(`smtp/session-opens ${mx1}: fail (dns-timeout) @1`)
    expect(runs([opens('pass')], hidden)).not.toContain(`smtp/session-opens ${mx1}: pass (dns-timeout) @1`)
    expect(runs([opens('fail', 'failed')], { module: 'sessions', findings: hidden, at: 90_000_000 })).toHaveLength(2)
  })

  test('each module speaks for what it judges', () => {
    const spf = finding('spf/record-exists', 'example.com', 'fail', 'failed')
    expect(runs({ module: 'dns', findings: [spf] }, { module: 'sessions', findings: [opens('pass')] })).toEqual([
      'spf/record-exists example.com: fail @1', `smtp/session-opens ${mx1}: pass @2`,
    ])
  })

  test('a check that a module no longer runs is gone', () => {
    expect(runs([opens('fail', 'failed'), finding('imap/reachable', 'x', 'pass')], [finding('imap/reachable', 'x', 'pass')])).toEqual(['imap/reachable x: pass @2'])
  })
})

test('block lists are damped, and nothing else is', () => {
  const states = (check: string, verdicts: string): string => {
    let standings: Standings = new Map()
    return verdicts.split('').map((verdict, i) => {
      standings = afterRun(standings, { module: 'deep', endedAt: i, findings: [finding(check, '192.0.2.1', verdict === 'F' ? 'fail' : verdict === 'P' ? 'pass' : 'unknown', verdict === '?' ? 'dns-timeout' : null)] })
      return standings.get(`${check} 192.0.2.1`)?.state === 'fail' ? 'F' : 'P'
    }).join('')
  }
  expect(states('reputation/address-unlisted', 'PFPFFPPP')).toBe('PPPFFFPP')
  expect(states('reputation/address-unlisted', 'FFP?PP')).toBe('FFFFPP')
  expect(states('reputation/address-unlisted', 'F')).toBe('F')
  expect(states('smtp/session-opens', 'PFPF')).toBe('PFPF')
})
