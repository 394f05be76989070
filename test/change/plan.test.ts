import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareReports, isRegression } from '../../src/change/compare.ts'
import { planJson } from '../../src/change/plan-json.ts'
import { planJsonSchema } from '../../src/change/plan-schema.ts'
import { renderPlan } from '../../src/change/plan-text.ts'
import type { PlanReport } from '../../src/change/plan.ts'
import { makePlan } from '../../src/commands/plan-report.ts'
import { planStatus } from '../../src/commands/plan-run.ts'
import { plannedRecords, type PlannedFlags } from '../../src/commands/planned-records.ts'
import { checks } from '../../src/index.ts'
import { formatCassette, parseCassette } from '../../src/network/cassette.ts'
import { memo } from '../../src/network/memo.ts'
import type { Network } from '../../src/network/network.ts'
import { createRecorder, record } from '../../src/network/record.ts'
import { replay } from '../../src/network/replay.ts'
import type { ReportedFinding } from '../../src/report/report.ts'
import { violations } from '../report/json-schema.ts'
import { createWorld } from '../world.ts'
import { domain } from './planned.ts'

const key = 'v=DKIM1; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxIK'
const zone = `
  ; secure example.com
  example.com SOA ns1.example.com hostmaster.example.com 2026112201 7200 1800 1209600 300
  example.com NS ns1.example.com
  example.com 7200 MX 10 mx1.example.com
  example.com TXT "v=spf1 ip4:9.9.9.0/24 -all"
  _dmarc.example.com TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
  s1._domainkey.example.com TXT "${key}"
  _mta-sts.example.com TXT "v=STSv1; id=1;"
  mta-sts.example.com A 9.9.9.80
  mx1.example.com A 9.9.9.1
  _25._tcp.mx1.example.com TLSA 3 1 1 {mx1.example.com}
  _imaps._tcp.example.com SRV 0 1 993 mail.example.com
  mail.example.com A 9.9.9.5
  ns1.example.com A 9.9.9.53`
const pages = { 'https://mta-sts.example.com/.well-known/mta-sts.txt': 'version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n' }
const topics = new Set(['mx', 'spf', 'dkim', 'dmarc', 'mta-sts', 'dane', 'dns', 'smtp', 'imap'])

const folder = mkdtempSync(join(tmpdir(), 'mailcheck-plan-'))
const emptyZone = join(folder, 'empty.zone')
beforeAll(() => writeFileSync(emptyZone, '; nothing\n$ORIGIN example.com.\n'))
afterAll(() => rmSync(folder, { recursive: true }))

async function plan(flags: PlannedFlags, more: { senders?: { address: string; mailFrom?: string }[] } = {}): Promise<PlanReport> {
  return planOver(await createWorld({ zone, pages }), flags, more)
}

async function planOver(live: Network, flags: PlannedFlags, more: { senders?: { address: string; mailFrom?: string }[] } = {}): Promise<PlanReport> {
  const network = memo(live)
  return makePlan({ domain, shownAs: domain }, await plannedRecords(flags, domain, network), {
    network, checks: checks.filter(({ topic }) => topics.has(topic)), config: { at: () => '', domains: new Map([[domain, more]]) }, flags: { ehloName: 'probe.example.net', vantage: [] }, deadline: 20_000,
  })
}

const told = ({ changes }: PlanReport): string[] => changes.map(({ kind, finding, causes }) =>
  `${kind} ${finding.check} ${finding.subject} ${finding.code ?? ''} <- ${[...new Set(causes.map(({ name, type }) => `${name} ${type}`))].join(', ')}`)

