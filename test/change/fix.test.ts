import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { notations, renderFix } from '../../src/change/fix-notations.ts'
import { judgeFix } from '../../src/change/fix-verdict.ts'
import { fixedSets, proposalsOf, setKey, type LiveSet } from '../../src/change/fix.ts'
import { mergeTexts } from '../../src/change/merge-text.ts'
import { settleFix } from '../../src/change/settle-fix.ts'
import type { Remedy } from '../../src/checks/define.ts'
import type { ReportedFinding } from '../../src/report/report.ts'
import { parseZone } from '../../src/syntax/zone.ts'
import { expectGolden } from '../report/golden.ts'
import { sample } from '../report/sample.ts'

describe('two changes of one text', () => {
  test.each([
    ['v=spf1 a mx ?all', 'v=spf1 a mx ~all', 'v=spf1 mx ?all', 'v=spf1 mx ~all'],
    ['v=spf1 a b c -all', 'v=spf1 a c -all', 'v=spf1 a b -all', 'v=spf1 a -all'],
    ['v=spf1 a -all', 'v=spf1 a ip4:192.0.2.1 -all', 'v=spf1 x a -all', 'v=spf1 x a ip4:192.0.2.1 -all'],
    ['v=spf1 a -all', 'v=spf1 a ip4:192.0.2.1 -all', 'v=spf1 a ip4:192.0.2.2 -all', 'v=spf1 a ip4:192.0.2.1 ip4:192.0.2.2 -all'],
    ['v=spf1 a ?all', 'v=spf1 a ~all', 'v=spf1 a -all', null],
    ['v=spf1 a', 'v=spf1 a', 'v=spf1 b', 'v=spf1 b'],
    ['v=DMARC1; p=none', 'v=DMARC1; p=quarantine', 'v=DMARC1; p=none; rua=mailto:a@example.com', 'v=DMARC1; p=quarantine; rua=mailto:a@example.com'],
    ['v=DMARC1; rua=mailto:a@example.com; pct=50', 'v=DMARC1; rua=mailto:a@example.com', 'v=DMARC1; p=none; rua=mailto:a@example.com; pct=50', 'v=DMARC1; p=none; rua=mailto:a@example.com'],
    ['v=DMARC1; p=none', 'v=DMARC1; p=quarantine', 'v=DMARC1; p=reject', null],
    ['v=DMARC1; p=none; p=none', 'v=DMARC1; p=none', 'v=DMARC1; p=reject', null],
  ])('%s: %s and %s', (base, one, other, merged) => {
    expect(mergeTexts(base, one, other)).toBe(merged)
    if (merged === null) expect(mergeTexts(base, other, one)).toBe(null)
  })

  test('one change alone is that change', () => {
    const record = fc.array(fc.constantFrom('a', 'mx', 'include:x.example', 'ip4:192.0.2.1', '-all', '~all')).map(terms => ['v=spf1', ...terms].join(' '))
    fc.assert(fc.property(record, record, (base, changed) => {
      expect(mergeTexts(base, base, changed)).toBe(changed)
      expect(mergeTexts(base, changed, base)).toBe(changed)
      expect(mergeTexts(base, changed, changed)).toBe(changed)
    }))
  })
})

const finding = (check: string, records: Remedy['records'], severity: ReportedFinding['severity'] = 'error'): ReportedFinding => ({
  domain: 'example.com', check, subject: 'example.com', verdict: 'fail', severity, question: 'send', code: 'failed', args: {}, detail: null, evidence: [],
  message: `${check} is broken`, remedy: { text: `Mend ${check}.`, ...records ? { records } : {} },
})

/** The RRsets as they are to be, and why some findings are left out. */
function fixed(zone: string, ...findings: ReportedFinding[]): { sets: Record<string, string[]>; refused: string[] } {
  const { proposals, refused } = proposalsOf(findings, 'example.com')
  const live = new Map<string, LiveSet>()
  const { records } = parseZone(zone)
  for (const { name, type } of proposals.flatMap(({ set, remove }) => [...set, ...remove])) {
    live.set(setKey(name, type), { records: records.filter(record => record.name === name && record.type === type), alias: type !== 'CNAME' && records.some(record => record.name === name && record.type === 'CNAME') })
  }
  const result = fixedSets(proposals, live)
  return {
    sets: Object.fromEntries(result.sets.map(({ name, type, records: own }) => [`${name} ${type}`, own.map(({ text }) => text)])),
    refused: [...refused, ...result.refused].map(({ finding: { check }, because }) => `${check}: ${because}`),
  }
}
const txt = (name: string, text: string): string => `${name}. TXT "${text}"`

