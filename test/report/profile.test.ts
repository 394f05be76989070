import { describe, expect, test } from 'vitest'
import { checks as registry } from '../../src/checks/index.ts'
import { severities } from '../../src/checks/define.ts'
import { loadProfiles, type Profile } from '../../src/data/profiles.ts'
import { exitCode } from '../../src/report/exit-code.ts'
import { renderJson } from '../../src/report/json.ts'
import { applyProfile, idsOf } from '../../src/report/profile.ts'
import { reportSchema } from '../../src/report/schema.ts'
import { renderText } from '../../src/report/text.ts'
import { violations } from './json-schema.ts'
import { checks, findings, sample } from './sample.ts'

const { profiles, checked } = await loadProfiles()

describe('the profiles', () => {
  test('are those that are promised, with title, source and date', () => {
    expect(profiles.map(({ id }) => id)).toEqual(['parked', 'gmail-bulk', 'yahoo-bulk', 'microsoft-bulk', 'internet-nl', 'bsi-tr-03108', 'm3aawg'])
    expect(checked).toMatch(/^\d{4}-\d\d-\d\d$/)
    for (const { title, source, read, requirements } of profiles) {
      for (const text of [title, source.title, read]) expect(text).toMatch(/\S/)
      expect(source.date).toMatch(/^\d{4}-\d\d(-\d\d)?$/)
      expect(requirements.length).toBeGreaterThan(2)
    }
  })

  test.each(profiles.flatMap(profile => profile.requirements.map(requirement => [`${profile.id}: ${requirement.text}`, requirement] as const)))('%s', (_, requirement) => {
    const { text, level, where, since, checks: patterns } = requirement
    expect([...severities, 'none']).toContain(level)
    expect(text.length * where.length).toBeGreaterThan(0)
    expect(since ?? '2024-02').toMatch(/^\d{4}-\d\d(-\d\d)?$/)
    expect(idsOf(requirement, registry).length).toBeGreaterThanOrEqual(patterns.length)
  })

  test('say nothing that is not read', () => {
    const keys = (value: object): string[] => Object.keys(value).toSorted()
    for (const { requirements, source, ...rest } of profiles) {
      expect(['bulk', 'context', 'id', 'read', 'title']).toEqual(expect.arrayContaining(keys(rest)))
      expect(['date', 'title', 'url']).toEqual(expect.arrayContaining(keys(source)))
      for (const requirement of requirements) expect(['checks', 'level', 'since', 'text', 'where']).toEqual(expect.arrayContaining(keys(requirement)))
    }
  })

  test('the bulk profiles switch on the rules for bulk senders, and no others do', () => {
    expect(profiles.filter(({ bulk }) => bulk).map(({ id }) => id)).toEqual(['gmail-bulk', 'yahoo-bulk', 'microsoft-bulk'])
  })
})

const profile = (requirements: Partial<Profile['requirements'][number]>[]): Profile => ({
  id: 'mine', title: 'Mine', source: { title: 'A paper', date: '2026-01' }, read: '',
  requirements: requirements.map(rest => ({ text: 'something', checks: [], level: 'error', where: '§1', ...rest })),
})
const states = (report: ReturnType<typeof sample>, ...patterns: string[][]) =>
  applyProfile(report, profile(patterns.map(list => ({ checks: list }))), checks).profile?.requirements.map(({ state, because }) => [state, because])

describe('a requirement', () => {
  test.each([
    ['met', ['domain'], ['met', []]],
    ['not met', ['domain', 'spf'], ['not-met', ['spf/within-lookup-limit', 'spf/syntax-valid']]],
    ['not met by what a graver one explains', ['mx-tls/starttls-works'], ['not-met', ['mx-tls/starttls-works']]],
    ['unknown', ['domain', 'dkim/key-found'], ['unknown', ['dkim/key-found']]],
    ['unknown without leave', ['smtp/relay-refused'], ['unknown', ['smtp/relay-refused']]],
    ['nothing that can be seen', [], ['unknown', []]],
  ])('is %s', (_, list, expected) => expect(states(sample(), list)).toEqual([expected]))

  test('is not judged when its checks are left out', () => {
    expect(states(sample({ findings: findings.filter(({ check }) => check.startsWith('domain')) }), ['spf'], ['domain', 'spf'])).toEqual([['not-judged', []], ['not-judged', []]])
  })

  test('does not apply where all is skipped', () => {
    expect(states(sample({ findings: findings.map(finding => finding.check === 'domain/exists' ? { ...finding, verdict: 'skip', code: 'not-applicable' } : finding) }), ['domain'])).toEqual([['not-applicable', []]])
  })
})

test('the level decides the status, and the severity stays', () => {
  const graded = (level: Profile['requirements'][number]['level']) => applyProfile(sample({ findings: findings.filter(({ check }) => check === 'dmarc/policy-enforced') }), profile([{ checks: ['dmarc'], level }]), checks)
  expect(graded('error').findings[0]).toMatchObject({ severity: 'warning', profile: { name: 'mine', level: 'error' } })
  const status = (level: Parameters<typeof graded>[0]) => exitCode([graded(level)], { failOn: 'error', strict: false })
  expect([status('critical'), status('error'), status('warning'), status('none')]).toEqual([1, 1, 0, 0])
})

test('the graver of two levels counts', () => {
  const report = applyProfile(sample(), profile([{ checks: ['spf'], level: 'notice' }, { checks: ['spf/syntax-valid'], level: 'critical' }, { checks: ['spf'], level: 'none' }]), checks)
  expect(report.findings.filter(({ check }) => check.startsWith('spf/')).map(({ profile: own }) => own?.level)).toEqual(['notice', 'critical'])
})

test('the list of requirements is in the text and in the schema', () => {
  const report = applyProfile(sample(), profile([{ text: 'The domain exists', checks: ['domain'] }, { text: 'SPF works', checks: ['spf'] }, { text: 'People like it' }]), checks)
  expect(renderText(report, { width: 80, colour: false, checks })).toContain([
    'Profile mine: 1 of 3 requirements met, 1 not met, 1 unknown', '  Mine (A paper, 2026-01)', '  + The domain exists (error): met',
    '  x SPF works (error): not met: spf/within-lookup-limit, spf/syntax-valid', '  ? People like it (error): unknown: it cannot be seen from outside', '',
  ].join('\n'))
  expect(violations(JSON.parse(renderJson([report])), reportSchema(checks))).toEqual([])
})