describe('what a plan changes', () => {
  test('nothing, when it says what is there already', async () => {
    const report = await plan({ set: ['@ 7200 MX 10 mx1', '_dmarc 7200 TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"'] })
    expect(told(report)).toEqual([])
    expect(report.steps).toEqual([])
    expect(report.meaning).toEqual({ spf: null, alignment: [], uncovered: [], selectors: [], dangling: [] })
    expect(report.idle).toBe('the plan changes nothing that was looked at: what --set says of example.com is there already, or no check asked for it')
  })

  test.each<[string, PlannedFlags, RegExp]>([
    ['an empty file', { zone: [emptyZone] }, /^the plan changes nothing: there is no record in .*\.zone$/],
    ['records of somebody else', { set: ['other.example. TXT "x"'] }, /^the plan changes nothing: --set has no record of example\.com, and nothing that was asked depends on the others$/],
    ['a record that nobody asks for', { set: ['wiki A 9.9.9.80'] }, /or no check asked for it$/],
  ])('%s is told in text and JSON, and is no regression', async (_, flags, because) => {
    const report = await plan(flags)
    expect(report.idle).toMatch(because)
    expect(report.notes.at(-1)).toMatchObject({ message: report.idle, place: { line: 1, name: domain } })
    const text = renderPlan(report, { width: 400, colour: false, checks, quiet: true })
    expect(text).toContain(report.idle)
    expect(text).toMatch(/\nThe plan changes nothing\n$/)
    expect(violations(JSON.parse(planJson(report)), planJsonSchema(checks))).toEqual([])
    expect(planStatus(report, { failOn: 'notice', strict: true, all: false })).toBe(0)
  })

  test('an empty file that is the whole zone is another matter', async () => {
    const report = await plan({ zone: [emptyZone], complete: true })
    expect(report.idle).toBe(null)
    expect(report.changes.filter(isRegression).length).toBeGreaterThan(0)
  })

  test('a finding that appears names the planned record; one that disappears, too', async () => {
    const worse = await plan({ set: ['_dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"'] })
    expect(told(worse)).toContain('appeared dmarc/policy-enforced example.com failed <- _dmarc.example.com TXT')
    expect(worse.changes[0]?.causes).toEqual([{ file: '--set', line: 1, column: 1, name: '_dmarc.example.com', type: 'TXT' }])
    const policy = (all: boolean, failOn: 'error' | 'warning') => planStatus(worse, { failOn, strict: false, all })
    expect([policy(false, 'error'), policy(false, 'warning')]).toEqual([0, 1])
    expect(planStatus({ ...worse, changes: [] }, { failOn: 'warning', strict: false, all: true })).toBe(1)
  })

  test('a host that is new and does not answer is no regression', async () => {
    const report = await plan({ set: ['@ MX 10 mx1', '@ MX 20 mx2', 'mx2 A 9.9.9.2'] })
    expect(report.changes.filter(change => isRegression(change) && change.finding.check.startsWith('smtp/'))).toEqual([])
    expect(report.undecided.map(({ finding }) => `${finding.check} ${finding.subject} ${finding.code ?? ''}`)).toContain('smtp/session-opens mx2.example.com[9.9.9.2]:25 planned')
    expect(planStatus({ ...report, changes: [] }, { failOn: 'critical', strict: true, all: false })).toBe(3)
    expect(report.meaning.uncovered.map(({ host, by }) => `${host} ${by}`)).toEqual(['mx2.example.com mta-sts', 'mx2.example.com tlsa'])
    expect(report.steps.map(({ text }) => text.split(' ').slice(0, 2).join(' '))).toEqual(['Serve an', 'Publish the', 'See that'])
  })

  test('recorded, and replayed, is the same plan to the octet', async () => {
    const flags = { set: ['_dmarc TXT "v=DMARC1; p=reject"', '@ MX 10 mx1', '@ MX 20 mx2', 'mx2 A 192.0.2.26'], delete: ['s1._domainkey TXT'] }
    const recorder = createRecorder()
    const made = await planOver(record(await createWorld({ zone, pages }), recorder), flags)
    const { cassette, errors } = parseCassette(formatCassette(recorder.cassette()))
    expect(errors).toEqual([])
    expect(planJson(await planOver(replay(cassette), flags))).toBe(planJson(made))
    expect(made.changes.length).toBeGreaterThan(0)
  })

  test('what SPF gains and loses, exactly', async () => {
    const { meaning, steps } = await plan({ set: ['@ TXT "v=spf1 ip4:9.9.9.0/25 ip6:2620:fe::/64 -all"'] })
    expect(meaning.spf).toMatchObject({
      gained: { ipv4: { addresses: '0', ranges: [] }, ipv6: { addresses: '18446744073709551616', ranges: ['2620:fe::/64'] } },
      lost: { ipv4: { addresses: '128', ranges: ['9.9.9.128/25'] }, ipv6: { ranges: [] } }, causes: [{ name: domain, type: 'TXT' }],
    })
    expect(steps.map(({ wait }) => wait)).toEqual([7200, null, null])
  })

  test('senders whose DMARC alignment changes', async () => {
    const { meaning } = await plan({ set: ['@ TXT "v=spf1 -all"'] }, { senders: [{ address: '9.9.9.9', mailFrom: 'example.com' }] })
    expect(meaning.alignment).toMatchObject([{ sender: '9.9.9.9', before: 'aligned', after: 'not-aligned', because: 'SPF of example.com gives fail' }])
  })

  test('selectors, and what still points at something removed', async () => {
    const { meaning, steps } = await plan({ delete: ['s1._domainkey TXT', 'mail A', 'mx1 A'], set: [`s2._domainkey TXT "${key}"`] })
    expect(meaning.selectors.map(({ name, change }) => `${name} ${change}`).toSorted()).toEqual(['s1._domainkey.example.com vanishes', 's2._domainkey.example.com appears'])
    expect(meaning.dangling.map(({ name, type, target }) => `${name} ${type} ${target}`)).toEqual(['_imaps._tcp.example.com SRV mail.example.com', 'example.com MX mx1.example.com'])
    expect(steps.find(({ text }) => text.startsWith('Stop signing with s1'))?.wait).toBe(604_800)
  })

  test('a TLSA record is published beside the old one, for twice the TTL, before the certificate is swapped', async () => {
    const { steps } = await plan({ set: [`_25._tcp.mx1 TLSA 3 1 1 ${'ab'.repeat(32)}`] })
    expect(steps.map(({ text, wait }) => `${text.split(' ').slice(0, 2).join(' ')} ${String(wait)}`)).toEqual(['Publish the 14400', 'Swap the null', 'Remove the null'])
  })

  test('the new policy is served before its id is raised; leaving MTA-STS takes max_age', async () => {
    expect((await plan({ set: ['_mta-sts TXT "v=STSv1; id=2;"'] })).steps.map(({ text }) => text)).toEqual([expect.stringContaining('before you raise the id') as string])
    expect((await plan({ delete: ['_mta-sts TXT'] })).steps.map(({ wait }) => wait)).toEqual([604_800, null])
  })

  test('checks that compare name servers skip what is planned, and do not call it mended', async () => {
    const report = await plan({ set: ['@ 30 MX 10 mx1.example.com', '@ 30 TXT "v=spf1 ip4:9.9.9.9 -all"'] })
    expect(told(report).filter(line => line.includes(' dns/'))).toEqual([])
  })

  test('text and JSON say the same, and nothing that a terminal would obey', async () => {
    const report = await plan({ set: ['@ TXT "v=spf1 \\027[31m -all"', '@ MX 10 mx1', '@ MX 20 mx2'] })
    const text = renderPlan(report, { width: 80, colour: false, checks })
    expect(text).toMatch(/^example\.com: what the planned records change\n/)
    expect(text).toContain('planned  --set example.com TXT')
    expect(text).not.toMatch(/\u001b/)
    const json = JSON.parse(planJson(report)) as PlanReport & { schema: string }
    expect([json.schema, json.changes.length, json.steps.length]).toEqual(['mailcheck.plan/1', report.changes.length, report.steps.length])
    expect(violations(json, planJsonSchema(checks))).toEqual([])
    expect(violations({ ...json, steps: [{ text: 'wait', wait: -1, places: [] }], extra: 1 }, planJsonSchema(checks))).toHaveLength(2)
  })
})