describe('record sets', () => {
  test('keep what nobody speaks of', () => {
    const zone = [txt('example.com', 'v=spf1 ?all'), txt('example.com', 'site=1'), 'example.com. MX 10 a.example.com.', 'example.com. MX 20 b.example.com.'].join('\n')
    expect(fixed(zone, finding('spf/x', { set: [txt('example.com', 'v=spf1 -all')] }), finding('mx/x', { remove: ['example.com. MX 20 b.example.com.'] }))).toEqual({
      sets: { 'example.com TXT': ['"v=spf1 -all"', '"site=1"'], 'example.com MX': ['10 a.example.com.'] }, refused: [],
    })
  })

  test('several remedies make one record; the gravest has the first word where they contradict', () => {
    const zone = txt('_dmarc.example.com', 'v=DMARC1; p=none')
    const change = (check: string, text: string, severity: ReportedFinding['severity']) => finding(check, { set: [txt('_dmarc.example.com', text)], remove: [txt('_dmarc.example.com', 'v=DMARC1; p=none')] }, severity)
    expect(fixed(zone, change('dmarc/a', 'v=DMARC1; p=quarantine', 'warning'), change('dmarc/b', 'v=DMARC1; p=reject', 'error'), change('dmarc/c', 'v=DMARC1; p=none; rua=mailto:x@example.com', 'notice'))).toEqual({
      sets: { '_dmarc.example.com TXT': ['"v=DMARC1; p=reject; rua=mailto:x@example.com"'] },
      refused: ['dmarc/a: it contradicts what cures dmarc/b at _dmarc.example.com TXT'],
    })
  })

  test('of several records that become one, one is left', () => {
    const zone = [txt('example.com', 'v=spf1 a -all'), txt('example.com', 'v=spf1 mx -all')].join('\n')
    expect(fixed(zone, finding('spf/record-single', { set: [txt('example.com', 'v=spf1 a mx -all')], remove: [txt('example.com', 'v=spf1 a -all'), txt('example.com', 'v=spf1 mx -all')] })).sets)
      .toEqual({ 'example.com TXT': ['"v=spf1 a mx -all"'] })
  })

  test('a null MX and an alias stand alone', () => {
    expect(fixed('example.com. MX 10 a.example.com.', finding('mx/x', { set: ['example.com. MX 0 .'] })).sets).toEqual({ 'example.com MX': ['0 .'] })
    expect(fixed('', finding('mx/x', { set: ['example.com. MX 0 .'] }), finding('mx/y', { set: ['example.com. MX 10 b.example.com.'] })).refused).toHaveLength(1)
    expect(fixed('s1._domainkey.example.com. CNAME a.example.net.', finding('dkim/x', { set: [txt('s1._domainkey.example.com', 'v=DKIM1; p=')] })).refused)
      .toEqual(['dkim/x: s1._domainkey.example.com is an alias: the record belongs where it leads to'])
  })

  test('of other people, and those that come after something else, are told apart', () => {
    expect(fixed('', finding('dmarc/x', { set: [txt('example.com._report._dmarc.example.net', 'v=DMARC1')] }), finding('mta-sts/record-exists', { set: [txt('_mta-sts.example.com', 'v=STSv1; id=1;')] }))).toEqual({
      sets: {}, refused: ['dmarc/x: example.com._report._dmarc.example.net is not a name of example.com: whoever has that zone publishes it', 'mta-sts/record-exists: the policy file comes first, and then the record that announces it'],
    })
  })

  test('what changes nothing is no change', () => {
    expect(fixed(txt('example.com', 'v=spf1 -all'), finding('spf/x', { set: [txt('example.com', 'v=spf1 -all')] })).sets).toEqual({})
  })
})