describe('compareReports', () => {
  const finding = (more: Partial<ReportedFinding>): ReportedFinding => ({
    domain, check: 'spf/x', subject: domain, verdict: 'fail', severity: 'error', question: 'send', code: 'failed', args: {}, detail: null, evidence: [], remedy: null, message: '', ...more,
  })
  const kinds = (before: ReportedFinding[], after: ReportedFinding[]): string[] => compareReports({ findings: before }, { findings: after }).changes.map(({ kind, finding: { code } }) => `${kind} ${code ?? ''}`)

  test.each<[string, Partial<ReportedFinding> | null, Partial<ReportedFinding> | null, string[]]>([
    ['the same', {}, {}, []],
    ['new', { verdict: 'pass', code: null }, {}, ['appeared failed']],
    ['new where nothing was', null, {}, ['appeared failed']],
    ['gone', {}, { verdict: 'pass', code: null }, ['disappeared failed']],
    ['another fault', {}, { code: 'other' }, ['appeared other', 'disappeared failed']],
    ['more of it', {}, { args: { count: 2 } }, ['worse failed']],
    ['less of it', { args: { lookups: 14 } }, { args: { lookups: 11 } }, ['better failed']],
    ['another value', { args: { host: 'a' } }, { args: { host: 'b' } }, []],
    ['no longer to be told', {}, { verdict: 'unknown', code: 'planned' }, []],
    ['explained by something graver', {}, { verdict: 'skip', code: 'deferred', deferredTo: 'spf/y' }, []],
    ['left by something graver', { verdict: 'skip', code: 'deferred', deferredTo: 'spf/y' }, {}, ['better failed']],
    ['skipped because it is planned', {}, { verdict: 'skip', code: 'not-applicable', detail: 'a planned change is overlaid' }, []],
  ])('%s', (_, before, after, expected) => {
    expect(kinds(before ? [finding(before)] : [], after ? [finding(after)] : [])).toEqual(expected)
  })

  test('only what appears or gets worse is a regression', () => {
    expect((['appeared', 'worse', 'better', 'disappeared'] as const).map(kind => isRegression({ kind }))).toEqual([true, true, false, false])
  })
})