describe('the verdict about a fix', () => {
  const as = (one: ReportedFinding, rest: Partial<ReportedFinding>): ReportedFinding => ({ ...one, ...rest })
  const a = finding('dmarc/a', {})
  const b = finding('dmarc/b', {}, 'warning')
  const passed = { verdict: 'pass', code: null } as const
  const judged = (before: ReportedFinding[], after: ReportedFinding[]) => {
    const { cured, laidBare, worse } = judgeFix(before, after)
    return [cured, laidBare, worse].map(list => list.map(({ check }) => check))
  }
  test.each([
    ['cured', [a], [as(a, passed)], [['dmarc/a'], [], []]],
    ['not decided any more', [a], [as(a, { verdict: 'unknown', code: 'planned' })], [[], [], []]],
    ['passed over because it is planned', [as(a, { check: 'dns/a' })], [as(a, { check: 'dns/a', verdict: 'skip', code: 'not-applicable' })], [[], [], []]],
    ['fails for another reason', [a], [as(a, { code: 'other' })], [[], [], ['dmarc/a']]],
    ['was fine before', [a, as(b, passed)], [as(a, passed), b], [['dmarc/a'], [], ['dmarc/b']]],
    ['was hidden before, and is lesser', [a, as(b, { verdict: 'skip', code: 'deferred' })], [as(a, passed), b], [['dmarc/a'], ['dmarc/b'], []]],
    ['was hidden before, and is as grave', [b, as(b, { check: 'dmarc/c', verdict: 'skip' })], [as(b, passed), as(b, { check: 'dmarc/c' })], [['dmarc/b'], [], ['dmarc/c']]],
  ])('%s', (_, before, after, expected) => expect(judged(before, after)).toEqual(expected))
})

test('what does harm is left out, and the rest stays', async () => {
  const findings = [finding('spf/a', { set: [txt('example.com', 'v=spf1 -all')] }), finding('dmarc/b', { set: [txt('_dmarc.example.com', 'v=DMARC1; p=reject')] })]
  const fix = await settleFix(sample({ findings }), {
    ask: () => Promise.resolve({ records: [], alias: false }),
    judge: sets => Promise.resolve(sample({ findings: [
      ...findings.map(one => sets.some(({ cures }) => cures.some(({ check }) => check === one.check)) ? { ...one, verdict: 'pass' as const, code: null } : one),
      ...sets.some(({ name }) => name.startsWith('_dmarc')) ? [finding('dmarc/c', undefined)] : [],
    ] })),
  })
  expect(fix.sets.map(({ name }) => name)).toEqual(['example.com'])
  expect(fix.cured.map(({ check }) => check)).toEqual(['spf/a'])
  expect(fix.refused.map(({ finding: { check }, because }) => `${check}: ${because}`)).toEqual(['dmarc/b: then dmarc/c fails: dmarc/c'])
})

test('two faults that a check tells of one after the other are cured together', async () => {
  const first = finding('spf/a', { set: [txt('example.com', 'v=spf1 mx ?all')] })
  const second = { ...finding('spf/a', { set: [txt('example.com', 'v=spf1 mx -all')], remove: [txt('example.com', 'v=spf1 mx ?all')] }), code: 'other' }
  const fix = await settleFix(sample({ findings: [first] }), {
    ask: name => Promise.resolve({ records: parseZone(txt(name, 'v=spf1 mx mx ?all')).records, alias: false }),
    judge: ([set]) => Promise.resolve(sample({ findings: [set?.records[0]?.text.includes('-all') ? { ...first, verdict: 'pass', code: null } : second] })),
  })
  expect(fix.sets.map(({ records }) => records.map(({ text }) => text))).toEqual([['"v=spf1 mx -all"']])
  expect([fix.cured.map(({ check }) => check), fix.refused]).toEqual([['spf/a'], []])
})

describe('where nothing fails, the fix says', () => {
  const passed = { ...finding('spf/a', undefined), verdict: 'pass', code: null } as const
  const skipped = { ...passed, verdict: 'skip', code: 'not-applicable', detail: 'the domain sends no mail\u001b' } as const
  const silent = { ...passed, verdict: 'unknown', code: 'dns-timeout', detail: '192.0.2.53 does not answer' } as const
  const absent = { mx: { answer: { rcode: 'NXDOMAIN', aliases: [] } } }
  test.each<[string, ReportedFinding[], Record<string, unknown>, RegExp]>([
    ['that there is nothing to fix', [passed], {}, /^; Nothing fails: there is nothing to fix\.\n$/],
    ['what could not be tested', [passed, silent], {}, /^; Nothing fails of what could be tested; 1 could not be \(mailcheck check says why\)\.\n$/],
    ['that nothing could be tested', [silent, skipped], {}, /^; Nothing could be tested, so what there is to fix cannot be told\.\n; 1 check could not be tested: .*: spf\/a of example\.com\n$/],
    ['that nothing was judged', [skipped], {}, /^; Nothing was judged: none of the checks applies to example\.com\.\n; the domain sends no mail\\x1b\n$/],
    ['that there is no such domain', [skipped], absent, /^; example\.com does not exist in the DNS: before it does, there is nothing that a record mends\.\n$/],
    ['the same, whatever holds elsewhere', [passed], absent, /^; example\.com does not exist/],
  ])('%s', (_, findings, facts, expected) => {
    const text = renderFix({ report: sample({ findings, facts }), sets: [], cured: [], laidBare: [], refused: [], others: [] }, 'bind')
    expect(text.slice(text.indexOf('\n') + 1)).toMatch(expected)
  })
})

describe('notations', () => {
  const hostile = finding('spf/x', { set: [txt('example.com', 'v=spf1 exists:%{ir}.${x}.example.com -all')] })
  const zone = `${txt('example.com', 'v=spf1 ?all')}\nexample.com. MX 10 a.example.com.\nold.example.com. CNAME gone.example.net.\n`
  const findings = [
    { ...hostile, message: 'line\none */ ; # // \u001b[31m' }, finding('mx/x', { set: ['example.com. MX 20 b.example.com.'] }),
    finding('dmarc/x', { set: [txt('_dmarc.example.com', 'v=DMARC1; p=reject; rua=mailto:d@example.com')] }),
    finding('dane/x', { set: ['_25._tcp.a.example.com. TLSA 3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b856'] }),
    finding('caa/x', { set: ['example.com. CAA 0 issue "ca.example"'] }), finding('dns/x', { remove: ['old.example.com. CNAME gone.example.net.'] }),
    finding('dkim/x', { set: [`s1._domainkey.example.com. TXT "v=DKIM1; p=${'A'.repeat(200)}" "${'B'.repeat(100)}"`] }),
    finding('smtp/x', undefined), finding('dmarc/y', { set: [txt('example.com._report._dmarc.example.net', 'v=DMARC1')] }, 'notice'),
  ]
  const live = parseZone(zone).records
  const fix = settleFix(sample({ findings }), {
    ask: (name, type) => Promise.resolve({ records: live.filter(record => record.name === name && record.type === type), alias: false }),
    judge: () => Promise.resolve(sample({ findings: findings.map(one => one.check === 'smtp/x' || one.check === 'dmarc/y' ? one : { ...one, verdict: 'pass', code: null }) })),
  })

  test.each(notations)('%s is kept in review', async notation => {
    const text = renderFix(await fix, notation)
    expectGolden(`fix/${notation}.txt`, text)
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })

  test('BIND is read back: the sets, and what goes', async () => {
    const { records, special, errors } = parseZone(renderFix(await fix, 'bind'))
    expect(errors).toEqual([])
    expect(records).toHaveLength(7)
    expect(special).toMatchObject([{ name: 'old.example.com', type: 'CNAME', word: 'none' }])
  })

  test('octoDNS is YAML, with semicolons escaped', async () => {
    const entries = parse(renderFix(await fix, 'octodns')) as Record<string, { type: string; value?: unknown; values?: unknown[] }[]>
    expect(entries['_dmarc']).toEqual([{ type: 'TXT', ttl: 3600, value: 'v=DMARC1\\; p=reject\\; rua=mailto:d@example.com' }])
    expect(entries['']).toContainEqual({ type: 'MX', ttl: 3600, values: [{ exchange: 'a.example.com.', preference: 10 }, { exchange: 'b.example.com.', preference: 20 }] })
    expect(entries['s1._domainkey']?.[0]?.value).toBe(`v=DKIM1\\; p=${'A'.repeat(200)}${'B'.repeat(100)}`)
  })

  test('macros of SPF are no templates of Terraform', async () => {
    expect(renderFix(await fix, 'terraform-route53')).toContain('"v=spf1 exists:%%{ir}.$${x}.example.com -all"')
    expect(renderFix(await fix, 'terraform-cloudflare')).toContain('%%{ir}.$${x}.example.com')
  })
})
